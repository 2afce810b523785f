/** A template as people make one, with a mouse, beginning at the page of templates. */
import type { Page } from "playwright-core";
import { fill, press } from "./hands.ts";

/** Ends at the page of the new template. */
export async function writeTemplate(
  page: Page,
  kind: "Email" | "Text message",
  words: Record<string, string>,
): Promise<void> {
  await press(page, "New template");
  await page.getByLabel(kind, { exact: true }).check();
  await press(page, "Continue");
  await fill(page, words);
  await press(page, "Save");
  await page.getByText("The template was made").waitFor();
}
