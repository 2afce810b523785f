/**
 * Decides on a letter that came as a PDF, from what reading it found. The checks and their order are those of Notify; the first that
 * fails is the reason the letter is not printed.
 */
import type { AddressProblem } from "../address/address-problem.ts";
import { type AddressPermissions, type PostalAddress, parsePostalAddress } from "../address/postal-address.ts";
import { isA4Portrait } from "./page-geometry.ts";
import { LETTER_PAGES_MAX } from "./sheets.ts";

/** Why pages are not printed, whoever they are for. */
export type PaperProblem =
  | "unable-to-read-the-file"
  | "letter-too-long"
  | "letter-not-a4-portrait-oriented"
  | "content-outside-printable-area"
  | "notify-tag-found-in-content";

/** Why a letter is not printed. */
export type LetterProblem = PaperProblem | AddressProblem;

export interface SuppliedPage {
  /** As a reader sees the page: after the rotation it asks for. */
  readonly widthMm: number;
  readonly heightMm: number;
  /** There is ink outside its `inkAreas`. */
  readonly hasInkOutside: boolean;
  /** It holds the invisible word by which printers know where a letter begins. */
  readonly hasTag: boolean;
}

/** What reading a PDF found. */
export type Paper =
  | { readonly kind: "unreadable" }
  /** Of a file with too many pages, none need have been looked at. */
  | { readonly kind: "too-long" }
  | { readonly kind: "read"; readonly pages: readonly SuppliedPage[] };

export type SuppliedLetter =
  | Exclude<Paper, { kind: "read" }>
  | (Extract<Paper, { kind: "read" }> & {
      /** The words in `ADDRESS_SEARCH_AREA` of the first page, line by line. */
      readonly addressText: string;
    });

export interface Refused<Problem extends LetterProblem = LetterProblem> {
  readonly kind: "refuse";
  readonly problem: Problem;
  /** The numbers, from 1, of the pages it shows on; none where it is the file as a whole. */
  readonly pages: readonly number[];
}

export type Verdict = { readonly kind: "print"; readonly address: PostalAddress } | Refused;

export function checkSuppliedLetter(letter: SuppliedLetter, permissions: AddressPermissions): Verdict {
  const refused = checkPaper(letter, { beginsLetter: true });
  if (refused || letter.kind !== "read") return refused ?? refuse("unable-to-read-the-file");
  return checkAddress(letter.addressText, permissions);
}

/** Pages that begin a letter may have the mark of where it begins on the first of them. */
export function checkPaper(
  paper: Paper,
  { beginsLetter }: { beginsLetter: boolean },
): Refused<PaperProblem> | undefined {
  if (paper.kind === "unreadable") return refuse("unable-to-read-the-file");
  if (paper.kind === "too-long" || paper.pages.length > LETTER_PAGES_MAX) return refuse("letter-too-long");
  if (paper.pages.length === 0) return refuse("unable-to-read-the-file");
  return checkPages(paper.pages, beginsLetter);
}

function checkPages(pages: readonly SuppliedPage[], beginsLetter: boolean): Refused<PaperProblem> | undefined {
  const pagesWhere = (isWrong: (page: SuppliedPage, index: number) => boolean): number[] =>
    pages.flatMap((page, index) => (isWrong(page, index) ? [index + 1] : []));
  const found = [
    { problem: "letter-not-a4-portrait-oriented", pages: pagesWhere((page) => !isA4Portrait(page)) },
    { problem: "content-outside-printable-area", pages: pagesWhere((page) => page.hasInkOutside) },
    {
      problem: "notify-tag-found-in-content",
      pages: pagesWhere((page, index) => page.hasTag && !(beginsLetter && index === 0)),
    },
  ] as const;
  const first = found.find(({ pages: wrong }) => wrong.length > 0);
  return first && refuse(first.problem, first.pages);
}

/** PDFs spell with ligatures and spaces of all widths, and with accents apart from their letters: made one spelling here (Unicode NFKC). */
function checkAddress(text: string, permissions: AddressPermissions): Verdict {
  const address = parsePostalAddress(text.normalize("NFKC"), permissions);
  return typeof address === "string" ? refuse(address, [1]) : { kind: "print", address };
}

function refuse<Problem extends LetterProblem>(problem: Problem, pages: readonly number[] = []): Refused<Problem> {
  return { kind: "refuse", problem, pages };
}
