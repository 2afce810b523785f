/** What reading a PDF from outside finds: facts, as plain data. What they mean for a letter is decided elsewhere. */
import type { Box } from "../letter.ts";

export interface InspectionRules {
  /** Of a file with more, no page is looked at. */
  readonly pagesMax: number;
  /** Where ink may be, whatever tolerance there is counted in. */
  readonly inkAreas: { readonly firstPage: readonly Box[]; readonly otherPages: readonly Box[] };
  /** Words of the first page that touch it are read, each whole. */
  readonly textArea: Box;
  /** An invisible word in the corner of a page by which a print supplier knows where a letter begins. */
  readonly cornerTag: string;
}

export type Unreadable =
  | "empty-file"
  | "not-a-pdf"
  | "damaged"
  | "encrypted"
  | "no-pages"
  | "image-too-large"
  | "page-too-large"
  /** It asked for more time or memory than any letter needs, or broke what read it. */
  | "too-slow"
  | "too-much-memory"
  | "reader-died";

export type Inspection =
  | { readonly kind: "unreadable"; readonly why: Unreadable }
  | { readonly kind: "too-long"; readonly pageCount: number }
  | {
      readonly kind: "read";
      readonly pages: readonly InspectedPage[];
      /** The words of the text area, line by line, in Unicode's form NFKD. */
      readonly addressText: string;
      /** Names of typefaces that the file names and does not hold. */
      readonly fontsNotEmbedded: readonly string[];
      /** It holds a script, or starts a program. */
      readonly hasScript: boolean;
    };

export interface InspectedPage {
  /** As a reader sees the page: after the rotation it asks for. */
  readonly widthMm: number;
  readonly heightMm: number;
  /** In degrees clockwise: 0, 90, 180 or 270. */
  readonly rotation: number;
  readonly hasInkOutside: boolean;
  readonly hasTag: boolean;
}

export interface PictureOrder {
  readonly pdf: Uint8Array;
  /** From 1. */
  readonly page: number;
  readonly dotsPerInch: number;
  /** Ink outside them is marked; without any, nothing is. */
  readonly inkAreas?: readonly Box[];
}

export type Picture =
  | { readonly kind: "drawn"; readonly png: Uint8Array; readonly widthPx: number; readonly heightPx: number }
  | { readonly kind: "unreadable"; readonly why: Unreadable };

export interface MendOrder {
  readonly pdf: Uint8Array;
  /** Written into the corner of the first page, where it is missing. */
  readonly cornerTag?: string;
  /** Set anew in the window, over what is there. */
  readonly address?: { readonly lines: readonly string[]; readonly window: Box };
}

export type Mended =
  /** `isChanged` false: the file is the one that was given, octet for octet. */
  | { readonly kind: "mended"; readonly pdf: Uint8Array; readonly isChanged: boolean }
  | { readonly kind: "unreadable"; readonly why: Unreadable };
