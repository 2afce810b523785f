/** A recipient as we send to it, and as it was given. */
import { toAsciiHost } from "../../core/email/parse-email-address.ts";
import type { Recipient } from "./send-request.ts";

/** What two spellings of one recipient have in common: for search, for the guest list, for simulated recipients. */
export function normalisedRecipient(recipient: Recipient): string {
  return recipient.channel === "sms" ? recipient.number.digits : recipient.address.normalised;
}

/** What goes over the wire. */
export function recipientAsSent(recipient: Recipient): string {
  return recipient.channel === "sms" ? recipient.number.digits : toAsciiHost(recipient.address);
}

export function recipientAsSubmitted(recipient: Recipient): string {
  return recipient.channel === "sms" ? recipient.number.asSubmitted : recipient.address.asSubmitted;
}
