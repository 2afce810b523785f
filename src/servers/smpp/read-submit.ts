/** A submit_sm or data_sm as the flow takes it: whole texts, and parts of long ones. What cannot be taken is a `CommandRefusal`. */
import { normaliseSender } from "../../core/phone/format-phone-number.ts";
import { type PhoneNumber, parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { type Alphabet, decodeText } from "../../core/sms/decode-text.ts";
import { SMS_CHARACTER_LIMIT } from "../../core/sms/text-mode.ts";
import { parseUserDataHeader, type UserDataHeader } from "../../core/sms/user-data-header.ts";
import type { SubmittedPart } from "../../flow/smpp/take-part.ts";
import type { SubmittedText } from "../../flow/smpp/take-text.ts";
import { STATUS } from "../../platform/smpp/command-statuses.ts";
import {
  type Address,
  DATA_CODING,
  type DataRequest,
  ESM_CLASS,
  type ShortMessageRequest,
  TON,
} from "../../platform/smpp/pdu.ts";
import { alphabetOf, contentOf, isFlash, type Part, partByParameters } from "../../platform/smpp/short-message.ts";
import { parseTime } from "../../platform/smpp/smpp-time.ts";
import type { Service } from "../../records/services/service.ts";
import type { SmppAccount } from "../../records/smpp-accounts/smpp-account.ts";
import { CommandRefusal } from "./command-refusal.ts";

export type SubmitRequest = (ShortMessageRequest & { command: "submit_sm" }) | DataRequest;

export type ReadSubmit = { kind: "text"; text: SubmittedText } | { kind: "part"; part: SubmittedPart };

export interface Circumstances {
  service: Pick<Service, "textSenders">;
  account: Pick<SmppAccount, "defaultAlphabet">;
  now: Date;
}

/** As far ahead as the API schedules, and as long as it keeps a message valid. */
const SCHEDULED_MAX_MS = 24 * 60 * 60_000;
const VALID_MAX_SECONDS = 72 * 60 * 60;
/** 0 is what systems send that think of no priority, so it is not the lowest; 2 is urgent and 3 an emergency (SMPP 3.4 §5.2.14). */
const URGENT_PRIORITY = 2;
const PRIORITY_MAX = 3;
/** Of the longest text that a service may send, in UCS-2, with room for parts that are not full. */
const PARTS_MAX = 20;

export function readSubmit(pdu: SubmitRequest, circumstances: Circumstances): ReadSubmit {
  refuseOtherTypes(pdu);
  const content = contentOf(pdu);
  const header = readHeader(pdu, content);
  const part = header?.concatenation ?? partByParameters(pdu);
  const octets = content.subarray(header?.lengthOctets ?? 0);
  const alphabet = readAlphabet(pdu.dataCoding, circumstances);
  const text = {
    ...readWhoAndWhen(pdu, circumstances),
    words: readWords(octets, alphabet),
    isFlash: isFlash(pdu.dataCoding),
    registeredDelivery: pdu.registeredDelivery,
    addresses: { source: pdu.source, destination: pdu.destination },
  };
  if (!part || part.total === 1) return { kind: "text", text };
  return { kind: "part", part: { ...text, part: readPart(part), octets, alphabet } };
}

/** Receipts and acknowledgements are for us to send, and nothing here replaces a message. */
function refuseOtherTypes(pdu: SubmitRequest): void {
  if (pdu.esmClass & ESM_CLASS.messageTypeMask)
    throw new CommandRefusal(STATUS.ESME_RINVESMCLASS, "esm_class is not that of a message");
  if (pdu.command === "data_sm") return;
  if (pdu.replaceIfPresent !== 0)
    throw new CommandRefusal(STATUS.ESME_RINVREPFLAG, "replace_if_present is not supported");
  if (pdu.defaultMessageId !== 0)
    throw new CommandRefusal(STATUS.ESME_RINVDFTMSGID, "there are no predefined messages");
}

/** A header that is said to be there and is not whole would be sent as words. */
function readHeader({ esmClass }: SubmitRequest, content: Uint8Array): UserDataHeader | undefined {
  if (!(esmClass & ESM_CLASS.userDataHeader)) return undefined;
  const header = parseUserDataHeader(content);
  if (header) return header;
  throw new CommandRefusal(STATUS.ESME_RINVESMCLASS, "esm_class says that there is a user data header");
}

/** What is data, such as a ring tone, is no text that we could show to anybody. */
function readAlphabet(dataCoding: number, { account }: Circumstances): Alphabet {
  if (dataCoding === DATA_CODING.default) return account.defaultAlphabet;
  return alphabetOf(dataCoding);
}

function readWords(octets: Uint8Array, alphabet: Alphabet): string {
  const words = decodeText(octets, alphabet);
  if (words === undefined) throw new CommandRefusal(STATUS.ESME_RSUBMITFAIL, "data_coding is not that of a text");
  if (words === "") throw new CommandRefusal(STATUS.ESME_RINVMSGLEN, "the message is empty");
  if (words.length > SMS_CHARACTER_LIMIT) throw new CommandRefusal(STATUS.ESME_RINVMSGLEN, "the message is too long");
  return words;
}

function readPart(part: Part): Part {
  if (part.total <= PARTS_MAX) return part;
  throw new CommandRefusal(STATUS.ESME_RINVMSGLEN, `a text has at most ${PARTS_MAX} parts`);
}

function readWhoAndWhen(pdu: SubmitRequest, { service, now }: Circumstances) {
  const who = { senderId: readSender(pdu.source, service), number: readDestination(pdu.destination) };
  if (pdu.command === "data_sm") {
    return { ...who, priority: undefined, scheduledFor: undefined, validForSeconds: undefined };
  }
  const scheduledFor = readSchedule(pdu.scheduleDeliveryTime, now);
  const validForSeconds = readValidity(pdu.validityPeriod, { now, from: scheduledFor ?? now });
  return { ...who, priority: readPriority(pdu.priority), scheduledFor, validForSeconds };
}

/** None: the service's default. Else one of its own, however the number or the name is written. */
function readSender({ address }: Address, { textSenders }: Pick<Service, "textSenders">): string | undefined {
  if (address === "") return undefined;
  const wanted = normaliseSender(address).toLowerCase();
  const named = textSenders.find(({ sender }) => normaliseSender(sender).toLowerCase() === wanted);
  if (named) return named.id;
  throw new CommandRefusal(STATUS.ESME_RINVSRCADR, "source_addr is not a text sender of the service");
}

function readDestination({ ton, address }: Address): PhoneNumber {
  const isInternational = ton === TON.international && !address.startsWith("+");
  const number = parsePhoneNumber(isInternational ? `+${address}` : address);
  if (typeof number !== "string") return number;
  throw new CommandRefusal(STATUS.ESME_RINVDSTADR, "destination_addr is not a number that can get texts");
}

function readPriority(priority: number): SubmittedText["priority"] {
  if (priority > PRIORITY_MAX) throw new CommandRefusal(STATUS.ESME_RINVPRTFLG, "priority_flag is from 0 to 3");
  return priority >= URGENT_PRIORITY ? "high" : undefined;
}

/** A moment that has passed is now. */
function readSchedule(text: string, now: Date): Date | undefined {
  if (text === "") return undefined;
  const time = parseTime(text, now);
  if (!time || time.getTime() - now.getTime() > SCHEDULED_MAX_MS)
    throw new CommandRefusal(STATUS.ESME_RINVSCHED, "schedule_delivery_time is no moment within 24 hours");
  return time > now ? time : undefined;
}

function readValidity(text: string, { now, from }: { now: Date; from: Date }): number | undefined {
  if (text === "") return undefined;
  const until = parseTime(text, now);
  const seconds = until ? Math.ceil((until.getTime() - from.getTime()) / 1_000) : 0;
  if (seconds <= 0) throw new CommandRefusal(STATUS.ESME_RINVEXPIRY, "validity_period is no time to come");
  return Math.min(seconds, VALID_MAX_SECONDS);
}
