/** Letters on their way to being printable: those from templates are set on paper, those that came as PDFs are checked. */
import { statusesBefore } from "../../core/delivery/statuses.ts";
import { errorFields } from "../../platform/log.ts";
import type { LetterTypesetter } from "../../platform/pdf/letter-typesetter.ts";
import { acknowledge, type Consumer, consume, type Job, retryAt } from "../../platform/queue.ts";
import { findLetter } from "../../records/letters/letter-store.ts";
import { insertEvents } from "../../records/notifications/event-store.ts";
import { getNotifications, moveStatus } from "../../records/notifications/notification-store.ts";
import type { App } from "../app.ts";
import { LETTER_QUEUE } from "../jobs.ts";
import { checkLetter, type Inspector } from "./check-letter.ts";
import { type LetterOnDesk, makeLetter } from "./make-letter.ts";

/** Each is a PDF in memory, and waits for a thread. */
const LETTERS_AT_ONCE_MAX = 4;
/** Longer than a virus scan and an inspection take at worst. */
const LEASE_MS = 180_000;
const RETRY_AFTER_MS = 60_000;
const TRIES_MAX = 10;

export interface LetterWorkerOptions {
  app: App;
  typesetter: Pick<LetterTypesetter, "typeset">;
  inspector: Inspector;
}

/** Tries so far that failed; a job has none at first. */
type LetterJob = { tries: number } | undefined;

export function startLetterWorker(options: LetterWorkerOptions): Promise<Consumer> {
  const { app } = options;
  const underWay = new Set<string>();
  return consume<LetterJob>(app.db, {
    queue: LETTER_QUEUE,
    batch: LETTERS_AT_ONCE_MAX,
    leaseMs: LEASE_MS,
    room: () => LETTERS_AT_ONCE_MAX - underWay.size,
    handle: async (jobs) => {
      for (const { id } of jobs) underWay.add(id);
      await Promise.all(jobs.map((job) => work(options, job).finally(() => underWay.delete(job.id))));
    },
    onError: (error) => app.log.warn("letters.queue-away", errorFields(error)),
  });
}

/** A letter whose process died at it several times is one of those that end processes. */
async function work(options: LetterWorkerOptions, job: Job<LetterJob>): Promise<void> {
  const { app } = options;
  const tries = (job.payload?.tries ?? 0) + job.leases;
  try {
    const desk = tries > TRIES_MAX ? undefined : await readDesk(app, job.id);
    if (tries > TRIES_MAX) await giveUp(app, job.id);
    else if (desk?.notification.status === "pending-virus-check") await checkLetter(app, options.inspector, desk);
    else if (desk && isToBeMade(desk)) await makeLetter(app, options.typesetter, desk);
    await acknowledge(app.db, LETTER_QUEUE, [job.id]);
  } catch (error) {
    app.log.warn("letters.not-made", { notificationId: job.id, tries, ...errorFields(error) });
    const wakeAt = new Date(app.clock.now().getTime() + RETRY_AFTER_MS);
    await retryAt(app.db, LETTER_QUEUE, [{ id: job.id, wakeAt, payload: { tries } }]).catch(() => undefined);
  }
}

async function readDesk(app: App, id: string): Promise<LetterOnDesk | undefined> {
  const [[notification], letter] = await Promise.all([getNotifications(app.db, [id]), findLetter(app.db, id)]);
  const service = notification && (await app.services.find(notification.serviceId));
  return notification && letter && service && { notification, letter, service };
}

/** Not when it has been made already, and the process died before it said so. */
function isToBeMade({ notification: { status }, letter }: LetterOnDesk): boolean {
  return (status === "created" || status === "sending") && letter.pages === undefined && !letter.isPrecompiled;
}

async function giveUp(app: App, id: string): Promise<void> {
  await app.db.transaction(async (tx) => {
    const to = "technical-failure";
    const moved = await moveStatus(tx, { ids: [id], to, from: statusesBefore(to), at: app.clock.now() });
    if (moved.length > 0)
      await insertEvents(tx, [{ notificationId: id, kind: "gave-up", reason: "the letter could not be made" }]);
  });
  app.log.error("letters.given-up", { notificationId: id });
}
