/** Decides on a PDF whose pages are to go with every letter of a template, from what reading it found. */
import { checkPaper, type Paper, type PaperProblem, type Refused } from "./check-supplied-letter.ts";
import { LETTER_PAGES_MAX } from "./sheets.ts";

export type AttachmentVerdict = { readonly kind: "attach"; readonly pages: number } | Refused<PaperProblem>;

/** `ownPages` are those that the letter has without it. */
export function checkAttachment(paper: Paper, ownPages: number): AttachmentVerdict {
  const refused = checkPaper(paper, { beginsLetter: false });
  if (refused) return refused;
  const pages = paper.kind === "read" ? paper.pages.length : 0;
  if (ownPages + pages > LETTER_PAGES_MAX) return { kind: "refuse", problem: "letter-too-long", pages: [] };
  return { kind: "attach", pages };
}
