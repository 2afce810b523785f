/**
 * A letter ready to be set on paper: every value filled in, the markdown read, the typography done. Whoever sets it decides only where
 * things stand and on which page. Text is plain text, never HTML; positions and sizes are those of page-geometry.ts.
 */

/** One language's part of a letter. A bilingual letter is two, the Welsh first; each begins on a page of its own. */
export interface LetterContent {
  /** BCP 47, for screen readers: the language its words are in. */
  readonly language: "en" | "cy";
  /** One to seven lines for the address window. None in the second part of a bilingual letter, which has no window. */
  readonly addressLines: readonly string[];
  /** The sender's own block at the top right; an empty line in it is an empty string. None where the template has none. */
  readonly contactBlock: readonly string[];
  /** As printed: "4 March 2026". Empty in the second part of a bilingual letter. */
  readonly date: string;
  /** The heading of the letter. */
  readonly subject: readonly LetterInline[];
  readonly blocks: readonly LetterBlock[];
}

export type LetterBlock =
  /** Below the subject there is only one level of heading. */
  | { readonly kind: "heading"; readonly content: readonly LetterInline[] }
  | { readonly kind: "paragraph"; readonly content: readonly LetterInline[] }
  /** Words of a list item that stand without the space above and below a paragraph. */
  | { readonly kind: "lines"; readonly content: readonly LetterInline[] }
  /** Numbers begin at 1. An item holds blocks, so lists may nest. */
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly LetterBlock[])[] }
  | { readonly kind: "page-break" }
  /** A QR code (ISO/IEC 18004) at error correction level M; `data` is at most 504 octets of UTF-8. */
  | {
      readonly kind: "qr-code";
      readonly data: string;
      /** A value in the data is not given yet: in the preview of a template, its place is shown rather than a code. */
      readonly isPlaceholder?: true;
    }
  /** An empty line that its writer left at the beginning or between blocks. */
  | { readonly kind: "gap" };

export type LetterInline =
  | {
      readonly kind: "text";
      readonly text: string;
      /** Web addresses, which are printed without their scheme. */
      readonly isBold?: true;
      /** The name of a value not given yet: marked in the preview of a template, never in a letter that is sent. */
      readonly isPlaceholder?: true;
    }
  | { readonly kind: "line-break" };
