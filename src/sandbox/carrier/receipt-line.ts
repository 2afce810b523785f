/** Where receipts pass on their way to the customer, and where they can be doubled or put in the wrong order. */
import type { Deliveries, Delivery } from "./deliveries.ts";
import type { CarrierFaults } from "./faults.ts";

/** Receipts held for reordering wait for others at most so long. */
const HELD_MAX_MS = 500;

export class ReceiptLine {
  readonly #deliveries: Deliveries;
  #held: Delivery[] = [];

  constructor(deliveries: Deliveries) {
    this.#deliveries = deliveries;
  }

  report(receipt: Delivery, faults: Pick<CarrierFaults, "duplicateReceipts" | "reorderReceipts">): void {
    const copies = faults.duplicateReceipts ? [receipt, receipt] : [receipt];
    for (const copy of copies) this.#pass(copy, faults.reorderReceipts);
  }

  #pass(receipt: Delivery, reorder: number): void {
    if (reorder <= 1 && this.#held.length === 0) {
      this.#deliveries.bring(receipt);
      return;
    }
    this.#held.push(receipt);
    if (this.#held.length === 1) setTimeout(() => this.#release(), HELD_MAX_MS).unref();
    if (this.#held.length >= reorder) this.#release();
  }

  /** Last first. */
  #release(): void {
    const held = this.#held.reverse();
    this.#held = [];
    for (const receipt of held) this.#deliveries.bring(receipt);
  }
}
