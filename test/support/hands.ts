/** What hands do at a page with a mouse, and what eyes see there first. */
import type { Page } from "playwright-core";

/** Journeys that pages serve either way are walked in both; the themes take turns. */
export const EACH_WAY = [
  { way: "with JavaScript", javaScript: true, theme: "dark" },
  { way: "without JavaScript", javaScript: false, theme: "light" },
] as const;

export function press(page: Page, name: string): Promise<void> {
  return page.getByRole("button", { name, exact: true }).click();
}

export function follow(page: Page, name: string): Promise<void> {
  return page.getByRole("link", { name, exact: true }).click();
}

/** Replaces what is in fields, by their labels. */
export async function fill(page: Page, words: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(words)) await page.getByLabel(label, { exact: true }).fill(value);
}

export function heading(page: Page): Promise<string> {
  return page.getByRole("heading", { level: 1 }).innerText();
}

/** What the page says is wrong. */
export function alertOf(page: Page): Promise<string> {
  return page.getByRole("alert").innerText();
}

export function pathOf(page: Page): string {
  return new URL(page.url()).pathname;
}

/** The words of the service's navigation, its name first. */
export function navigation(page: Page): Promise<string[]> {
  return page.locator(".govuk-service-navigation").getByRole("link").allInnerTexts();
}
