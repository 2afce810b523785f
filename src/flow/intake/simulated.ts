/** Recipients for smoke tests: a request to them is checked whole and answered as any other, and nothing is stored or sent. */
import { normalisedRecipient } from "./recipient.ts";
import type { Recipient } from "./send-request.ts";

const SIMULATED_RECIPIENTS: ReadonlySet<string> = new Set([
  "447700900000",
  "447700900111",
  "447700900222",
  "simulate-delivered@notifications.service.gov.uk",
  "simulate-delivered-2@notifications.service.gov.uk",
  "simulate-delivered-3@notifications.service.gov.uk",
]);

export function isSimulated(recipient: Recipient): boolean {
  return SIMULATED_RECIPIENTS.has(normalisedRecipient(recipient));
}
