/** A letter in the words of the printer's API. */
import { createHash } from "node:crypto";
import type { LetterMessage } from "../provider.ts";
import { DESPATCH_METHODS } from "./options.ts";

/** What printers of window envelopes take. */
const NAME_MAX_CHARACTERS = 255;
const LINE_MAX_CHARACTERS = 45;
const COUNTRY_MAX_CHARACTERS = 256;
const POSTCODE_MAX_CHARACTERS = 10;
const BFPO = /^BFPO (\d+)$/;

/** The body of one request; `status_url` is where the printer says what became of the letter. */
export function writePrintJob(letter: LetterMessage, statusUrl: string | undefined): string {
  const despatchMethod = DESPATCH_METHODS[letter.postage];
  return JSON.stringify({
    id: letter.notificationId,
    run: letter.run,
    recipient: letter.addressLines[0]?.slice(0, NAME_MAX_CHARACTERS),
    address: addressOf(letter),
    ...(despatchMethod === undefined ? {} : { despatch_method: despatchMethod }),
    pages: letter.pages,
    sheets: letter.sheets,
    sha256: createHash("sha256").update(letter.pdf).digest("hex"),
    pdf: letter.pdf.toString("base64"),
    ...(statusUrl === undefined ? {} : { status_url: statusUrl }),
  });
}

/** Everything below the name: what is sorted by stands apart from the lines that are only printed. */
function addressOf({ addressLines, postage }: LetterMessage): Record<string, string | string[]> {
  const lines = addressLines.slice(1);
  const last = lines.pop() ?? "";
  const printed = (kept: readonly string[]) => kept.map((line) => line.slice(0, LINE_MAX_CHARACTERS));
  if (postage === "europe" || postage === "rest-of-world")
    return { lines: printed(lines), country: last.slice(0, COUNTRY_MAX_CHARACTERS) };
  const bfpo = BFPO.exec(last)?.[1];
  if (bfpo === undefined) return { lines: printed(lines), postcode: last.slice(0, POSTCODE_MAX_CHARACTERS) };
  return { lines: printed(lines), bfpo_number: bfpo };
}
