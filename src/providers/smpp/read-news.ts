/** What a carrier brings with deliver_sm or data_sm: a receipt, or words from the public. */
import { smppStatus } from "../../core/delivery/supplier-codes.ts";
import { decodeText } from "../../core/sms/decode-text.ts";
import { parseUserDataHeader } from "../../core/sms/user-data-header.ts";
import { type DataRequest, ESM_CLASS, type ShortMessageRequest } from "../../platform/smpp/pdu.ts";
import { parseReceiptText, type ReceiptText } from "../../platform/smpp/receipt-text.ts";
import { alphabetOf, contentOf, partByParameters } from "../../platform/smpp/short-message.ts";
import { messageStateWord, TAG, tlvBytes, tlvNumber, tlvText } from "../../platform/smpp/tlvs.ts";
import type { InboundText, Receipt } from "../provider.ts";
import { referenceFromReceiptText, referenceFromSubmit } from "./message-ids.ts";
import type { MessageIdFormat } from "./options.ts";

export type News =
  | { kind: "receipt"; receipt: Receipt }
  | { kind: "inbound"; inbound: InboundText }
  | { kind: "unreadable"; reason: string };

const NO_ERROR = /^0*$/;

/** Reads it; what cannot be read will not be readable when it comes again either. */
export function readNews(pdu: ShortMessageRequest | DataRequest, format: MessageIdFormat): News {
  return isReceipt(pdu) ? readReceipt(pdu, format) : readInbound(pdu);
}

/** Some carriers forget the bit in esm_class, but no text from the public has the parameter. */
function isReceipt(pdu: ShortMessageRequest | DataRequest): boolean {
  const messageType = pdu.esmClass & ESM_CLASS.messageTypeMask;
  if (messageType === ESM_CLASS.receipt || messageType === ESM_CLASS.intermediateReceipt) return true;
  return tlvBytes(pdu.tlvs, TAG.receipted_message_id) !== undefined;
}

function readReceipt(pdu: ShortMessageRequest | DataRequest, format: MessageIdFormat): News {
  const written = parseReceiptText(Buffer.from(contentOf(pdu)).toString("latin1"));
  const reference = readReference(pdu, { written, format });
  if (!reference) return { kind: "unreadable", reason: "a receipt without a message id" };
  const word = messageStateWord(tlvNumber(pdu.tlvs, TAG.message_state) ?? 0) ?? written?.stat ?? "";
  const isIntermediate = (pdu.esmClass & ESM_CLASS.messageTypeMask) === ESM_CLASS.intermediateReceipt;
  const status = isIntermediate || word === "" ? "pending" : smppStatus(word);
  const code = codeOf(word, errorOf(pdu, written));
  return {
    kind: "receipt",
    receipt: { reference, status, code: code || undefined, at: written?.doneDate },
  };
}

/** The parameter repeats the id as the submit had it; only in the text do some carriers change its base. */
function readReference(
  pdu: ShortMessageRequest | DataRequest,
  { written, format }: { written: ReceiptText | undefined; format: MessageIdFormat },
): string | undefined {
  const given = tlvText(pdu.tlvs, TAG.receipted_message_id);
  if (format !== "as-is" && written?.id) return referenceFromReceiptText(written.id, format);
  if (given) return referenceFromSubmit(given, format);
  return written?.id ? referenceFromReceiptText(written.id, format) : undefined;
}

/** The network's error (three octets: which network, then its code), else the one in the text. */
function errorOf(pdu: ShortMessageRequest | DataRequest, written: ReceiptText | undefined): string {
  const networkError = tlvNumber(pdu.tlvs, TAG.network_error_code);
  return written?.err || (networkError === undefined ? "" : String(networkError & 0xffff));
}

function codeOf(word: string, error: string): string {
  return NO_ERROR.test(error) ? word : `${word} ${error}`.trim();
}

function readInbound(pdu: ShortMessageRequest | DataRequest): News {
  const content = contentOf(pdu);
  const header = pdu.esmClass & ESM_CLASS.userDataHeader ? parseUserDataHeader(content) : undefined;
  const text = decodeText(content.subarray(header?.lengthOctets ?? 0), alphabetOf(pdu.dataCoding));
  if (text === undefined) return { kind: "unreadable", reason: `not a text (data_coding ${pdu.dataCoding})` };
  const part = header?.concatenation ?? partByParameters(pdu);
  return {
    kind: "inbound",
    inbound: { from: pdu.source.address, to: pdu.destination.address, text, part },
  };
}
