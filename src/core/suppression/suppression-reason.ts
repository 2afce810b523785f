/** Why a service sends somebody nothing more, and for what each reason holds. */
import type { DispatchedChannel } from "../channels/channels.ts";

export const SUPPRESSION_REASONS = [
  "asked-to-stop",
  "unsubscribed",
  "complaint",
  "permanent-failure",
  "by-hand",
  "imported",
] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** Failures in a row after which a recipient may be suppressed; the one that is offered first. */
export const FAILURES_IN_A_ROW = { min: 1, max: 20, default: 3 } as const;

/**
 * Objections to what a service mails of its own accord. They do not keep a one-time code back: whoever asks for one at this moment
 * wants it, and would be locked out (docs/decisions/0046-whom-a-service-does-not-send-to.md).
 */
const ABOUT_MAILINGS: readonly SuppressionReason[] = ["unsubscribed", "complaint"];

/** Gives way to any other when a recipient has both. */
export const WEAK_REASONS = ABOUT_MAILINGS;

/** An answer to STOP or HELP goes to whoever has just asked for it, though they have asked for an end of all else. */
export type SendPurpose = "message" | "code" | "confirmation";

export function holdsFor(reason: SuppressionReason, purpose: SendPurpose): boolean {
  if (purpose === "confirmation") return reason !== "asked-to-stop";
  return purpose === "message" || !ABOUT_MAILINGS.includes(reason);
}

const ITS: Readonly<Record<DispatchedChannel, string>> = {
  sms: "this number",
  email: "this address",
  chat: "this recipient",
};

const BECAUSE: Readonly<Record<SuppressionReason, (its: string) => string>> = {
  "asked-to-stop": () => "the recipient has asked your service to stop",
  unsubscribed: () => "the recipient has unsubscribed",
  complaint: () => "the recipient has marked an email of yours as spam",
  "permanent-failure": (its) => `messages to ${its} have failed for good`,
  "by-hand": (its) => `your service has suppressed ${its}`,
  imported: (its) => `your service has suppressed ${its}`,
};

/** suppressedMessage("asked-to-stop", "sms") → "Can’t send to this number: the recipient has asked … Release it from …" */
export function suppressedMessage(reason: SuppressionReason, channel: DispatchedChannel): string {
  const its = ITS[channel];
  return `Can’t send to ${its}: ${BECAUSE[reason](its)}. Release it from your suppression list before you send to it again`;
}
