/** What the sandbox carrier can be told to do badly, as real carriers do. */
import { STATUS } from "../../platform/smpp/command-statuses.ts";

const SECOND_MS = 1_000;

export interface CarrierFaults {
  /** How long the answer to a submit takes. */
  answerDelayMs: number;
  /** How long after the answer the receipt comes. */
  receiptDelayMs: number;
  /** Refuses every nth submit with ESME_RTHROTTLED; 0 for none. */
  throttleEvery: number;
  /** Refuses submits beyond so many a second with ESME_RTHROTTLED; 0 for no limit. */
  maxPerSecond: number;
  /** Each receipt comes twice. */
  duplicateReceipts: boolean;
  /** Receipts are held until there are so many, and then come last first; 0 or 1 keeps their order. */
  reorderReceipts: number;
  /** The receipt comes before the answer to its submit. */
  receiptBeforeAnswer: boolean;
  /** Which base message ids are in, in the answer; the text of the receipt has the other. */
  messageIds: "as-is" | "hex-in-answer" | "decimal-in-answer";
  /** A link falls silent after so many submits, but stays connected; 0 for never. */
  silentAfter: number;
  /** A link is cut after so many submits, the last of them taken but not answered; 0 for never. */
  dropAfter: number;
  /** Receipts never come. */
  swallowReceipts: boolean;
  /** Every bind is refused. */
  refuseBinds: boolean;
}

export const NO_FAULTS: CarrierFaults = Object.freeze({
  answerDelayMs: 0,
  receiptDelayMs: 0,
  throttleEvery: 0,
  maxPerSecond: 0,
  duplicateReceipts: false,
  reorderReceipts: 0,
  receiptBeforeAnswer: false,
  messageIds: "as-is",
  silentAfter: 0,
  dropAfter: 0,
  swallowReceipts: false,
  refuseBinds: false,
} as const);

/** Counts submits, to say which of them are one too many. */
export class Throttle {
  #count = 0;
  #second = 0;
  #inSecond = 0;

  /** The command status for the next submit, at `now` milliseconds of a steady clock. */
  statusOfNext(faults: Pick<CarrierFaults, "throttleEvery" | "maxPerSecond">, now: number): number {
    this.#count++;
    const isNth = faults.throttleEvery > 0 && this.#count % faults.throttleEvery === 0;
    return isNth || this.#isTooFast(faults.maxPerSecond, now) ? STATUS.ESME_RTHROTTLED : STATUS.ESME_ROK;
  }

  #isTooFast(maxPerSecond: number, now: number): boolean {
    if (maxPerSecond === 0) return false;
    const second = Math.floor(now / SECOND_MS);
    if (second !== this.#second) this.#inSecond = 0;
    this.#second = second;
    if (this.#inSecond >= maxPerSecond) return true;
    this.#inSecond++;
    return false;
  }
}
