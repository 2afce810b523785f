/** Letters that got stuck on their way to paper, PDFs of letters that nobody keeps any more, and uploads that nobody sends. */
import { timeOfId } from "../../platform/ids.ts";
import { enqueue, LANES } from "../../platform/queue.ts";
import { deleteLetterAttachments, listUnclaimedAttachments } from "../../records/letters/letter-attachment-store.ts";
import {
  deleteLetters,
  deletePastRuns,
  listIdsWithoutLetter,
  listPastLetters,
  listStuckLetters,
  listStuckRuns,
} from "../../records/letters/letter-upkeep-store.ts";
import { deleteLetterUploads, listUploadsBefore } from "../../records/letters/letter-upload-store.ts";
import type { App } from "../app.ts";
import { LETTER_QUEUE, PRINT_RUN_QUEUE } from "../jobs.ts";
import { letterFileKey, letterFolder, letterIdIn } from "../letters/letter-files.ts";
import { UPLOAD_KEPT_DAYS } from "../sending/letter-upload.ts";
import { inBatches } from "./in-batches.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const STUCK_AFTER_MS = HOUR_MS;
/** What has been stuck for longer is beyond help. */
const STUCK_LOOK_BACK_MS = 7 * DAY_MS;
const AT_ONCE_MAX = 500;
/** Far longer than a request takes. */
const UNCLAIMED_AFTER_MS = HOUR_MS;
/** Upkeep that was away for longer leaves what it missed. */
const UNCLAIMED_LOOK_BACK_DAYS = 7;
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

/**
 * PDFs of letters that were never accepted, because whoever had kept them was killed before they were committed, and attached pages that
 * no template came to have. Nobody can ask for either.
 */
export async function deleteUnclaimedPages(
  app: Finisher & Pick<App, "blobs">,
): Promise<Record<"pdfs" | "pages", number>> {
  const before = new Date(app.clock.now().getTime() - UNCLAIMED_AFTER_MS);
  let pdfs = 0;
  for (let days = 0; days <= UNCLAIMED_LOOK_BACK_DAYS; days += 1) {
    pdfs += await deleteUnclaimedOf(app, { day: new Date(before.getTime() - days * DAY_MS), before });
  }
  const pages = await inBatches(AT_ONCE_MAX, async (limit) => {
    const unclaimed = await listUnclaimedAttachments(app.db, { before, limit });
    for (const { storedAs } of unclaimed) await app.blobs.delete(storedAs);
    await deleteLetterAttachments(
      app.db,
      unclaimed.map(({ id }) => id),
    );
    return unclaimed.length;
  });
  return { pdfs, pages };
}

/** Looks at a day's files rather than keeping a note of each letter that is about to be: those who are killed are few. */
async function deleteUnclaimedOf(
  { db, blobs }: Pick<App, "db" | "blobs">,
  { day, before }: { day: Date; before: Date },
): Promise<number> {
  let deleted = 0;
  let batch = new Map<string, string>();
  const look = async () => {
    for (const id of await listIdsWithoutLetter(db, [...batch.keys()])) {
      await blobs.delete(batch.get(id) ?? "");
      deleted += 1;
    }
    batch = new Map();
  };
  for await (const key of blobs.list(letterFolder(day))) {
    const id = letterIdIn(key);
    if (id !== undefined && timeOfId(id) < before) batch.set(id, key);
    if (batch.size >= AT_ONCE_MAX) await look();
  }
  await look();
  return deleted;
}

/** The PDF goes before the row that says where it is: what is interrupted is done again. */
export async function deletePastLetters({
  db,
  blobs,
  clock,
}: Finisher & Pick<App, "blobs">): Promise<Record<"letters" | "runs", number>> {
  const letters = await inBatches(AT_ONCE_MAX, async (limit) => {
    const past = await listPastLetters(db, limit);
    // Kept by a worker that died before it could say so, there may be one of which the row knows nothing.
    for (const { id, storedAs } of past) await blobs.delete(storedAs ?? letterFileKey({ id, createdAt: timeOfId(id) }));
    await deleteLetters(
      db,
      past.map(({ id }) => id),
    );
    return past.length;
  });
  return { letters, runs: await deletePastRuns(db, new Date(clock.now().getTime() - RUN_KEPT_MS)) };
}

/** Sent or not: what was sent is a letter, with a PDF of its own. */
export async function deletePastUploads({
  db,
  blobs,
  clock,
}: Finisher & Pick<App, "blobs">): Promise<Record<"uploads", number>> {
  const before = new Date(clock.now().getTime() - UPLOAD_KEPT_DAYS * DAY_MS);
  const uploads = await inBatches(AT_ONCE_MAX, async (limit) => {
    const past = await listUploadsBefore(db, { before, limit });
    for (const { storedAs } of past) await blobs.delete(storedAs);
    await deleteLetterUploads(
      db,
      past.map(({ id }) => id),
    );
    return past.length;
  });
  return { uploads };
}
