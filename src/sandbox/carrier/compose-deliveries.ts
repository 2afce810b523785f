/** The deliver_sm of a receipt (SMPP 3.4 Appendix B) and of a text that someone wrote on a phone. */
import { encodingOf, splitIntoFragments } from "../../core/sms/fragments.ts";
import { concatenationHeader } from "../../core/sms/user-data-header.ts";
import { internationalAddress } from "../../platform/smpp/addressing.ts";
import { DATA_CODING, ESM_CLASS, type ShortMessageRequest, shortMessage } from "../../platform/smpp/pdu.ts";
import { formatReceiptText } from "../../platform/smpp/receipt-text.ts";
import { TAG, textTlv } from "../../platform/smpp/tlvs.ts";
import { fateOf } from "./fates.ts";
import type { MessageId } from "./message-ids.ts";

/** The receipt of one submit_sm, from its recipient to its sender, with its facts both as parameters and as text. */
export function composeReceipt(submit: ShortMessageRequest, id: MessageId, submittedAt: Date): ShortMessageRequest {
  const { stat, err, tlvs } = fateOf(submit.destination.address);
  const text = formatReceiptText({
    id: id.inReceipt,
    stat,
    err,
    isDelivered: stat === "DELIVRD",
    submitDate: submittedAt,
    doneDate: new Date(),
    text: "",
  });
  return shortMessage({
    command: "deliver_sm",
    source: submit.destination,
    destination: submit.source,
    esmClass: ESM_CLASS.receipt,
    shortMessage: Buffer.from(text, "latin1"),
    tlvs: [textTlv(TAG.receipted_message_id, id.inAnswer), ...tlvs],
  });
}

export interface PhoneText {
  from: string;
  to: string;
  text: string;
}

/** The parts of a text from a phone; `reference` (0 to 255) joins them. */
export function composeInbound({ from, to, text }: PhoneText, reference: number): ShortMessageRequest[] {
  const encoding = encodingOf(text);
  const fragments = splitIntoFragments(text, encoding);
  return fragments.map((fragment, index) => {
    const header = concatenationHeader({ reference, total: fragments.length, number: index + 1 });
    return shortMessage({
      command: "deliver_sm",
      source: internationalAddress(from),
      destination: internationalAddress(to),
      esmClass: fragments.length > 1 ? ESM_CLASS.userDataHeader : 0,
      dataCoding: encoding === "gsm7" ? DATA_CODING.default : DATA_CODING.ucs2,
      shortMessage: fragments.length > 1 ? Buffer.concat([header, fragment]) : fragment,
    });
  });
}
