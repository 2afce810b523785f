/**
 * A letter as a typesetter takes it: what stands on it, in which language, and where the window of its envelope is. Plain data, so
 * that it crosses into another thread as it is, and so that nothing in it can be taken for instructions to an engine.
 */

/** A rectangle on a page, in millimetres from the page's top left corner. */
export interface Box {
  readonly leftMm: number;
  readonly topMm: number;
  readonly rightMm: number;
  readonly bottomMm: number;
}

/** Where things stand on an A4 page, and where nothing may. */
export interface LetterGeometry {
  /** No ink outside it. */
  readonly printable: Box;
  /** What shows through the envelope. */
  readonly addressWindow: Box;
  readonly contactBlock: Box;
  readonly logo: Box;
  /** Where the first page's text begins, below the window. */
  readonly bodyTopMm: number;
}

export interface Letter {
  /** One for each language; each begins on a page of its own. */
  readonly parts: readonly LetterPart[];
  readonly logo?: LetterLogo;
  /** The moment that the file's own description gives; the same letter of the same moment is the same file. */
  readonly createdAt: Date;
  /** An invisible word in the corner of the first page by which a print supplier knows where a letter begins. */
  readonly cornerTag?: string;
  /** PDFs whose pages follow the letter's own, as they are. */
  readonly attachments?: readonly Uint8Array[];
}

export interface LetterPart {
  /** BCP 47, for screen readers and for the words of our own such as "Page 1 of 2". */
  readonly language: "en" | "cy";
  /** In the window, in capitals. A part without an address has no room kept for a window either. */
  readonly addressLines: readonly string[];
  readonly contactBlock: readonly string[];
  /** As printed; empty for none. */
  readonly date: string;
  readonly subject: readonly LetterInline[];
  readonly blocks: readonly LetterBlock[];
}

export type LetterBlock =
  | { readonly kind: "heading"; readonly content: readonly LetterInline[] }
  | { readonly kind: "paragraph"; readonly content: readonly LetterInline[] }
  /** Words without the space above and below a paragraph. */
  | { readonly kind: "lines"; readonly content: readonly LetterInline[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly LetterBlock[])[] }
  | { readonly kind: "page-break" }
  /** Error correction level M (ISO/IEC 18004). */
  | { readonly kind: "qr-code"; readonly data: string }
  /** An empty line. */
  | { readonly kind: "gap" };

export type LetterInline =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly isBold?: true;
      /** Marked with a coloured ground, as in the preview of a template. */
      readonly isPlaceholder?: true;
    }
  | { readonly kind: "line-break" };

export interface LetterLogo {
  readonly format: "svg" | "png" | "jpeg";
  readonly bytes: Uint8Array;
  /** What it shows, for people who do not see it. */
  readonly description: string;
}

export interface TypesetLetter {
  readonly pdf: Uint8Array;
  /** Attachments' pages are among them. */
  readonly pages: number;
  /** Characters that the typeface does not have, each once: something readable stands in their place. */
  readonly replacedCharacters: readonly string[];
}
