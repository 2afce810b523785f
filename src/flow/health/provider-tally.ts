/**
 * Counts how one provider fares in this process: by halves of a second, in rings that forget by themselves. Called for every message, so
 * it only adds; sums are made when somebody asks. Times are milliseconds since 1970.
 */
import { EMPTY_TALLY, type HealthRules, patienceMs, type Tally, type Trials } from "../../core/routing/health-rules.ts";
import type { Outcome } from "../../providers/provider.ts";

const BUCKET_MS = 500;
const ANSWERS_WINDOW_MS = 10_000;
const RECEIPTS_WINDOW_MS = 5 * 60_000;
/** Receipts by which it is learned how long they usually take. */
const SAMPLES_MAX = 100;
const SAMPLES_MIN = 20;
const WAITING_SAMPLES_MAX = 200;
const SAMPLE_EVERY_MS = 20;
const EARLY_MAX = 64;
const SAMPLE_WAITS_MAX_MS = 10 * 60_000;
const USUAL_SHARE = 0.95;

/** `not-asked`: our own pace or our own fault, which says nothing of the provider. */
export type Answered = "taken" | "failed" | "throttled" | "not-asked";

/** What an outcome says of the provider: one that refuses a message for the message's own fault does as it should. */
export function answeredBy(outcome: Outcome): Answered {
  if (outcome.kind === "accepted" || outcome.dueTo === "message") return "taken";
  if (outcome.dueTo === "us") return "not-asked";
  return outcome.kind === "unavailable" && outcome.retryAfterMs !== undefined ? "throttled" : "failed";
}

export class ProviderTally {
  readonly #rules: HealthRules;
  readonly #answers = new Ring(ANSWERS_WINDOW_MS, 4);
  /** By when they were handed over; as far back as an answer is waited for. */
  readonly #underWay = new Ring(RECEIPTS_WINDOW_MS, 1);
  readonly #receipts = new Ring(RECEIPTS_WINDOW_MS, 2);
  readonly #unreported = new Ring(RECEIPTS_WINDOW_MS, 1);
  readonly #waitingSamples = new Map<string, number>();
  readonly #delaysMs: number[] = [];
  /** The latest receipts that met no sample: some overtake the answer to their own message. */
  readonly #early: string[] = [];
  #earlyIndex = 0;
  #sampledAtMs = 0;
  #lastReceiptAtMs: number | undefined;
  /** Not in a ring: where a carrier is tried once in minutes, three trials are further apart than answers are remembered. */
  #trials: Trials = { ...EMPTY_TALLY.trials };
  #trialsFromMs = Number.POSITIVE_INFINITY;

  constructor(rules: HealthRules) {
    this.#rules = rules;
  }

  begin(nowMs: number): void {
    this.#underWay.add(nowMs, 0, 1);
  }

  answered(startedAtMs: number, nowMs: number, how: Answered): void {
    this.#underWay.add(startedAtMs, 0, -1);
    if (how === "not-asked") return;
    this.#answers.add(nowMs, ANSWER_COLUMNS[how], 1);
    const isSlow = nowMs - startedAtMs > this.#rules.slowAnswerMs;
    if (isSlow) this.#answers.add(nowMs, SLOW, 1);
    if (startedAtMs >= this.#trialsFromMs) this.#trials[how === "taken" && !isSlow ? "passed" : "failed"]++;
  }

  /** It took a message on which it is to report. */
  awaitReceipt(reference: string | undefined, nowMs: number): void {
    this.#unreported.add(nowMs, 0, 1);
    if (reference === undefined || nowMs - this.#sampledAtMs < SAMPLE_EVERY_MS) return;
    if (this.#waitingSamples.size >= WAITING_SAMPLES_MAX) return;
    this.#sampledAtMs = nowMs;
    if (this.#early.includes(reference)) this.#learn(0);
    else this.#waitingSamples.set(reference, nowMs);
  }

  receipt(reference: string, nowMs: number, end: "delivered" | "failed" | "pending"): void {
    this.#lastReceiptAtMs = nowMs;
    if (end !== "pending") this.#receipts.add(nowMs, end === "failed" ? 1 : 0, 1);
    if (end === "delivered" && nowMs >= this.#trialsFromMs) this.#trials.delivered++;
    const takenAtMs = this.#waitingSamples.get(reference);
    if (takenAtMs === undefined) {
      this.#early[this.#earlyIndex++ % EARLY_MAX] = reference;
      return;
    }
    this.#waitingSamples.delete(reference);
    this.#learn(nowMs - takenAtMs);
  }

  /** How long one receipt took, which another process waited for. */
  learn(delayMs: number): void {
    this.#learn(delayMs);
  }

  #learn(delayMs: number): void {
    this.#delaysMs.push(delayMs);
    if (this.#delaysMs.length > SAMPLES_MAX) this.#delaysMs.shift();
  }

  /** What is handed over from a moment on are trials; what was on its way when the circuit opened is none. */
  countTrials(fromMs: number): void {
    this.#trials = { ...EMPTY_TALLY.trials };
    this.#trialsFromMs = fromMs;
  }

  /** From here on only what comes counts; how long receipts usually take is remembered. */
  restart(nowMs: number): void {
    for (const ring of [this.#answers, this.#receipts, this.#unreported]) ring.clear();
    this.#lastReceiptAtMs = nowMs;
  }

  /** `elsewhere`: what another process knows of receipts. */
  sum(nowMs: number, elsewhere: Partial<Pick<Tally, "lastReceiptAtMs" | "usualReceiptMs">> = {}): Tally {
    this.#forgetSamples(nowMs);
    const { slowAnswerMs } = this.#rules;
    const usualReceiptMs = this.#usualReceiptMs();
    const heardAtMs = Math.max(this.#lastReceiptAtMs ?? 0, elsewhere.lastReceiptAtMs ?? 0);
    const missedUntilMs = nowMs - patienceMs(this.#rules, Math.max(usualReceiptMs ?? 0, elsewhere.usualReceiptMs ?? 0));
    return {
      ...EMPTY_TALLY,
      taken: this.#answers.sum(nowMs, ANSWER_COLUMNS.taken),
      failed: this.#answers.sum(nowMs, ANSWER_COLUMNS.failed),
      throttled: this.#answers.sum(nowMs, ANSWER_COLUMNS.throttled),
      slow: this.#answers.sum(nowMs, SLOW),
      underWay: this.#underWay.sum(nowMs, 0),
      overdue: this.#underWay.between(0, 0, nowMs - slowAnswerMs),
      reported: this.#receipts.sum(nowMs, 0) + this.#receipts.sum(nowMs, 1),
      reportedFailed: this.#receipts.sum(nowMs, 1),
      unreported: this.#unreported.between(0, heardAtMs, missedUntilMs),
      lastReceiptAtMs: this.#lastReceiptAtMs,
      usualReceiptMs,
      trials: { ...this.#trials },
    };
  }

  #usualReceiptMs(): number | undefined {
    if (this.#delaysMs.length < SAMPLES_MIN) return undefined;
    const sorted = this.#delaysMs.toSorted((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) * USUAL_SHARE)];
  }

  /** Some receipts go to other processes, and some never come. */
  #forgetSamples(nowMs: number): void {
    for (const [reference, takenAtMs] of this.#waitingSamples) {
      if (nowMs - takenAtMs < SAMPLE_WAITS_MAX_MS) return;
      this.#waitingSamples.delete(reference);
    }
  }
}

const ANSWER_COLUMNS = { taken: 0, failed: 1, throttled: 2 } as const;
const SLOW = 3;

/** Numbers by halves of a second, as far back as its window. */
class Ring {
  readonly #buckets: Int32Array;
  /** Which half second each bucket counts. */
  readonly #times: Float64Array;
  readonly #length: number;
  readonly #columns: number;

  constructor(windowMs: number, columns: number) {
    this.#length = Math.ceil(windowMs / BUCKET_MS);
    this.#columns = columns;
    this.#buckets = new Int32Array(this.#length * columns);
    this.#times = new Float64Array(this.#length);
  }

  add(atMs: number, column: number, count: number): void {
    const time = Math.floor(atMs / BUCKET_MS);
    const index = time % this.#length;
    if (this.#times[index] !== time) {
      if (count < 0) return; // So long ago that it has been forgotten.
      this.#times[index] = time;
      this.#buckets.fill(0, index * this.#columns, (index + 1) * this.#columns);
    }
    const at = index * this.#columns + column;
    this.#buckets[at] = (this.#buckets[at] ?? 0) + count;
  }

  sum(nowMs: number, column: number): number {
    return this.between(column, nowMs - this.#length * BUCKET_MS, Number.POSITIVE_INFINITY);
  }

  /** Of the buckets that lie wholly between two moments; one that the first moment lies in is left out. */
  between(column: number, fromMs: number, untilMs: number): number {
    const [first, last] = [fromMs / BUCKET_MS, untilMs / BUCKET_MS - 1];
    let sum = 0;
    for (let index = 0; index < this.#length; index++) {
      const time = this.#times[index] ?? 0;
      if (time > first && time <= last) sum += this.#buckets[index * this.#columns + column] ?? 0;
    }
    return sum;
  }

  clear(): void {
    this.#buckets.fill(0);
    this.#times.fill(0);
  }
}
