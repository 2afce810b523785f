/** One text as the submit_sm of its parts: its characters in the carrier's octets, joined by a user data header. */
import { type Encoding, splitIntoFragments } from "../../core/sms/fragments.ts";
import { concatenationHeader } from "../../core/sms/user-data-header.ts";
import { internationalAddress, senderAddress } from "../../platform/smpp/addressing.ts";
import {
  DATA_CODING,
  ESM_CLASS,
  RECEIPT_WANTED,
  type ShortMessageRequest,
  shortMessage,
} from "../../platform/smpp/pdu.ts";
import { formatInterval, formatMoment } from "../../platform/smpp/smpp-time.ts";
import type { TextMessage } from "../provider.ts";
import type { Settings } from "./options.ts";

const PARTS_MAX = 255;
/** Class 0 in the data coding scheme of 3GPP TS 23.038 §4: shown at once, not kept. */
const FLASH = 0x10;

export type Composed = { kind: "submits"; submits: ShortMessageRequest[] } | { kind: "refused"; reason: string };

interface Circumstances {
  settings: Pick<Settings, "serviceType" | "validity">;
  /** Joins the parts; different for any two messages to one phone at about the same time. 0 to 255. */
  reference: number;
  now: Date;
}

/** Parts of `message`, each asking for a receipt; refused where it cannot be said in SMPP, or its time has passed. */
export function composeSubmits(message: TextMessage, circumstances: Circumstances): Composed {
  const { settings, reference, now } = circumstances;
  const source = senderAddress(message.from);
  if (!source) return { kind: "refused", reason: "the sender is not one that SMPP can carry" };
  if (message.validUntil && message.validUntil <= now) return { kind: "refused", reason: "its time had passed" };
  const fragments = splitIntoFragments(message.text, message.encoding);
  if (fragments.length > PARTS_MAX) return { kind: "refused", reason: "it has more than 255 parts" };
  const whole = shortMessage({
    command: "submit_sm",
    serviceType: settings.serviceType,
    source,
    destination: internationalAddress(message.to),
    validityPeriod: message.validUntil ? validityPeriod(message.validUntil, now, settings.validity) : "",
    registeredDelivery: RECEIPT_WANTED,
    dataCoding: dataCoding(message.encoding, message.flash ?? false),
    shortMessage: fragments[0] ?? new Uint8Array(0),
  });
  return { kind: "submits", submits: fragments.length <= 1 ? [whole] : joined(whole, fragments, reference) };
}

function joined(whole: ShortMessageRequest, fragments: Uint8Array[], reference: number): ShortMessageRequest[] {
  return fragments.map((fragment, index) => {
    const header = concatenationHeader({ reference, total: fragments.length, number: index + 1 });
    return { ...whole, esmClass: ESM_CLASS.userDataHeader, shortMessage: Buffer.concat([header, fragment]) };
  });
}

function validityPeriod(until: Date, now: Date, form: Settings["validity"]): string {
  return form === "absolute" ? formatMoment(until) : formatInterval((until.getTime() - now.getTime()) / 1000);
}

function dataCoding(encoding: Encoding, isFlash: boolean): number {
  const alphabet = encoding === "gsm7" ? DATA_CODING.default : DATA_CODING.ucs2;
  return isFlash ? alphabet | FLASH : alphabet;
}
