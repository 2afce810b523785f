/**
 * A carrier's message id as one reference, whichever base it wrote it in. Where a carrier answers the submit in hexadecimal and
 * reports in decimal (or the other way), both become the decimal.
 */
import type { MessageIdFormat } from "./options.ts";

const DECIMAL = /^\d+$/;
const HEXADECIMAL = /^[0-9a-f]+$/i;

/** The id as a submit_sm_resp or a receipted_message_id parameter gives it (SMPP 3.4 §5.3.2.12: the same id). */
export function referenceFromSubmit(id: string, format: MessageIdFormat): string {
  return format === "hex-in-submit" ? fromHexadecimal(id) : fromDecimal(id, format);
}

/** The id as the text of a receipt gives it. */
export function referenceFromReceiptText(id: string, format: MessageIdFormat): string {
  return format === "decimal-in-submit" ? fromHexadecimal(id) : fromDecimal(id, format);
}

function fromHexadecimal(id: string): string {
  return HEXADECIMAL.test(id) ? BigInt(`0x${id}`).toString() : id;
}

/** Leading zeros go, as they do in the other base. */
function fromDecimal(id: string, format: MessageIdFormat): string {
  return format !== "as-is" && DECIMAL.test(id) ? BigInt(id).toString() : id;
}
