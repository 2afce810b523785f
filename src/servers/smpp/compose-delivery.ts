/** The deliver_sm of a receipt (SMPP 3.4 Appendix B), and of a text that somebody wrote to the service. */
import { normaliseSender } from "../../core/phone/format-phone-number.ts";
import { encodeGsm7, isGsm7 } from "../../core/sms/gsm-alphabet.ts";
import { encodeUcs2 } from "../../core/sms/ucs2.ts";
import { senderAddress } from "../../platform/smpp/addressing.ts";
import { SHORT_MESSAGE_MAX_BYTES } from "../../platform/smpp/field-limits.ts";
import { DATA_CODING, ESM_CLASS, NO_ADDRESS, type ShortMessageRequest, shortMessage } from "../../platform/smpp/pdu.ts";
import { formatReceiptText } from "../../platform/smpp/receipt-text.ts";
import { MESSAGE_STATES, type MessageStateWord, numberTlv, TAG, textTlv } from "../../platform/smpp/tlvs.ts";
import type { InboundMessage } from "../../records/inbound-messages/inbound-message.ts";
import type { DefaultAlphabet } from "../../records/smpp-accounts/smpp-account.ts";
import type { SmppReport } from "../../records/smpp-accounts/smpp-delivery-store.ts";
import type { Submitted } from "../../records/smpp-accounts/submitted.ts";

const LATIN1_LAST = 0xff;
const NOTHING = new Uint8Array(0);

export interface ReceiptFacts {
  messageId: string;
  report: SmppReport;
  submitted: Submitted;
}

/** Back along the way the message went: from its recipient to its sender. */
export function composeReceipt({ messageId, report, submitted }: ReceiptFacts): ShortMessageRequest {
  const text = formatReceiptText({
    id: messageId,
    stat: report.stat,
    err: report.err,
    isDelivered: report.stat === "DELIVRD",
    submitDate: new Date(report.submittedAt),
    doneDate: new Date(report.doneAt),
    text: inAnyAlphabet(submitted.beginning),
  });
  const state = MESSAGE_STATES[report.stat as MessageStateWord];
  return shortMessage({
    command: "deliver_sm",
    source: submitted.destination,
    destination: submitted.source,
    esmClass: report.isIntermediate ? ESM_CLASS.intermediateReceipt : ESM_CLASS.receipt,
    shortMessage: Buffer.from(text, "latin1"),
    tlvs: [textTlv(TAG.receipted_message_id, messageId), numberTlv(TAG.message_state, state, 1)],
  });
}

/** Characters whose octet is the same whatever the default alphabet is taken to be. */
function inAnyAlphabet(text: string): string {
  return text.replace(/[^A-Za-z0-9 !"#%&'()*+,./:;<=>?-]/gu, "?");
}

export function composeReply(message: InboundMessage, alphabet: DefaultAlphabet): ShortMessageRequest {
  const { dataCoding, octets } = encode(message.content, alphabet);
  const isShort = octets.length <= SHORT_MESSAGE_MAX_BYTES;
  return shortMessage({
    command: "deliver_sm",
    source: senderAddress(message.userNumber) ?? NO_ADDRESS,
    destination: senderAddress(normaliseSender(message.notifyNumber)) ?? NO_ADDRESS,
    dataCoding,
    shortMessage: isShort ? octets : NOTHING,
    ...(isShort ? {} : { tlvs: [{ tag: TAG.message_payload, value: octets }] }),
  });
}

/** In the default alphabet where it has every character. */
function encode(text: string, alphabet: DefaultAlphabet): { dataCoding: number; octets: Uint8Array } {
  if (alphabet === "gsm7" && isGsm7(text)) return { dataCoding: DATA_CODING.default, octets: encodeGsm7(text) };
  if (alphabet === "latin1" && isLatin1(text)) {
    return { dataCoding: DATA_CODING.default, octets: Buffer.from(text, "latin1") };
  }
  return { dataCoding: DATA_CODING.ucs2, octets: encodeUcs2(text) };
}

function isLatin1(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > LATIN1_LAST) return false;
  return true;
}
