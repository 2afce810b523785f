/** A text that would have to wait for the morning, and is no longer valid by then, is refused at once. */
import { Refusal } from "../../core/refusal.ts";
import { heldUntil } from "../quiet-hours.ts";
import { LANE_OF_PRIORITY, validUntil } from "./new-notification.ts";
import { keyKindOf, type SendRequest } from "./send-request.ts";

export function refuseIfQuietTooLong(request: SendRequest, now: Date): void {
  const { service, recipient, priority = "normal", scheduledFor = now } = request;
  if (service.quietHours === undefined || recipient.channel !== "sms") return;
  const { countryPrefix } = recipient.number;
  const waits = {
    channel: "sms",
    lane: LANE_OF_PRIORITY[priority],
    keyKind: keyKindOf(request),
    countryPrefix,
  } as const;
  const opensAt = heldUntil(service, waits, scheduledFor);
  const endsAt = validUntil(request, now);
  if (!opensAt || !endsAt || endsAt > opensAt) return;
  throw new Refusal(
    "bad-request",
    `The recipient has quiet hours until ${opensAt.toISOString()}, when the text is no longer valid`,
  );
}
