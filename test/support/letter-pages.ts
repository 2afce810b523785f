/** A letter's pages where the admin shows them: pictures in a frame of their own. */
import type { FrameLocator, Page } from "playwright-core";

/** The first letter of a process waits for the typesetter and the drawer of pages to start. */
export const PAGES_WITHIN_MS = 30_000;

export function letterPagesOf(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Preview of the letter"]');
}

/** Resolves when the frame shows so many pages. */
export async function untilPagesShow(page: Page, count: number): Promise<void> {
  await letterPagesOf(page).getByAltText(`Page ${count} of ${count}`).waitFor({ timeout: PAGES_WITHIN_MS });
}

/** The picture of a page, as a PNG. */
export async function pictureOf(page: Page, number = 1): Promise<Buffer> {
  const source = await letterPagesOf(page)
    .locator("img")
    .nth(number - 1)
    .getAttribute("src");
  return Buffer.from(source?.split(",")[1] ?? "", "base64");
}
