/** Takes back a letter, as long as it has not gone to the printer. */
import { canMove, type Status, statusesBefore } from "../../core/delivery/statuses.ts";
import { cutOffFor } from "../../core/letter/print-timetable.ts";
import { Refusal } from "../../core/refusal.ts";
import { getPrintTimetable } from "../../records/deployment/print-settings.ts";
import { lockLetter, stopAwaitingPrint } from "../../records/letters/letter-store.ts";
import { takeFromDailyTotal } from "../../records/limits/daily-total-store.ts";
import { insertEvents } from "../../records/notifications/event-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { findNotification, moveStatus } from "../../records/notifications/notification-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";

const TOO_LATE = "It is too late to cancel this letter: printing starts at the cut-off of its day";
const DAY_CHARACTERS = "2026-11-30".length;

type Canceller = Pick<App, "db" | "clock">;

/** Until when a letter may be taken back; undefined when it may not be any more. */
export async function cancellableUntil(
  { db, clock }: Canceller,
  { status, createdAt, channel }: Pick<Notification, "status" | "createdAt" | "channel">,
): Promise<Date | undefined> {
  if (channel !== "letter" || !canMove(status as Status, "cancelled")) return undefined;
  const cutOffAt = cutOffFor(await getPrintTimetable(db), createdAt);
  return cutOffAt && cutOffAt > clock.now() ? cutOffAt : undefined;
}

/** What it counted towards its day's limit is given back while that day lasts. A second time changes nothing. */
export async function cancelLetter(
  app: Canceller,
  actor: Actor,
  { serviceId, notificationId }: { serviceId: string; notificationId: string },
): Promise<void> {
  const notification = await findNotification(app.db, serviceId, notificationId);
  if (notification?.channel !== "letter") throw new Refusal("not-found", "There is no such letter");
  if (notification.status === "cancelled") return;
  if (!(await cancellableUntil(app, notification))) throw new Refusal("bad-request", TOO_LATE);
  await app.db.transaction(async (tx) => {
    const letter = await lockLetter(tx, notificationId);
    if (letter?.printRunId !== undefined) throw new Refusal("bad-request", TOO_LATE);
    const to = "cancelled";
    const at = app.clock.now();
    const moved = await moveStatus(tx, { ids: [notificationId], to, from: statusesBefore(to), at });
    if (moved.length === 0) throw new Refusal("bad-request", TOO_LATE);
    await stopAwaitingPrint(tx, notificationId);
    await insertEvents(tx, [{ notificationId, kind: "cancelled" }]);
    if (notification.keyKind !== "test" && dayOf(notification.createdAt) === dayOf(at))
      await takeFromDailyTotal(tx, { serviceId, kind: "letter", day: dayOf(at) });
    await recordDeed(tx, actor, { serviceId, action: "letter.cancelled", subject: notificationId });
  });
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, DAY_CHARACTERS);
}
