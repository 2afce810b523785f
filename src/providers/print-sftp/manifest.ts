/** The list of a run's letters, for the printer: what there must be, and how to know that it is whole. It names nobody. */
import { printFileName } from "../../core/letter/print-file-name.ts";
import type { PrintRun } from "../provider.ts";

export const MANIFEST_FILE = "manifest.json";

export function writeManifest({ name, letters }: PrintRun): string {
  const sheets = letters.reduce((sum, letter) => sum + letter.sheets, 0);
  const listed = letters.map(({ notificationId, bytes, sha256, pages, sheets, postage, createdAt }) => ({
    file: printFileName({ notificationId, postage, createdAt }),
    notification_id: notificationId,
    bytes,
    sha256,
    pages,
    sheets,
    postage,
    created_at: createdAt.toISOString(),
  }));
  return `${JSON.stringify({ version: 1, run: name, count: letters.length, sheets, letters: listed }, undefined, 2)}\n`;
}
