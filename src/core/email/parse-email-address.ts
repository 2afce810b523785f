/**
 * The door for email addresses.
 *
 *     parseEmailAddress(" Anne@Example.com ") → { asSubmitted: "Anne@Example.com", normalised: "anne@example.com" }
 *
 * Narrower than RFC 5321 allows (no quoted local parts, no address literals, no letters beyond ASCII before the @), as Notify's API is.
 */
import { asciiHostName } from "./host-name.ts";

export interface EmailAddress {
  /** As given, without surrounding spaces and characters nobody sees. */
  asSubmitted: string;
  /** In lower case: what two spellings of one address have in common. */
  normalised: string;
}

export type EmailProblem = "invalid-email";

export const EMAIL_PROBLEM_MESSAGE = "Not a valid email address";

const ADDRESS_MAX_CODE_POINTS = 320;
const HOST_MAX_CHARACTERS = 253;
const HOST_MIN_LABELS = 2;

const UNSEEN = /[\u180E\u200B-\u200D\u2060\uFEFF\u2028\u2029\u00A0\u202F]/g;
const SURROUNDING_SPACE = /^[ \t\n\r\v\f]+|[ \t\n\r\v\f]+$/g;
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([^.@][^@\s]+)$/;
const LABEL = /^(?:xn|[a-z0-9]+)(?:-?-[a-z0-9]+)*$/i;
const LABEL_MAX_CHARACTERS = 63;
const TOP_LEVEL_LABEL = /^(?:[a-z]{2,63}|xn--(?:[a-z0-9]+-)*[a-z0-9]+)$/i;

/** Parses an address as typed or sent by a system; the only problem has only one message, EMAIL_PROBLEM_MESSAGE. */
export function parseEmailAddress(input: string): EmailAddress | EmailProblem {
  const cleaned = input.replace(UNSEEN, "").replace(SURROUNDING_SPACE, "");
  if (codePointsExceed(cleaned, ADDRESS_MAX_CODE_POINTS) || cleaned.includes("..")) return "invalid-email";
  const host = ADDRESS.exec(cleaned)?.[1];
  if (host === undefined || !isMailHost(host)) return "invalid-email";
  return { asSubmitted: cleaned, normalised: cleaned.toLowerCase() };
}

/** Characters beyond the first 65,536 are two units of a string but one code point; a short text needs no counting. */
function codePointsExceed(text: string, max: number): boolean {
  return text.length > max && Array.from(text).length > max;
}

function isMailHost(host: string): boolean {
  const ascii = asciiHostName(host);
  if (ascii === undefined || ascii.length > HOST_MAX_CHARACTERS) return false;
  const labels = ascii.split(".");
  const topLevel = labels.at(-1) ?? "";
  return labels.length >= HOST_MIN_LABELS && labels.every(isLabel) && TOP_LEVEL_LABEL.test(topLevel);
}

function isLabel(label: string): boolean {
  return label.length <= LABEL_MAX_CHARACTERS && LABEL.test(label);
}

/** The address for mail servers, its host in ASCII.  toAsciiHost("a@bücher.example") → "a@xn--bcher-kva.example" */
export function toAsciiHost(address: EmailAddress): string {
  const at = address.asSubmitted.lastIndexOf("@");
  const host = address.asSubmitted.slice(at + 1);
  return address.asSubmitted.slice(0, at + 1) + (asciiHostName(host) ?? host);
}
