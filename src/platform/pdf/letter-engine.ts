/** What sets a prepared letter on pages; it runs in the typesetter's thread. */
import type { Letter } from "./letter.ts";

export type EngineName = "typst" | "pdfkit";

export interface LetterEngine {
  /** The letter's own pages; attachments are not its business. */
  typeset(letter: Letter): Promise<{ pdf: Uint8Array; pages: number }>;
}
