/**
 * Whom a text may say it comes from: a name of 3 to 11 characters, a long number of up to 15 digits (ITU-T E.164), or a short code.
 * Networks show 11 characters of a name (3GPP TS 23.040 §9.1.2.5).
 */
import { parsePhoneNumber } from "../phone/parse-phone-number.ts";
import { type SenderType, SHORT_CODE_DIGITS, senderTypeOf } from "./sender-type.ts";

export type TextSenderProblem =
  | "sender-missing"
  | "sender-too-short"
  | "sender-too-long"
  | "sender-characters"
  | "sender-zeros"
  | "sender-generic"
  | "sender-number";

/** A sender in a form that networks carry. */
export interface ParsedSender {
  type: SenderType;
  sender: string;
}

const NAME_CHARACTERS = { min: 3, max: 11 } as const;
const LONG_NUMBER_MAX_DIGITS = 15;
const ALLOWED = /^[a-z0-9 &.\-_]+$/i;
const DIGITS = /^\+?\d+$/;
/** In the United Kingdom: five or six digits, the first of them 6, 7 or 8. */
const HOME_SHORT_CODE = /^[6-8]\d{4,5}$/;
/** Too many others use them, and carriers refuse them. */
const GENERIC = new Set(["info", "verify", "alert"]);

/** As people enter it: numbers must be theirs to have, at home or written with a +.  parseTextSender("Info") → "sender-generic" */
export function parseTextSender(text: string): ParsedSender | TextSenderProblem {
  const parsed = parseAnySender(text);
  if (typeof parsed === "string") return parsed;
  if (parsed.type === "alphanumeric") return GENERIC.has(parsed.sender.toLowerCase()) ? "sender-generic" : parsed;
  return isNumberOfSomebody(parsed.sender) ? parsed : "sender-number";
}

/** As operators enter it, who know what their carriers take: any country's short codes and numbers, and any name. */
export function parseAnySender(text: string): ParsedSender | TextSenderProblem {
  const sender = text.trim();
  if (sender === "") return "sender-missing";
  if (sender.startsWith("00")) return "sender-zeros";
  const problem = DIGITS.test(sender) ? numberProblem(sender) : nameProblem(sender);
  return problem ?? { type: senderTypeOf(sender), sender };
}

function nameProblem(name: string): TextSenderProblem | undefined {
  if (name.length < NAME_CHARACTERS.min) return "sender-too-short";
  if (name.length > NAME_CHARACTERS.max) return "sender-too-long";
  return ALLOWED.test(name) && /[a-z]/i.test(name) ? undefined : "sender-characters";
}

function numberProblem(number: string): TextSenderProblem | undefined {
  const digits = number.replace("+", "").length;
  if (digits < SHORT_CODE_DIGITS.min) return "sender-too-short";
  return digits > LONG_NUMBER_MAX_DIGITS ? "sender-too-long" : undefined;
}

/** A short code or a mobile number at home, or a number abroad in international form. */
function isNumberOfSomebody(sender: string): boolean {
  if (HOME_SHORT_CODE.test(sender)) return true;
  const number = parsePhoneNumber(sender);
  if (typeof number === "string") return false;
  return number.international ? sender.startsWith("+") : !number.isLandline;
}
