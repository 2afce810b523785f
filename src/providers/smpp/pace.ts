/**
 * How fast we may send: the rate the carrier agreed to, and, for a while after it has told us to slow down, the rate it was seen
 * to bear. Counts in parts. The time is given in milliseconds of any steady clock.
 */

/** How far ahead of an even pace a burst may run. */
const BURST_MS = 100;
/** Who would have to wait longer for its turn had better go elsewhere. */
export const WAIT_MAX_MS = 1_000;
const PAUSE_MIN_MS = 500;
const PAUSE_MAX_MS = 8_000;
/** What was borne when the carrier objected was too much: begin below it, and feel the way back up. */
const CAUTION = 0.8;
const GROWTH_PER_SECOND = 1.05;
const FORGET_AFTER_MS = 60_000;
const SECOND_MS = 1_000;

export class Pace {
  readonly #agreedPerSecond: number;
  /** Infinity until the carrier objects. */
  #borneAtMost = Number.POSITIVE_INFINITY;
  #borneSince = 0;
  /** When the next part is due, in an even flow. */
  #freeAt = Number.NEGATIVE_INFINITY;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #pauseMs = PAUSE_MIN_MS;
  #secondStartedAt = 0;
  #takenThisSecond = 0;
  #takenLastSecond = 0;

  constructor(agreedPerSecond: number = Number.POSITIVE_INFINITY) {
    this.#agreedPerSecond = agreedPerSecond;
  }

  /** How many parts could leave at once; Infinity where nobody set a limit. */
  capacity(now: number): number {
    if (now < this.#pausedUntil) return 0;
    const intervalMs = this.#intervalMs(now);
    if (intervalMs === 0) return Number.POSITIVE_INFINITY;
    const ahead = now + BURST_MS - Math.max(this.#freeAt, now);
    return Math.max(0, Math.floor(ahead / intervalMs) + (ahead >= 0 ? 1 : 0));
  }

  /** Books `parts`: the milliseconds they must wait to keep the pace, or undefined (nothing booked) when that is over a second. */
  book(parts: number, now: number): number | undefined {
    const start = Math.max(this.#freeAt, now);
    const waitMs = Math.max(0, this.#pausedUntil - now, start - now - BURST_MS);
    if (waitMs > WAIT_MAX_MS) return undefined;
    this.#freeAt = start + parts * this.#intervalMs(now);
    return waitMs;
  }

  /** The carrier took a part. */
  taken(now: number): void {
    this.#count(now);
    this.#takenThisSecond++;
    if (now - this.#borneSince > FORGET_AFTER_MS) this.#borneAtMost = Number.POSITIVE_INFINITY;
    if (now > this.#pausedUntil + PAUSE_MAX_MS) this.#pauseMs = PAUSE_MIN_MS;
  }

  /** The carrier told us to slow down. Returns how long to leave it alone, in milliseconds. */
  slowDown(now: number): number {
    if (now < this.#pausedUntil) return this.#pausedUntil - now;
    this.#count(now);
    const seen = Math.max(this.#takenThisSecond, this.#takenLastSecond, 1);
    this.#borneAtMost = Math.max(1, Math.min(this.#rate(now), seen) * CAUTION);
    this.#borneSince = now;
    this.#pausedUntil = now + this.#pauseMs;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(PAUSE_MAX_MS, this.#pauseMs * 2);
    return pauseMs;
  }

  #rate(now: number): number {
    const growth = GROWTH_PER_SECOND ** ((now - this.#borneSince) / SECOND_MS);
    return Math.min(this.#agreedPerSecond, this.#borneAtMost * growth);
  }

  #intervalMs(now: number): number {
    return SECOND_MS / this.#rate(now);
  }

  #count(now: number): void {
    const seconds = Math.floor((now - this.#secondStartedAt) / SECOND_MS);
    if (seconds === 0) return;
    this.#takenLastSecond = seconds === 1 ? this.#takenThisSecond : 0;
    this.#takenThisSecond = 0;
    this.#secondStartedAt += seconds * SECOND_MS;
  }
}
