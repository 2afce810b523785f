/** Takes back a letter, as long as it has not gone to the printer. */
import { canMove, type Status, statusesBefore } from "../../core/delivery/statuses.ts";
import { cutOffFor } from "../../core/letter/print-timetable.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { withdraw } from "../../platform/queue.ts";
import { getPrintTimetable } from "../../records/deployment/print-settings.ts";
import { deleteHeld, findHeldUntil } from "../../records/held/held-message-store.ts";
import { lockLetter, stopAwaitingPrint } from "../../records/letters/letter-store.ts";
import { takeFromDailyTotal } from "../../records/limits/daily-total-store.ts";
import { insertEvents } from "../../records/notifications/event-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { findNotification, moveStatus } from "../../records/notifications/notification-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { LETTER_QUEUE } from "../jobs.ts";

const TOO_LATE = "It is too late to cancel this letter: printing starts at the cut-off of its day";
const DAY_CHARACTERS = "2026-11-30".length;

type Canceller = Pick<App, "db" | "clock">;

export interface Cancellable {
  until: Date;
  /** It waits for two people past its cut-off: the printer gets it only once they have released it. */
  isHeld: boolean;
}

/** Until when a letter may be taken back; undefined when it may not be any more. */
export async function cancellableUntil(
  { db, clock }: { db: Db; clock: App["clock"] },
  { id, status, createdAt, channel }: Pick<Notification, "id" | "status" | "createdAt" | "channel">,
): Promise<Cancellable | undefined> {
  if (channel !== "letter" || !canMove(status as Status, "cancelled")) return undefined;
  const cutOffAt = cutOffFor(await getPrintTimetable(db), createdAt);
  if (cutOffAt && cutOffAt > clock.now()) return { until: cutOffAt, isHeld: false };
  const until = await findHeldUntil(db, id);
  return until && { until, isHeld: true };
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
    if (!(await takeLetterBack(app, tx, notification))) throw new Refusal("bad-request", TOO_LATE);
    await recordDeed(tx, actor, { serviceId, action: "letter.cancelled", subject: notificationId });
  });
}

/** Whether it was taken back; not once it is on its way to the printer. The caller knows that its cut-off has not come. */
export async function takeLetterBack(
  { clock }: Pick<Canceller, "clock">,
  tx: Tx,
  { id, serviceId, keyKind, createdAt }: Notification,
): Promise<boolean> {
  const letter = await lockLetter(tx, id);
  if (letter?.printRunId !== undefined) return false;
  const to = "cancelled";
  const at = clock.now();
  const moved = await moveStatus(tx, { ids: [id], to, from: statusesBefore(to), at });
  if (moved.length === 0) return false;
  await stopAwaitingPrint(tx, id);
  // The job of one that was held would sleep for ever.
  if (await deleteHeld(tx, id)) await withdraw(tx, LETTER_QUEUE, id);
  await insertEvents(tx, [{ notificationId: id, kind: "cancelled" }]);
  if (keyKind !== "test" && dayOf(createdAt) === dayOf(at))
    await takeFromDailyTotal(tx, { serviceId, kind: "letter", day: dayOf(at) });
  return true;
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, DAY_CHARACTERS);
}
