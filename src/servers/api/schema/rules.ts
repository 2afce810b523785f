/** The forms a field of a request can have, each with its refusals in the words of Notify's API. */
import { type ChatRecipient, parseChatRecipient } from "../../../core/chat/chat-recipient.ts";
import type { Keeping } from "../../../core/content/keeping.ts";
import {
  EMAIL_PROBLEM_MESSAGE,
  type EmailAddress,
  parseEmailAddress,
} from "../../../core/email/parse-email-address.ts";
import {
  isJsonNumber,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  spellingOf,
} from "../../../core/json/json-value.ts";
import { type PhoneNumber, parsePhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../../core/phone/phone-problem-message.ts";
import { fits, type Judged, type Rule, shown, wrong } from "./checker.ts";
import { parseUuid } from "./uuid.ts";

const REFERENCE_MAX_CODE_POINTS = 1_000;

/** With the `u` flag, a whole surrogate pair is one character and does not match. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** RFC 3986, of a scheme that begins with https; brackets only round an IP address. */
const HTTPS_URI =
  /^https[A-Za-z0-9+.-]*:(?:\/\/(?:[\w.~!$&'()*+,;=:%-]*@)?\[[0-9A-Fa-f:.]+\](?::\d*)?(?=[/?#]|$))?(?:[\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*(?:#(?:[\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?$/;

export function text(value: JsonValue): Judged<string> {
  return typeof value === "string" ? fits(value) : wrong(`${shown(value)} is not of type string`);
}

export function truth(value: JsonValue): Judged<boolean> {
  return typeof value === "boolean" ? fits(value) : wrong(`${shown(value)} is not of type boolean`);
}

export function object(value: JsonValue): Judged<JsonObject> {
  return isJsonObject(value) ? fits(value) : wrong(`${shown(value)} is not of type object`);
}

export function uuid(value: JsonValue): Judged<string> {
  const id = typeof value === "string" ? parseUuid(value) : undefined;
  return id === undefined ? wrong("is not a valid UUID") : fits(id);
}

export function phoneNumber(value: JsonValue): Judged<PhoneNumber> {
  if (typeof value !== "string") return wrong(`${shown(value)} is not of type string`);
  const number = parsePhoneNumber(value);
  return typeof number === "string" ? wrong(phoneProblemMessage(number)) : fits(number);
}

export function emailAddress(value: JsonValue): Judged<EmailAddress> {
  if (typeof value !== "string") return wrong(`${shown(value)} is not of type string`);
  const address = parseEmailAddress(value);
  return typeof address === "string" ? wrong(EMAIL_PROBLEM_MESSAGE) : fits(address);
}

/** Somebody in a chat app: which app, and who they are there. */
export function chatRecipient(value: JsonValue): Judged<ChatRecipient> {
  if (!isJsonObject(value)) return wrong(`${shown(value)} is not of type object`);
  const given = Object.entries(value).map(([name, one]) => [name, isJsonNumber(one) ? spellingOf(one) : one]);
  const parsed = parseChatRecipient(Object.fromEntries(given));
  return typeof parsed === "string" ? wrong(parsed) : fits(parsed);
}

/** The caller's own name for a notification; it must be storable as it is, since it is matched exactly. */
export function reference(value: JsonValue): Judged<string> {
  if (typeof value !== "string") return wrong(`${shown(value)} is not of type string`);
  const isLong = value.length > REFERENCE_MAX_CODE_POINTS && Array.from(value).length > REFERENCE_MAX_CODE_POINTS;
  if (isLong) return wrong(`${shown(value)} is too long`);
  return storableText(value);
}

/** Text without the characters that no database keeps: NUL, and half a surrogate pair. */
export function storableText(value: JsonValue): Judged<string> {
  if (typeof value !== "string") return wrong(`${shown(value)} is not of type string`);
  return !UNSTORABLE.test(value) ? fits(value) : wrong("must not contain null characters or half of a surrogate pair");
}

/** What is `beyond` Notify's API is taken as well, without being named to those who ask for what nobody has. */
export function oneOf<const Choice extends string>(
  choices: readonly Choice[],
  beyond: readonly Choice[] = [],
): Rule<Choice> {
  return (value) => {
    const choice = [...choices, ...beyond].find((candidate) => candidate === value);
    return choice === undefined ? wrong(`${shown(value)} is not one of [${choices.join(", ")}]`) : fits(choice);
  };
}

/** One problem for each value that is not among the choices. */
export function manyOf<const Choice extends string>(
  choices: readonly Choice[],
  beyond: readonly Choice[] = [],
): Rule<Choice[]> {
  const one = oneOf(choices, beyond);
  return (value, now) => {
    const judged = (Array.isArray(value) ? value : [value]).map((item) => one(item, now));
    const problems = judged.flatMap((each) => (each.kind === "wrong" ? each.problems : []));
    if (problems.length > 0) return wrong(...problems);
    return fits(judged.flatMap((each) => (each.kind === "fits" ? [each.value] : [])));
  };
}

export function wholeNumber({ min, max }: { min: number; max: number }): Rule<number> {
  return (value) => {
    const number = isJsonNumber(value) ? Number(spellingOf(value)) : value;
    if (typeof number !== "number" || !Number.isInteger(number)) return wrong(`${shown(value)} is not of type integer`);
    if (number < min) return wrong(`${shown(value)} is less than the minimum of ${min}`);
    return number > max ? wrong(`${shown(value)} is greater than the maximum of ${max}`) : fits(number);
  };
}

/** Any URI whose scheme begins with https: what mail programs are told, so not read further. */
export function httpsUri(value: JsonValue): Judged<string> {
  return typeof value === "string" && HTTPS_URI.test(value) ? fits(value) : wrong("is not a valid https url");
}

/** An address of ours to call: https, with a host and without a password. */
export function httpsUrl(value: JsonValue): Judged<string> {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  const isUsable = url?.protocol === "https:" && url.hostname !== "" && url.username === "" && url.password === "";
  return url !== undefined && isUsable ? fits(url.href) : wrong("is not a valid https url");
}

/** What is not to be kept of a message's words. */
export function noStore(value: JsonValue): Judged<Keeping> {
  if (value === "hash") return fits("hash");
  return typeof value === "boolean"
    ? fits(value ? "nothing" : "everything")
    : wrong(`${shown(value)} is not true, false or hash`);
}

/** A list of texts, or null for none. */
export function textsOrNull(value: JsonValue): Judged<string[]> {
  if (value === null) return fits([]);
  if (!Array.isArray(value)) return wrong(`${shown(value)} is not of type array, null`);
  const problems = value
    .filter((item) => typeof item !== "string")
    .map((item) => `${shown(item)} is not of type string`);
  return problems.length > 0 ? wrong(...problems) : fits(value.filter((item) => typeof item === "string"));
}
