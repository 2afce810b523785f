/**
 * Ends a reach, once, whoever does: its result is told, no step of it is taken any more, and what waits to be sent is taken back. A message
 * that somebody has begun to send cannot be stopped.
 */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { acknowledge, enqueue } from "../../platform/queue.ts";
import { findNotification } from "../../records/notifications/notification-store.ts";
import type { Reach } from "../../records/reaches/reach.ts";
import { type Ending, endReach } from "../../records/reaches/reach-store.ts";
import type { KeyKind } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { reachResultJobs } from "../callback/plan.ts";
import { takeBack } from "../intake/cancel-scheduled.ts";
import { CALLBACK_QUEUE, REACH_QUEUE } from "../jobs.ts";
import { cancellableUntil, takeLetterBack } from "../letters/cancel-letter.ts";
import { type ReachDetails, readReach } from "./read-reach.ts";

type Ender = Pick<App, "db" | "clock" | "services" | "wakeCallbacks">;

interface HowItEnds extends Omit<Ending, "id" | "at"> {
  /** Belongs to it: both happen or neither. */
  alsoDo?: (tx: Tx) => Promise<void>;
}

/** Whether it was this that ended it. */
export async function end(app: Ender, details: ReachDetails, { alsoDo, ...how }: HowItEnds): Promise<boolean> {
  const { id } = details.reach;
  const hasEnded = await app.db.transaction(async (tx) => {
    const reach = await endReach(tx, { ...how, id, at: app.clock.now() });
    if (!reach) return false;
    const unsent = details.steps.filter(({ number, status }) => number !== how.reachedStep && status === "created");
    for (const { notificationId } of unsent) await takeBackUnsent(app, tx, { reach, notificationId });
    await enqueue(tx, CALLBACK_QUEUE, { entries: await reachResultJobs(app, [reach]) });
    await acknowledge(tx, REACH_QUEUE, [id]);
    await alsoDo?.(tx);
    return true;
  });
  if (hasEnded) app.wakeCallbacks();
  return hasEnded;
}

/** What has reached the person is let be: a letter is on its way once it is there to print. */
async function takeBackUnsent(
  app: Ender,
  tx: Tx,
  { reach, notificationId = "" }: { reach: Reach; notificationId: string | undefined },
): Promise<void> {
  const notification = await findNotification(tx, reach.serviceId, notificationId);
  if (!notification) return;
  const { channel } = notification;
  if (channel !== "letter") await takeBack(app, tx, { ...notification, channel });
  else if (await cancellableUntil({ ...app, db: tx }, notification)) await takeLetterBack(app, tx, notification);
}

export interface Asked {
  serviceId: string;
  /** Of people left out. */
  keyKind?: KeyKind;
  id: string;
}

/** Whoever asked for it knows that the person was reached. Said again it changes nothing; said too late it is refused. */
export async function confirmReach(app: Ender, asked: Asked): Promise<ReachDetails> {
  const details = await readReach(app, asked);
  const { status } = details.reach;
  if (status === "reached") return details;
  if (status !== "working") throw new Refusal("bad-request", `Reach cannot be confirmed: it has ended as ${status}`);
  const latest = details.steps.findLast(({ begunAt, passedOver }) => begunAt && !passedOver);
  const how = { status: "reached", reachedBy: "confirmed", reachedStep: latest?.number } as const;
  return (await end(app, details, how)) ? readReach(app, asked) : confirmReach(app, asked);
}

/** Takes no more steps. Refuses one that has ended otherwise. */
export async function cancelReach(app: Ender, asked: Asked, actor?: Actor): Promise<ReachDetails> {
  const details = await readReach(app, asked);
  const { status } = details.reach;
  if (status === "cancelled") return details;
  if (status !== "working") throw new Refusal("bad-request", `Reach cannot be cancelled: it has ended as ${status}`);
  const { serviceId, id } = asked;
  const alsoDo = async (tx: Tx) => {
    if (actor) await recordDeed(tx, actor, { serviceId, action: "reach.cancelled", subject: id });
  };
  const hasEnded = await end(app, details, { status: "cancelled", alsoDo });
  return hasEnded ? readReach(app, asked) : cancelReach(app, asked, actor);
}
