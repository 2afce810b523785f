/**
 * How much is under way to one destination. Its window grows while it answers quickly and halves when it lets us wait, so that a
 * destination that hangs soon holds next to nothing, and never what others need. Those that find it full wait here if their turn will
 * come in a moment; else they go back to the queue.
 */

const WINDOW_FIRST = 8;
const WINDOW_MIN = 2;
const QUICK_MS = 1_000;
/** Until a destination has answered once. */
const GUESSED_MS = 50;
/** The share of the newest answer in the average. */
const NEWEST_SHARE = 0.2;
/**
 * Nobody waits here for longer than this, reckoned by how long its answers have taken. Where those are quick it is worth waiting: to go
 * back to the queue and come again costs more than the callback itself, and whoever does comes when the rush may be over.
 */
const WAIT_MAX_MS = { quick: 5_000, slow: 1_000 };
const RETURN_MIN_MS = 500;
const RETURN_MAX_MS = 120_000;

export class Destination {
  readonly #windowMax: number;
  readonly #waiting: ((mayGo: boolean) => void)[] = [];
  #window = WINDOW_FIRST;
  #underWay = 0;
  #averageMs = GUESSED_MS;
  #lastReturnMs = 0;

  constructor(windowMax: number) {
    this.#windowMax = windowMax;
    this.#window = Math.min(WINDOW_FIRST, windowMax);
  }

  get isIdle(): boolean {
    return this.#underWay === 0 && this.#waiting.length === 0;
  }

  /** Whether there is room, now or in a moment. Whoever was let in must `leave`. */
  enter(): Promise<boolean> {
    if (this.#underWay < this.#window) {
      this.#underWay += 1;
      return Promise.resolve(true);
    }
    if (this.#waiting.length >= this.#waitingMax()) return Promise.resolve(false);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** An attempt is over, after this long. */
  leave(tookMs: number, wasAnswered: boolean): void {
    this.#underWay -= 1;
    this.#averageMs += (tookMs - this.#averageMs) * NEWEST_SHARE;
    if (wasAnswered && tookMs < QUICK_MS) this.#window = Math.min(this.#window + 1, this.#windowMax);
    if (!wasAnswered && tookMs >= QUICK_MS) this.#window = Math.max(Math.floor(this.#window / 2), WINDOW_MIN);
    this.#letIn();
  }

  /** In how many milliseconds one that found no room should come back: at the pace at which there has been room. */
  returnAfterMs(nowMs: number): number {
    const earliest = Math.max(this.#lastReturnMs + this.#averageMs / this.#window, nowMs + RETURN_MIN_MS);
    this.#lastReturnMs = Math.min(earliest, nowMs + RETURN_MAX_MS);
    return this.#lastReturnMs - nowMs;
  }

  #letIn(): void {
    while (this.#underWay < this.#window && this.#waiting.length > 0) {
      this.#underWay += 1;
      this.#waiting.shift()?.(true);
    }
    while (this.#waiting.length > this.#waitingMax()) this.#waiting.pop()?.(false);
  }

  #waitingMax(): number {
    const waitMaxMs = this.#averageMs < QUICK_MS ? WAIT_MAX_MS.quick : WAIT_MAX_MS.slow;
    return Math.floor((waitMaxMs / this.#averageMs) * this.#window);
  }
}
