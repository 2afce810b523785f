/** Letters that got stuck on their way to paper, and PDFs of letters that nobody keeps any more. */
import { enqueue, LANES } from "../../platform/queue.ts";
import {
  deleteLetters,
  deletePastRuns,
  listPastLetters,
  listStuckLetters,
  listStuckRuns,
} from "../../records/letters/letter-upkeep-store.ts";
import type { App } from "../app.ts";
import { LETTER_QUEUE, PRINT_RUN_QUEUE } from "../jobs.ts";
import { inBatches } from "./in-batches.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const STUCK_AFTER_MS = HOUR_MS;
/** What has been stuck for longer is beyond help. */
const STUCK_LOOK_BACK_MS = 7 * DAY_MS;
const AT_ONCE_MAX = 500;
/** A run's own record outlives its letters by little: long enough to ask the printer about it. */
const RUN_KEPT_MS = 30 * DAY_MS;

type Finisher = Pick<App, "db" | "clock">;

/** Puts back into their queues letters and runs that should have been dealt with an hour ago. */
export async function requeueStuckLetters({ db, clock }: Finisher): Promise<{ letters: number; runs: number }> {
  const before = new Date(clock.now().getTime() - STUCK_AFTER_MS);
  const span = { from: new Date(before.getTime() - STUCK_LOOK_BACK_MS), before };
  const letters = await inBatches(AT_ONCE_MAX, async (limit) => {
    const stuck = await listStuckLetters(db, span, { queue: LETTER_QUEUE, limit });
    const entries = stuck.map(({ id, lane, serviceId }) => ({ id, lane, group: serviceId }));
    await db.transaction((tx) => enqueue(tx, LETTER_QUEUE, { entries }));
    return stuck.length;
  });
  const runs = await inBatches(AT_ONCE_MAX, async (limit) => {
    const stuck = await listStuckRuns(db, { before, queue: PRINT_RUN_QUEUE, limit });
    const entries = stuck.map(({ id, provider }) => ({ id, lane: LANES.normal, group: provider }));
    await db.transaction((tx) => enqueue(tx, PRINT_RUN_QUEUE, { entries }));
    return stuck.length;
  });
  return { letters, runs };
}

/** The PDF goes before the row that says where it is: what is interrupted is done again. */
export async function deletePastLetters({
  db,
  blobs,
  clock,
}: Finisher & Pick<App, "blobs">): Promise<Record<"letters" | "runs", number>> {
  const letters = await inBatches(AT_ONCE_MAX, async (limit) => {
    const past = await listPastLetters(db, limit);
    for (const { storedAs } of past) if (storedAs !== undefined) await blobs.delete(storedAs);
    await deleteLetters(
      db,
      past.map(({ id }) => id),
    );
    return past.length;
  });
  return { letters, runs: await deletePastRuns(db, new Date(clock.now().getTime() - RUN_KEPT_MS)) };
}
