/** What came of callbacks, written down: attempts recorded, jobs done or put off, all of a moment in one flight. */
import type { NextCallback } from "../../core/delivery/callback-timetable.ts";
import type { Answer } from "../../platform/http.ts";
import { acknowledge, type Job, retryAt } from "../../platform/queue.ts";
import { type CallbackAttempt, insertCallbackAttempts } from "../../records/callbacks/callback-attempt-store.ts";
import { noteFailures } from "../../records/callbacks/failing-callback-store.ts";
import type { App } from "../app.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import type { CallbackJob } from "./callback-job.ts";

interface Attempted {
  job: Job<CallbackJob>;
  kind: "attempted";
  answer: Answer;
  next: NextCallback;
  durationMs: number;
  /** It went to the notification's own address, which is no endpoint's. */
  isOwnUrl: boolean;
}

export type Settled =
  | Attempted
  /** Its subject is gone, or its service no longer wants to hear. */
  | { job: Job<CallbackJob>; kind: "nothing-to-tell" }
  /** The destination was full, and it will be tried later. */
  | { job: Job<CallbackJob>; kind: "put-back"; at: Date }
  /** The destination has been full for too long. */
  | { job: Job<CallbackJob>; kind: "no-room"; isOwnUrl: boolean };

const OUTCOMES = { delivered: "delivered", retry: "to-be-retried", "give-up": "given-up" } as const;

export async function writeSettled(
  { db, log, clock }: Pick<App, "db" | "log" | "clock">,
  settled: readonly Settled[],
): Promise<void> {
  const attempts = settled.flatMap(attemptOf);
  const postponed = settled.flatMap(postponementOf);
  const postponedIds = new Set(postponed.map(({ id }) => id));
  const doneIds = settled.map(({ job }) => job.id).filter((id) => !postponedIds.has(id));
  await db.flight((tx) => [
    insertCallbackAttempts(tx, attempts),
    noteFailures(tx, failuresOf(attempts), clock.now()),
    acknowledge(tx, CALLBACK_QUEUE, doneIds),
    retryAt(tx, CALLBACK_QUEUE, postponed),
  ]);
  const givenUp = attempts.filter(({ outcome }) => outcome === "given-up");
  if (givenUp.length > 0) log.warn("callback.given-up", { callbacks: givenUp.length, serviceIds: servicesOf(givenUp) });
}

/** By callback. Nothing is written of what was taken: whether anything was is looked up where failures have gone on for long. */
function failuresOf(attempts: readonly CallbackAttempt[]): Map<string, number> {
  const failures = new Map<string, number>();
  for (const { callbackId, outcome } of attempts) {
    if (callbackId !== undefined && outcome !== "delivered")
      failures.set(callbackId, (failures.get(callbackId) ?? 0) + 1);
  }
  return failures;
}

function attemptOf(settled: Settled): CallbackAttempt[] {
  if (settled.kind === "attempted") return [{ ...toldBy(settled), ...whatWasSaid(settled) }];
  if (settled.kind !== "no-room") return [];
  const problem = "the destination has had no room for it";
  return [{ ...toldBy(settled), outcome: "given-up", httpStatus: undefined, problem, durationMs: 0 }];
}

function toldBy({
  job: { payload },
  isOwnUrl,
}: Extract<Settled, { isOwnUrl: boolean }>): Pick<
  CallbackAttempt,
  "callbackId" | "serviceId" | "subjectId" | "kind" | "attempt"
> {
  const { callbackId, serviceId, subjectId, kind, made } = payload;
  return { callbackId: isOwnUrl ? undefined : callbackId, serviceId, subjectId, kind, attempt: made + 1 };
}

function whatWasSaid({
  answer,
  next,
  durationMs,
}: Attempted): Pick<CallbackAttempt, "outcome" | "httpStatus" | "problem" | "durationMs"> {
  const httpStatus = answer.kind === "answered" ? answer.status : undefined;
  return { outcome: OUTCOMES[next.kind], httpStatus, problem: problemOf(answer), durationMs };
}

function problemOf(answer: Answer): string | undefined {
  if (answer.kind === "answered") return undefined;
  return answer.kind === "timeout" ? "no answer in time" : answer.reason;
}

function postponementOf(settled: Settled): { id: string; wakeAt: Date; payload?: CallbackJob }[] {
  const { id, payload } = settled.job;
  if (settled.kind === "put-back") return [{ id, wakeAt: settled.at }];
  if (settled.kind !== "attempted" || settled.next.kind !== "retry") return [];
  return [{ id, wakeAt: settled.next.at, payload: { ...payload, made: payload.made + 1 } }];
}

function servicesOf(attempts: readonly CallbackAttempt[]): string[] {
  return [...new Set(attempts.map(({ serviceId }) => serviceId))];
}
