/** Somebody to suppress, as typed or as a table has it: a phone number, or an email address. */
import { EMAIL_PROBLEM_MESSAGE, parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";
import type { Recipient } from "../intake/send-request.ts";

/** The recipient, or what is wrong with it in words. */
export function readRecipientText(text: string): Recipient | string {
  if (text.includes("@")) {
    const address = parseEmailAddress(text);
    return typeof address === "string" ? EMAIL_PROBLEM_MESSAGE : { channel: "email", address };
  }
  const number = parsePhoneNumber(text);
  return typeof number === "string" ? phoneProblemMessage(number) : { channel: "sms", number };
}
