/**
 * Tells services what became of their notifications: leases callbacks in batches, posts each, records every attempt and plans the next.
 * What has been answered while the last write was under way is written together. A worker that dies leaves leases that end: services
 * hear of everything at least once, and drop repeats by the `webhook-id`.
 */
import { type CallbackAnswer, type NextCallback, nextCallback } from "../../core/delivery/callback-timetable.ts";
import { type Batcher, createBatcher } from "../../platform/batcher.ts";
import type { Answer, Outbound } from "../../platform/http.ts";
import { timeOfId } from "../../platform/ids.ts";
import { errorFields } from "../../platform/log.ts";
import { consume, type Job, type NewJob } from "../../platform/queue.ts";
import { type Callbacks, createCallbacks } from "../../records/callbacks/callback-cache.ts";
import type { ReportedNotification } from "../../records/notifications/notification.ts";
import type { App } from "../app.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import type { CallbackJob } from "./callback-job.ts";
import {
  type ComposedCallback,
  composeCallback,
  headersOf,
  originOf,
  readSubjects,
  type Subjects,
  subjectsOf,
} from "./compose.ts";
import { Destination } from "./destination.ts";
import { type Settled, writeSettled } from "./settle.ts";

const TIMEOUT_MS = 5_000;
/** Only the status of an answer counts, but cutting it short would cost the connection. */
const ANSWER_MAX_BYTES = 64 * 1024;
const BATCH_MAX = 200;
const UNDER_WAY_MAX = 1_000;
/** Beyond this, what comes waits its turn in the queue. */
const TAKEN_MAX = UNDER_WAY_MAX / 2;
const BACKLOG_REMEMBERED_MS = 1_000;
/** A wait for room, the attempt and its record take half of this at most. */
const LEASE_MS = 30_000;
const WRITES_AT_ONCE_MAX = 2;
const SETTLED_MAX = 500;
/** Nobody waits for the record, and a statement costs the same for one callback as for fifty. */
const SETTLED_GATHER_MS = 25;
const DESTINATIONS_MAX = 5_000;
/** A destination that has not had room for a callback for so long will not have any. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000;

/** Takes callbacks on while they are being written down, so that those of quiet times need not be looked for and read again. */
export interface CallbackTaker {
  /** How long what it takes is leased for. */
  readonly leaseMs: number;
  /** Whether so many more can be begun at once, and nothing older waits. */
  mayTake(count: number): boolean;
  /** Jobs that were born leased and are now committed, with the notifications they tell about. */
  take(jobs: readonly NewJob[], notifications: readonly ReportedNotification[]): void;
}

export interface CallbackWorker extends CallbackTaker {
  /** Look for callbacks now. */
  wake(): void;
  /** Takes no more; resolves when those under way are done. */
  stop(): Promise<void>;
}

interface Desk {
  app: App;
  outbound: Outbound;
  callbacks: Callbacks;
  destinations: Map<string, Destination>;
  settled: Batcher<Settled>;
  underWay: number;
  /** When a whole batch was last found waiting, by the steady clock: more may wait behind it. */
  backlogSeenAtMs: number;
  /** What was taken without being looked for. */
  taken: Set<Promise<void>>;
  hasRoom: () => void;
}

export async function startCallbackWorker({
  app,
  outbound,
}: {
  app: App;
  outbound: Outbound;
}): Promise<CallbackWorker> {
  const desk: Desk = {
    app,
    outbound,
    callbacks: createCallbacks(app.db, app.services),
    destinations: new Map(),
    settled: createBatcher<Settled>({
      writesAtOnceMax: WRITES_AT_ONCE_MAX,
      itemsMax: SETTLED_MAX,
      gatherMs: SETTLED_GATHER_MS,
      write: (settled) => writeSettled(app, settled),
    }),
    underWay: 0,
    backlogSeenAtMs: Number.NEGATIVE_INFINITY,
    taken: new Set(),
    hasRoom: () => {},
  };
  const consumer = await consume<CallbackJob>(app.db, {
    queue: CALLBACK_QUEUE,
    batch: BATCH_MAX,
    leaseMs: LEASE_MS,
    room: () => roomOf(desk),
    handle: async (jobs) => {
      if (jobs.length === BATCH_MAX) desk.backlogSeenAtMs = performance.now();
      await makeCallbacks(desk, jobs, await readSubjects(app, jobs));
    },
    onError: (error) => app.log.error("callback.failed", errorFields(error)),
  });
  desk.hasRoom = () => consumer.hasRoom();
  return {
    ...taker(desk),
    wake: () => consumer.wake(),
    stop: async () => {
      await consumer.stop();
      await Promise.all(desk.taken);
    },
  };
}

function taker(desk: Desk): CallbackTaker {
  return {
    leaseMs: LEASE_MS,
    mayTake: (count) =>
      desk.underWay + count <= TAKEN_MAX && performance.now() - desk.backlogSeenAtMs > BACKLOG_REMEMBERED_MS,
    take: (entries, notifications) => {
      const jobs = entries.map(({ id, lane, payload }) => ({ id, lane, payload: payload as CallbackJob, leases: 1 }));
      const making = makeCallbacks(desk, jobs, subjectsOf({ notifications }))
        .catch((error) => desk.app.log.error("callback.failed", errorFields(error)))
        .finally(() => desk.taken.delete(making));
      desk.taken.add(making);
    },
  };
}

/** Whole batches or nothing: a statement for every single place that comes free would cost more than the callback. */
function roomOf({ underWay }: Desk): number {
  const room = UNDER_WAY_MAX - underWay;
  return room < BATCH_MAX ? 0 : room;
}

async function makeCallbacks(desk: Desk, jobs: readonly Job<CallbackJob>[], subjects: Subjects): Promise<void> {
  desk.underWay += jobs.length;
  const leave = (): void => {
    desk.underWay -= 1;
    if (desk.underWay === UNDER_WAY_MAX - BATCH_MAX) desk.hasRoom();
  };
  const made = await Promise.allSettled(jobs.map((job) => makeCallback(desk, job, subjects).finally(leave)));
  const failed = made.find((result): result is PromiseRejectedResult => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** Resolves when what came of it is written. */
async function makeCallback(desk: Desk, job: Job<CallbackJob>, subjects: Subjects): Promise<void> {
  const callback = await composeCallback(desk, job.payload, subjects);
  if (!callback) return desk.settled.add({ job, kind: "nothing-to-tell" });
  const destination = destinationOf(desk, originOf(callback.url));
  const mayGo = await destination.enter();
  const call = { callback, destination };
  await desk.settled.add(mayGo ? await attempt(desk, job, call) : putBack(desk, job, call));
}

interface Call {
  callback: ComposedCallback;
  destination: Destination;
}

async function attempt(
  { app, outbound }: Desk,
  job: Job<CallbackJob>,
  { callback, destination }: Call,
): Promise<Settled> {
  const startedAtMs = performance.now();
  const headers = headersOf(callback, { id: job.id, at: app.clock.now() });
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: ANSWER_MAX_BYTES };
  const answer = await outbound.post(callback.url, callback.body, { headers, ...limits });
  const durationMs = Math.round(performance.now() - startedAtMs);
  destination.leave(durationMs, answer.kind === "answered");
  const next = nextOf(answer, job.payload.made + 1, app.clock.now());
  return { job, kind: "attempted", answer, next, durationMs, isOwnUrl: callback.isOwnUrl };
}

/** An address that may not be called is refused for good; that it was not reached may be otherwise next time. */
function nextOf(answer: Answer, made: number, now: Date): NextCallback {
  if (answer.kind === "refused-address") return { kind: "give-up", reason: "refused" };
  const heard: CallbackAnswer =
    answer.kind === "answered" ? { kind: "answered", status: answer.status } : { kind: "unreachable" };
  return nextCallback({ made, answer: heard, now });
}

function putBack({ app }: Desk, job: Job<CallbackJob>, { callback, destination }: Call): Settled {
  const nowMs = app.clock.now().getTime();
  const isTooOld = nowMs - timeOfId(job.id).getTime() > GIVE_UP_AFTER_MS;
  if (isTooOld) return { job, kind: "no-room", isOwnUrl: callback.isOwnUrl };
  return { job, kind: "put-back", at: new Date(nowMs + destination.returnAfterMs(nowMs)) };
}

function destinationOf({ destinations, outbound }: Desk, origin: string): Destination {
  const known = destinations.get(origin);
  if (known) return known;
  if (destinations.size >= DESTINATIONS_MAX) forgetIdle(destinations);
  const destination = new Destination(outbound.connectionsPerDestination);
  destinations.set(origin, destination);
  return destination;
}

function forgetIdle(destinations: Map<string, Destination>): void {
  for (const [origin, destination] of destinations) if (destination.isIdle) destinations.delete(origin);
}
