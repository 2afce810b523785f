/** Takes back a notification that was to be sent later, or is held, as long as nobody has begun to send it. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import { statusesBefore } from "../../core/delivery/statuses.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { withdraw } from "../../platform/queue.ts";
import { forgetDocumentKeys } from "../../records/documents/document-store.ts";
import { deleteHeld, isHeld } from "../../records/held/held-message-store.ts";
import { insertEvents } from "../../records/notifications/event-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { findNotification, moveStatus, replaceContents } from "../../records/notifications/notification-store.ts";
import type { App } from "../app.ts";
import { DISPATCH_QUEUES } from "../jobs.ts";
import { openContent, remainsOf } from "../personal-content.ts";
import { planReceipts } from "../smpp/plan-deliveries.ts";

/**
 * The notification as cancelled; a second time changes nothing. Refuses what neither was scheduled nor is held, and what is on its way. `alsoDo` belongs
 * to it: both happen, once, or neither.
 */
export async function cancelScheduled(
  app: Pick<App, "db" | "clock" | "services">,
  notification: Notification,
  alsoDo: (tx: Tx) => Promise<void> = async () => {},
): Promise<Notification> {
  const { id, channel, status, scheduledFor } = notification;
  if (status === "cancelled") return notification;
  if (channel === "letter" || (scheduledFor === undefined && !(await isHeld(app.db, id)))) {
    throw new Refusal("bad-request", "Notification was not scheduled for later");
  }
  const cancelled = await app.db.transaction(async (tx) => {
    const moved = await takeBack(app, tx, { ...notification, channel });
    if (moved) await alsoDo(tx);
    return moved;
  });
  return cancelled ?? (await cancelledMeanwhile(app, notification));
}

type Waiting = Notification & { channel: DispatchedChannel };

/** The notification as cancelled; undefined, and nothing is changed, where somebody has begun to send it. */
export async function takeBack(
  app: Pick<App, "clock" | "services">,
  tx: Tx,
  notification: Waiting,
): Promise<Notification | undefined> {
  const { id, channel } = notification;
  const remains = await remainsAfterCancelling(app, notification);
  // The job is the sender's licence: whoever holds or has used it cannot be stopped.
  if (!(await withdraw(tx, DISPATCH_QUEUES[channel], id))) return undefined;
  const from = statusesBefore("cancelled");
  const at = app.clock.now();
  const [moved] = await moveStatus(tx, { ids: [id], to: "cancelled", from, at });
  if (!moved) return undefined;
  await planReceipts(app, tx, { notifications: [moved], at });
  await deleteHeld(tx, id);
  await insertEvents(tx, [{ notificationId: id, kind: "cancelled" }]);
  await forgetDocumentKeys(tx, [id]);
  await replaceContents(tx, remains);
  return { ...notification, status: moved.status, updatedAt: moved.updatedAt };
}

/** The words of one that will not be sent are not kept where they would not have been kept after. */
async function remainsAfterCancelling(app: Pick<App, "services">, notification: Notification) {
  const service = await app.services.find(notification.serviceId);
  const remains = service && remainsOf(service, notification.id, openContent(service, notification));
  return remains ? [{ id: notification.id, sealedContent: remains }] : [];
}

async function cancelledMeanwhile(app: Pick<App, "db">, { serviceId, id }: Notification): Promise<Notification> {
  const notification = await findNotification(app.db, serviceId, id);
  if (notification?.status === "cancelled") return notification;
  throw new Refusal("bad-request", "Notification cannot be cancelled: it is already being sent");
}
