/**
 * Hands runs of letters to their printers. A run that breaks off, because the printer is away or this process dies, is taken up where it
 * was: letters that were handed over are not handed over again, those that were under way are sent once more under the same name,
 * and a run that its printer has been told of is never told again.
 */
import { errorFields } from "../../platform/log.ts";
import { acknowledge, type Consumer, consume, extend, type Job, retryAt } from "../../platform/queue.ts";
import type { LetterProvider, RunOutcome } from "../../providers/provider.ts";
import {
  findPrintRun,
  type PrintRun,
  recordFailedTry,
  recordFinished,
  recordPrepared,
} from "../../records/letters/print-run-store.ts";
import type { App } from "../app.ts";
import type { Fleet } from "../dispatch/fleet.ts";
import { PRINT_RUN_QUEUE } from "../jobs.ts";
import { failLetters, listUnprinted } from "./fail-letters.ts";
import { handOverLetters, printedLetters, runNameOf } from "./hand-over.ts";

const RUNS_AT_ONCE_MAX = 4;
const LEASE_MS = 30_000;
/** Well within the lease. */
const EXTEND_EVERY_MS = 8_000;
/** A printer that was away for a moment, or whose settings have just been changed, is soon asked again. */
const FIRST_RETRIES_AFTER_MS = [5_000, 15_000, 60_000] as const;
const RETRY_AFTER_MS = 180_000;
const TRIES_MAX = 55;

export interface PrintWorkerOptions {
  app: App;
  fleet: Pick<Fleet, "find">;
}

export function startPrintWorker({ app, fleet }: PrintWorkerOptions): Promise<Consumer> {
  const underWay = new Set<string>();
  return consume(app.db, {
    queue: PRINT_RUN_QUEUE,
    batch: RUNS_AT_ONCE_MAX,
    leaseMs: LEASE_MS,
    room: () => RUNS_AT_ONCE_MAX - underWay.size,
    handle: async (jobs) => {
      for (const { id } of jobs) underWay.add(id);
      await Promise.all(jobs.map((job) => print(app, fleet, job).finally(() => underWay.delete(job.id))));
    },
    onError: (error) => app.log.warn("letters.print-queue-away", errorFields(error)),
  });
}

/** What nobody expected is found again when the lease ends. */
async function print(app: App, fleet: Pick<Fleet, "find">, { id }: Job): Promise<void> {
  const holding = setInterval(() => {
    void extend(app.db, PRINT_RUN_QUEUE, { ids: [id], leaseMs: LEASE_MS }).catch(() => undefined);
  }, EXTEND_EVERY_MS);
  try {
    const run = await findPrintRun(app.db, id);
    if (!run || run.finishedAt) return await acknowledge(app.db, PRINT_RUN_QUEUE, [id]);
    const outcome = await printRun(app, run, fleet.find(run.provider));
    if (outcome.kind === "done") await finish(app, run);
    else await tryLater(app, run, outcome.reason);
  } catch (error) {
    app.log.error("letters.print-run-failed", { runId: id, ...errorFields(error) });
  } finally {
    clearInterval(holding);
  }
}

async function printRun(app: App, run: PrintRun, made: ReturnType<Fleet["find"]>): Promise<RunOutcome> {
  if (made?.channel !== "letter") return { kind: "unavailable", reason: "the printer is not set up" };
  const { provider } = made;
  if (!run.preparedAt) {
    const handed = await handOverLetters(app, run, provider);
    if (handed.kind !== "done") return handed;
  }
  return release(app, run, provider);
}

/** For a printer that prints what was handed over together: its list is made ready, noted as ready, and then put where it looks. */
async function release(app: App, run: PrintRun, { runs }: LetterProvider): Promise<RunOutcome> {
  if (!runs) return { kind: "done" };
  const name = runNameOf(run);
  if (!run.preparedAt) {
    const letters = await printedLetters(app, run);
    if (letters.length === 0) return { kind: "done" };
    const prepared = await runs.prepare({ name, letters });
    if (prepared.kind !== "done") return prepared;
    await recordPrepared(app.db, run.id, app.clock.now());
  }
  return runs.release(name);
}

async function finish(app: App, run: PrintRun): Promise<void> {
  await app.db.transaction(async (tx) => {
    await recordFinished(tx, run.id, { at: app.clock.now(), problem: undefined });
    await acknowledge(tx, PRINT_RUN_QUEUE, [run.id]);
  });
  app.log.info("letters.print-run-finished", { runId: run.id, provider: run.provider, letters: run.letters });
}

/** How long a printer that failed this many times is left alone. */
export function retryAfterMs(tries: number): number {
  return FIRST_RETRIES_AFTER_MS[tries - 1] ?? RETRY_AFTER_MS;
}

async function tryLater(app: App, run: PrintRun, reason: string): Promise<void> {
  const now = app.clock.now();
  await app.db.transaction(async (tx) => {
    const tries = await recordFailedTry(tx, run.id, reason);
    if (tries < TRIES_MAX) {
      const wakeAt = new Date(now.getTime() + retryAfterMs(tries));
      await retryAt(tx, PRINT_RUN_QUEUE, [{ id: run.id, wakeAt }]);
      return app.log.warn("letters.print-run-put-off", { runId: run.id, provider: run.provider, reason, tries });
    }
    const ids = await listUnprinted(tx, run);
    await failLetters(app, tx, { ids, provider: run.provider, reason });
    await recordFinished(tx, run.id, { at: now, problem: reason });
    await acknowledge(tx, PRINT_RUN_QUEUE, [run.id]);
    app.log.error("letters.print-run-given-up", { runId: run.id, provider: run.provider, reason, letters: ids.length });
  });
}
