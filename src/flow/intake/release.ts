/** What a message counts towards where its service holds messages above a number or a cost for two people to release. */
import { decimal, decimalText } from "../../core/price/decimal.ts";
import { priceOfWholeText } from "../../core/price/text-price.ts";
import { newId } from "../../platform/ids.ts";
import { LANES } from "../../platform/queue.ts";
import type { StoppedLike } from "../../records/floods/flood-stop-store.ts";
import { minuteOf, type ReleaseCount } from "../../records/held/held-message-store.ts";
import type { NewNotification } from "../../records/notifications/notification.ts";
import type { SendRequest } from "./send-request.ts";

const HOUR_MS = 3_600_000;

/** Why a message is held, however few there are. */
export interface HoldReason {
  heldFor: "content-rule" | "flood";
  ruleName: string | undefined;
  /** What a guard against floods counts it with. */
  like?: StoppedLike;
}

type Sent = Pick<SendRequest, "service" | "sentBy">;

/** Undefined for most. What is urgent is never held, test keys send to nobody, and of letters it is a person's to print many. */
export function releaseCountOf(
  { service, sentBy }: Sent,
  notification: NewNotification,
  reason?: HoldReason,
): ReleaseCount | undefined {
  const { id, serviceId, templateId, channel, keyKind, lane, createdAt, scheduledFor } = notification;
  const { above, abovePounds } = channel === "letter" ? NO_LIMITS : service.release;
  if (above === 0 && abovePounds === 0 && !reason) return undefined;
  if (lane === LANES.high || keyKind === "test") return undefined;
  return {
    ...{ notificationId: id, serviceId, templateId, channel, above, abovePounds, sentBy, scheduledFor },
    ...{ heldFor: reason?.heldFor, ruleName: reason?.ruleName },
    minute: minuteOf(createdAt),
    cost: costOf(notification),
    expiresAt: new Date(createdAt.getTime() + service.release.withinHours * HOUR_MS),
    eventId: newId(),
  };
}

const NO_LIMITS = { above: 0, abovePounds: 0 };

/** In the home's currency, as it is accepted. */
export function costOf({ channel, fragments, rateMultiplier, unitPrice, createdAt }: NewNotification): string {
  if (channel === "chat") return unitPrice ?? "0";
  if (channel !== "sms") return "0";
  const listed = unitPrice === undefined ? undefined : decimal(unitPrice);
  return decimalText(priceOfWholeText({ fragments, rateMultiplier, unitPrice: listed, createdAt }));
}
