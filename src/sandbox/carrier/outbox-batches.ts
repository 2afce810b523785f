/** Hands what the carrier took to the outbox in batches, one at a time, so that its table costs one statement for many texts. */
import { errorFields, type Log } from "../../platform/log.ts";
import type { SandboxText } from "./reassembly.ts";

const BATCH_MAX_TEXTS = 500;
const BATCH_WAIT_MS = 20;
/** Texts that wait while the outbox is slow; beyond this the oldest are not kept. */
const WAITING_MAX_TEXTS = 50_000;

export type Outbox = (texts: SandboxText[]) => Promise<void> | void;

export class OutboxBatches {
  readonly #outbox: Outbox;
  readonly #log: Log;
  #waiting: SandboxText[] = [];
  #handingOver: Promise<void> | undefined;

  constructor(outbox: Outbox, log: Log) {
    this.#outbox = outbox;
    this.#log = log;
  }

  add(text: SandboxText): void {
    this.#waiting.push(text);
    this.#handingOver ??= this.#handOver();
  }

  /** Resolves when everything added so far has been handed over. */
  async flush(): Promise<void> {
    await this.#handingOver;
  }

  async #handOver(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, BATCH_WAIT_MS));
    while (this.#waiting.length > 0) {
      this.#forgetWhatIsTooMuch();
      await this.#handOverOne(this.#waiting.splice(0, BATCH_MAX_TEXTS));
    }
    this.#handingOver = undefined;
  }

  async #handOverOne(batch: SandboxText[]): Promise<void> {
    try {
      await this.#outbox(batch);
    } catch (error) {
      this.#log.error("sandbox.outbox-failed", { texts: batch.length, ...errorFields(error) });
    }
  }

  #forgetWhatIsTooMuch(): void {
    const tooMany = this.#waiting.length - WAITING_MAX_TEXTS;
    if (tooMany <= 0) return;
    this.#waiting.splice(0, tooMany);
    this.#log.warn("sandbox.outbox-overrun", { texts: tooMany });
  }
}
