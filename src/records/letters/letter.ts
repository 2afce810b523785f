/** What a letter keeps beside its notification: how it is posted, what it is printed on, and where it is on its way to the printer. */
import type { Postage } from "../../core/letter/postage.ts";
import type { KeyKind } from "../services/service.ts";

export interface NewLetter {
  notificationId: string;
  serviceId: string;
  /** It came as a PDF. */
  isPrecompiled: boolean;
  postage: Postage;
  /** The lines in the window, sealed; undefined until they have been read from a supplied PDF. */
  sealedAddress: Buffer | undefined;
  /** Where a supplied PDF is kept, sealed. */
  storedAs: string | undefined;
  /** Of one that has been checked before it was sent: it waits for the printer at once. */
  ready?: { pages: number; sheets: number; pdfBytes: number; pdfSha256: Buffer };
  /** The upload that it is, of one that somebody looked at before. */
  uploadId?: string;
}

export interface Letter extends Omit<NewLetter, "ready" | "uploadId"> {
  pages: number | undefined;
  sheets: number | undefined;
  /** Why it is not printed, and on which pages that shows. */
  reasonCode: string | undefined;
  reasonPages: number[] | undefined;
  pdfBytes: number | undefined;
  pdfSha256: Buffer | undefined;
  awaitsPrint: boolean;
  printRunId: string | undefined;
  handedOverAt: Date | undefined;
  despatchedAt: Date | undefined;
  returnedAt: Date | undefined;
}

/** A letter with what its notification says of it. */
export interface LetterToPrint {
  notificationId: string;
  serviceId: string;
  keyKind: KeyKind;
  status: string;
  postage: Postage;
  sealedAddress: Buffer;
  pages: number;
  sheets: number;
  storedAs: string;
  pdfBytes: number;
  pdfSha256: Buffer;
  createdAt: Date;
}
