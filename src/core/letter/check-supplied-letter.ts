/**
 * Decides on a letter that came as a PDF, from what reading it found. The checks and their order are those of Notify; the first that
 * fails is the reason the letter is not printed.
 */
import type { AddressProblem } from "../address/address-problem.ts";
import { type AddressPermissions, type PostalAddress, parsePostalAddress } from "../address/postal-address.ts";
import { isA4Portrait } from "./page-geometry.ts";
import { LETTER_PAGES_MAX } from "./sheets.ts";

/** Why a letter is not printed. */
export type LetterProblem =
  | "unable-to-read-the-file"
  | "letter-too-long"
  | "letter-not-a4-portrait-oriented"
  | "content-outside-printable-area"
  | "notify-tag-found-in-content"
  | AddressProblem;

export interface SuppliedPage {
  /** As a reader sees the page: after the rotation it asks for. */
  readonly widthMm: number;
  readonly heightMm: number;
  /** There is ink outside its `inkAreas`. */
  readonly hasInkOutside: boolean;
  /** It holds the invisible word by which printers know where a letter begins. */
  readonly hasTag: boolean;
}

export type SuppliedLetter =
  | { readonly kind: "unreadable" }
  /** Of a letter with too many pages, none need have been looked at. */
  | { readonly kind: "too-long" }
  | {
      readonly kind: "read";
      readonly pages: readonly SuppliedPage[];
      /** The words in `ADDRESS_SEARCH_AREA` of the first page, line by line. */
      readonly addressText: string;
    };

export type Verdict =
  | { readonly kind: "print"; readonly address: PostalAddress }
  /** `pages` are the numbers, from 1, of those it shows on; none where it is the letter as a whole. */
  | { readonly kind: "refuse"; readonly problem: LetterProblem; readonly pages: readonly number[] };

export function checkSuppliedLetter(letter: SuppliedLetter, permissions: AddressPermissions): Verdict {
  if (letter.kind === "unreadable") return refuse("unable-to-read-the-file");
  if (letter.kind === "too-long" || letter.pages.length > LETTER_PAGES_MAX) return refuse("letter-too-long");
  if (letter.pages.length === 0) return refuse("unable-to-read-the-file");
  return checkPages(letter.pages) ?? checkAddress(letter.addressText, permissions);
}

function checkPages(pages: readonly SuppliedPage[]): Verdict | undefined {
  const pagesWhere = (isWrong: (page: SuppliedPage, index: number) => boolean): number[] =>
    pages.flatMap((page, index) => (isWrong(page, index) ? [index + 1] : []));
  const found = [
    { problem: "letter-not-a4-portrait-oriented", pages: pagesWhere((page) => !isA4Portrait(page)) },
    { problem: "content-outside-printable-area", pages: pagesWhere((page) => page.hasInkOutside) },
    { problem: "notify-tag-found-in-content", pages: pagesWhere((page, index) => index > 0 && page.hasTag) },
  ] as const;
  const first = found.find(({ pages: wrong }) => wrong.length > 0);
  return first && refuse(first.problem, first.pages);
}

/** PDFs spell with ligatures and spaces of all widths, and with accents apart from their letters: made one spelling here (Unicode NFKC). */
function checkAddress(text: string, permissions: AddressPermissions): Verdict {
  const address = parsePostalAddress(text.normalize("NFKC"), permissions);
  return typeof address === "string" ? refuse(address, [1]) : { kind: "print", address };
}

function refuse(problem: LetterProblem, pages: readonly number[] = []): Verdict {
  return { kind: "refuse", problem, pages };
}
