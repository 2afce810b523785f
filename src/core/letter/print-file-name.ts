/** What a letter's file is called on its way to a printer. */
import type { Postage } from "./postage.ts";

const CODES: Record<Postage, string> = {
  first: "1",
  second: "2",
  economy: "ECONOMY",
  europe: "E",
  "rest-of-world": "N",
};

/** As many characters of a letter's id as its name has. The last are the random ones of a UUIDv7 (RFC 9562 §5.7). */
const REFERENCE_CHARACTERS = 16;
const HYPHENS = /-/g;
const NOT_DIGITS = /\D/g;
const UP_TO_SECONDS = "YYYYMMDDHHMMSS".length;

export interface PrintFile {
  readonly notificationId: string;
  readonly postage: Postage;
  readonly createdAt: Date;
}

/** Notify's convention.  printFileName(…) → "NOTIFY.8F3A6C1B2D4E5F60.D.1.C.20260304120000.PDF", the moment in UTC */
export function printFileName({ notificationId, postage, createdAt }: PrintFile): string {
  const reference = notificationId.replace(HYPHENS, "").slice(-REFERENCE_CHARACTERS).toUpperCase();
  const moment = createdAt.toISOString().replace(NOT_DIGITS, "").slice(0, UP_TO_SECONDS);
  return `NOTIFY.${reference}.D.${CODES[postage]}.C.${moment}.PDF`;
}
