/** A recipient as we send to it, and as it was given. */
import { toAsciiHost } from "../../core/email/parse-email-address.ts";
import { impossible } from "../../core/refusal.ts";
import type { Recipient } from "./send-request.ts";

/** What two spellings of one recipient have in common: for search, for the guest list, for simulated recipients. */
export function normalisedRecipient(recipient: Recipient): string {
  switch (recipient.channel) {
    case "sms":
      return recipient.number.digits;
    case "email":
      return recipient.address.normalised;
    case "chat":
      return recipient.person.normalised;
    default:
      return impossible(recipient);
  }
}

/** What goes over the wire. */
export function recipientAsSent(recipient: Recipient): string {
  switch (recipient.channel) {
    case "sms":
      return recipient.number.digits;
    case "email":
      return toAsciiHost(recipient.address);
    case "chat":
      return recipient.person.address;
    default:
      return impossible(recipient);
  }
}

export function recipientAsSubmitted(recipient: Recipient): string {
  switch (recipient.channel) {
    case "sms":
      return recipient.number.asSubmitted;
    case "email":
      return recipient.address.asSubmitted;
    case "chat":
      return recipient.person.asSubmitted;
    default:
      return impossible(recipient);
  }
}
