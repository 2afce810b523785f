/** Notifications that have stayed where they are for too long: nobody reported on them, or nobody is about to send them. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import { enqueue } from "../../platform/queue.ts";
import { moveStatus } from "../../records/notifications/notification-store.ts";
import {
  listUnqueued,
  listUnreported,
  type Span,
  type Unqueued,
} from "../../records/notifications/unfinished-store.ts";
import type { App } from "../app.ts";
import { deliveryReceiptJobs } from "../callback/plan.ts";
import { CALLBACK_QUEUE, DISPATCH_QUEUES } from "../jobs.ts";
import { noteEnded } from "../quality/note-ended.ts";
import { planReceipts } from "../smpp/plan-deliveries.ts";
import { inBatches } from "./in-batches.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A carrier that has not reported by then will not. */
const UNREPORTED_AFTER_MS = 72 * HOUR_MS;
/** Longer than we are ever down. */
const UNREPORTED_LOOK_BACK_MS = 14 * DAY_MS;
const UNQUEUED_AFTER_MS = HOUR_MS;
const AT_ONCE_MAX = 500;

type Finisher = Pick<App, "db" | "clock" | "services">;
type TimeKeeper = Finisher & Pick<App, "quality">;

/** What has not been reported on within 72 hours counts as a temporary failure, and its service is told so. */
export async function timeOutUnreported(app: TimeKeeper): Promise<{ timedOut: number }> {
  const before = new Date(app.clock.now().getTime() - UNREPORTED_AFTER_MS);
  let timedOut = 0;
  for (const span of hoursOf({ from: new Date(before.getTime() - UNREPORTED_LOOK_BACK_MS), before })) {
    timedOut += await inBatches(AT_ONCE_MAX, async (limit) => timeOut(app, await listUnreported(app.db, span, limit)));
  }
  return { timedOut };
}

/** Puts back into its queue what should have been sent an hour ago and waits in none. */
export async function requeueLost(app: Finisher, lookBackMs: number): Promise<{ requeued: number }> {
  const dueBefore = new Date(app.clock.now().getTime() - UNQUEUED_AFTER_MS);
  const queues = Object.values(DISPATCH_QUEUES);
  let requeued = 0;
  for (const span of hoursOf({ from: new Date(dueBefore.getTime() - lookBackMs), before: dueBefore })) {
    requeued += await inBatches(AT_ONCE_MAX, async (limit) =>
      requeue(app, await listUnqueued(app.db, { ...span, dueBefore }, { queues, limit })),
    );
  }
  return { requeued };
}

async function timeOut(app: TimeKeeper, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const ended = await app.db.transaction(async (tx) => {
    const to = "temporary-failure";
    const at = app.clock.now();
    const moved = await moveStatus(tx, { ids, to, from: ["sending", "pending"], at });
    await planReceipts(app, tx, { notifications: moved, at });
    await enqueue(tx, CALLBACK_QUEUE, { entries: await deliveryReceiptJobs(app, moved) });
    return moved;
  });
  noteEnded(app, ended);
  return ended.length;
}

async function requeue(app: Finisher, lost: readonly Unqueued[]): Promise<number> {
  const queues = Object.entries(DISPATCH_QUEUES) as [DispatchedChannel, string][];
  await app.db.transaction(async (tx) => {
    for (const [channel, queue] of queues) {
      const entries = lost
        .filter((notification) => notification.channel === channel)
        .map(({ id, lane, serviceId }) => ({ id, lane, group: serviceId }));
      await enqueue(tx, queue, { entries });
    }
  });
  return lost.length;
}

/** A span hour by hour: no statement reads more than an hour's notifications. */
function hoursOf({ from, before }: Span): Span[] {
  const hours = Math.ceil((before.getTime() - from.getTime()) / HOUR_MS);
  return Array.from({ length: hours }, (_, hour) => ({
    from: new Date(from.getTime() + hour * HOUR_MS),
    before: new Date(Math.min(from.getTime() + (hour + 1) * HOUR_MS, before.getTime())),
  }));
}
