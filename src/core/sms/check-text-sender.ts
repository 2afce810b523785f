/** Whom a text may say it comes from, as people enter it. Networks show 11 characters of a name (3GPP TS 23.040 §9.1.2.5). */
import { parsePhoneNumber } from "../phone/parse-phone-number.ts";

export type TextSenderProblem =
  | "sender-missing"
  | "sender-too-short"
  | "sender-too-long"
  | "sender-characters"
  | "sender-zeros"
  | "sender-generic"
  | "sender-number";

const MIN_CHARACTERS = 3;
const MAX_CHARACTERS = 11;
const NUMBER_MAX_CHARACTERS = 15;
const ALLOWED = /^[a-z0-9 &.\-_]+$/i;
const DIGITS = /^\+?\d+$/;
const SHORT_CODE = /^[6-8]\d{4}$/;
/** Too many others use them, and carriers refuse them. */
const GENERIC = new Set(["info", "verify", "alert"]);

/** What is wrong with a sender; undefined when it will do.  checkTextSender("Info") → "sender-generic" */
export function checkTextSender(text: string): TextSenderProblem | undefined {
  const sender = text.trim();
  if (sender === "") return "sender-missing";
  if (sender.startsWith("00")) return "sender-zeros";
  if (DIGITS.test(sender)) return checkNumber(sender);
  if (sender.length < MIN_CHARACTERS) return "sender-too-short";
  if (sender.length > MAX_CHARACTERS) return "sender-too-long";
  if (!ALLOWED.test(sender) || !/[a-z]/i.test(sender)) return "sender-characters";
  return GENERIC.has(sender.toLowerCase()) ? "sender-generic" : undefined;
}

function checkNumber(sender: string): TextSenderProblem | undefined {
  if (SHORT_CODE.test(sender)) return undefined;
  if (sender.length > NUMBER_MAX_CHARACTERS) return "sender-too-long";
  const number = parsePhoneNumber(sender);
  return typeof number === "string" || number.international || number.isLandline ? "sender-number" : undefined;
}
