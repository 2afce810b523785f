/** What a message counts towards where its service holds messages above a number or a cost for two people to release. */
import { decimal, decimalText } from "../../core/price/decimal.ts";
import { priceOfWholeText } from "../../core/price/text-price.ts";
import { newId } from "../../platform/ids.ts";
import { LANES } from "../../platform/queue.ts";
import type { ReleaseCount } from "../../records/held/held-message-store.ts";
import type { NewNotification } from "../../records/notifications/notification.ts";
import type { SendRequest } from "./send-request.ts";

const SLOT_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;

/** Undefined for most. What is urgent is never held, test keys send to nobody, and letters wait for their print run anyway. */
export function releaseCountOf(
  { service, sentBy }: Pick<SendRequest, "service" | "sentBy">,
  notification: NewNotification,
): ReleaseCount | undefined {
  const { above, abovePounds, withinHours } = service.release;
  const { id, serviceId, templateId, channel, keyKind, lane, createdAt, scheduledFor } = notification;
  if (above === 0 && abovePounds === 0) return undefined;
  if (lane === LANES.high || keyKind === "test" || channel === "letter") return undefined;
  return {
    ...{ notificationId: id, serviceId, templateId, channel, above, abovePounds, sentBy, scheduledFor },
    slot: new Date(Math.floor(createdAt.getTime() / SLOT_MS) * SLOT_MS),
    cost: costOf(notification),
    expiresAt: new Date(createdAt.getTime() + withinHours * HOUR_MS),
    eventId: newId(),
  };
}

function costOf({ channel, fragments, rateMultiplier, unitPrice, createdAt }: NewNotification): string {
  if (channel === "chat") return unitPrice ?? "0";
  if (channel !== "sms") return "0";
  const listed = unitPrice === undefined ? undefined : decimal(unitPrice);
  return decimalText(priceOfWholeText({ fragments, rateMultiplier, unitPrice: listed, createdAt }));
}
