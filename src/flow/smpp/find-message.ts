/** What became of a submit, for a system that asks; and a text that waits for its time, taken back by it. */
import { smppStateOf } from "../../core/delivery/smpp-states.ts";
import { COMPLETED_STATUSES, type Status } from "../../core/delivery/statuses.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { findNotification } from "../../records/notifications/notification-store.ts";
import { findNotificationOfSubmit } from "../../records/smpp-accounts/awaited-smpp-receipt-store.ts";
import { isKeptPart } from "../../records/smpp-accounts/smpp-part-store.ts";
import type { App } from "../app.ts";
import { cancelScheduled } from "../intake/cancel-scheduled.ts";
import type { Customer } from "./customer.ts";

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export interface SubmitState {
  stat: "ENROUTE" | NonNullable<ReturnType<typeof smppStateOf>>;
  /** When it came to its end, if it has. */
  endedAt: Date | undefined;
  code: string | undefined;
}

/** Undefined for an id that is not one of the account's. */
export async function findSubmitState(
  { db }: Pick<App, "db">,
  customer: Customer,
  messageId: string,
): Promise<SubmitState | undefined> {
  if (!UUID.test(messageId)) return undefined;
  const notification = await findSubmitted(db, customer, messageId);
  if (notification) return stateOf(notification);
  const isPart = await isKeptPart(db, customer.account.id, messageId);
  return isPart ? { stat: "ENROUTE", endedAt: undefined, code: undefined } : undefined;
}

function stateOf({ status, updatedAt, reportedCode }: Notification): SubmitState {
  const isAtEnd = COMPLETED_STATUSES.includes(status as Status);
  const stat = smppStateOf(status as Status) ?? "ENROUTE";
  return { stat, endedAt: isAtEnd ? updatedAt : undefined, code: reportedCode };
}

/** Throws a `Refusal` for what is not one of the account's, was not timed, or is on its way. */
export async function cancelSubmit(
  app: Pick<App, "db" | "clock" | "services">,
  customer: Customer,
  messageId: string,
): Promise<void> {
  const notification = UUID.test(messageId) ? await findSubmitted(app.db, customer, messageId) : undefined;
  if (!notification) throw new Refusal("not-found", "There is no such message");
  await cancelScheduled(app, notification);
}

async function findSubmitted(
  db: App["db"],
  { service, account }: Customer,
  messageId: string,
): Promise<Notification | undefined> {
  const id = (await findNotificationOfSubmit(db, account.id, messageId)) ?? messageId;
  const notification = await findNotification(db, service.id, id);
  return notification?.apiKeyId === account.id ? notification : undefined;
}
