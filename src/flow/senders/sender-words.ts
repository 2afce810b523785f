/** Why a sender is refused, in plain words. */
import type { ProtectedName } from "../../core/senders/look-alike.ts";
import { type ParsedSender, parseTextSender, type TextSenderProblem } from "../../core/senders/parse-text-sender.ts";
import { type FormRefusal, fieldRefusal } from "../form-refusal.ts";

const MESSAGES: Record<TextSenderProblem, string> = {
  "sender-missing": "Enter a text message sender",
  "sender-too-short": "Enter 3 characters or more",
  "sender-too-long": "Enter 11 characters or fewer",
  "sender-characters": "Use letters, numbers, spaces and & . - _ only, with at least one letter",
  "sender-zeros": "It cannot start with 00",
  "sender-generic": "Choose another name: too many others use this one",
  "sender-number":
    "Enter a UK mobile number, a short code of 5 or 6 digits, a number abroad that begins with +, or a name",
};

/** Field: `sender`. */
export function readTextSender(text: string): ParsedSender {
  const parsed = parseTextSender(text);
  if (typeof parsed === "string") throw fieldRefusal("sender", parsed, MESSAGES[parsed]);
  return parsed;
}

export function looksLike({ name }: ProtectedName): FormRefusal {
  const message = `This looks like “${name}”, a name that only some services may use: ask those who run this Pennypost`;
  return fieldRefusal("sender", "sender-protected", message);
}

export function shortCodeOfStrangers(): FormRefusal {
  const message = "Another organisation uses this short code: short codes are shared inside one organisation only";
  return fieldRefusal("sender", "sender-of-strangers", message);
}

export function senderTaken(): FormRefusal {
  return fieldRefusal("sender", "sender-taken", "There is this sender already");
}
