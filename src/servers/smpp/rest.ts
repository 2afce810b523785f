/**
 * How long a system is left alone that refuses what it is brought, or says nothing. Without it every row that waits for that system
 * would be tried and put off in turn, and each look for what is due would walk past them all: at everybody's cost.
 */
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 5 * 60_000;
const DOUBLINGS_MAX = 10;

export class Rest {
  /** Rests in a row, without an acknowledgement between them. */
  #inRow = 0;
  #untilMs = 0;

  /** At `nowMs` of a steady clock. Of many refusals at once the first alone counts: they answer what was brought together. */
  begin(nowMs: number): void {
    if (this.isOn(nowMs)) return;
    this.#inRow += 1;
    this.#untilMs = nowMs + retryAfterMs(this.#inRow);
  }

  /** Something was acknowledged: the next rest is a short one. This one lasts, lest one row in a hundred let the others through. */
  shorten(): void {
    this.#inRow = 0;
  }

  isOn(nowMs: number): boolean {
    return nowMs < this.#untilMs;
  }
}

/** After so many tries, this one included. */
export function retryAfterMs(tries: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(tries - 1, DOUBLINGS_MAX));
}
