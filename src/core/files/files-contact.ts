/**
 * Where recipients of a file turn when something is wrong with it, as a service enters it: a page of theirs, an email address, or a
 * telephone number that people may call.
 *
 *     parseFilesContact("https://council.example.gov.uk/help") → { kind: "link", value: "https://council.example.gov.uk/help" }
 *     parseFilesContact("999")                                 → "contact-emergency"
 */
import { parseEmailAddress } from "../email/parse-email-address.ts";

export interface FilesContact {
  kind: "link" | "email-address" | "phone-number";
  /** As it was entered, without spaces at its ends. */
  value: string;
}

export type FilesContactProblem =
  | "contact-missing"
  | "contact-too-long"
  | "contact-email"
  | "contact-phone"
  | "contact-emergency"
  | "contact-link";

const MAX_CHARACTERS = 2_000;
const PHONE_DIGITS = { min: 3, max: 20 } as const;
const PHONE_NUMBER = /^\+?[\d ().\-/]+$/;
/** Of the United Kingdom, of Europe, of North America, and the first one's textphone: for emergencies, and never about a file. */
const EMERGENCY_NUMBERS = new Set(["999", "112", "911", "18000"]);
const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

export function parseFilesContact(text: string): FilesContact | FilesContactProblem {
  const value = text.trim();
  if (value === "") return "contact-missing";
  if (value.length > MAX_CHARACTERS) return "contact-too-long";
  if (PHONE_NUMBER.test(value)) return checkPhoneNumber(value) ?? { kind: "phone-number", value };
  if (value.includes("@") && !SCHEME.test(value))
    return parseEmailAddress(value) === "invalid-email" ? "contact-email" : { kind: "email-address", value };
  return isLink(value) ? { kind: "link", value } : "contact-link";
}

function checkPhoneNumber(value: string): FilesContactProblem | undefined {
  const digits = value.replace(/\D/g, "");
  if (digits.length < PHONE_DIGITS.min || digits.length > PHONE_DIGITS.max) return "contact-phone";
  return EMERGENCY_NUMBERS.has(digits) ? "contact-emergency" : undefined;
}

/** A page on the web with a name that has a dot in it. Nobody's password belongs in a link. */
function isLink(value: string): boolean {
  if (/\s/.test(value)) return false;
  try {
    const { protocol, hostname, username, password } = new URL(value);
    return /^https?:$/.test(protocol) && hostname.includes(".") && username === "" && password === "";
  } catch {
    return false;
  }
}
