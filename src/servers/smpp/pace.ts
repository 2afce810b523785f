/** How many requests a second an account may make: a bucket that holds a second's worth, and fills as time passes. */
export class Pace {
  #tokens = Number.POSITIVE_INFINITY;
  #filledAtMs = 0;

  /** Takes one, at `nowMs` of a steady clock; false when it would be one too many. */
  take(ratePerSecond: number, nowMs: number): boolean {
    const filled = this.#tokens + ((nowMs - this.#filledAtMs) / 1_000) * ratePerSecond;
    this.#tokens = Math.min(ratePerSecond, filled);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
