/** Reports that came before we knew their message: looked at again until it is known, or so late that it never will be. */
import { errorFields } from "../../platform/log.ts";
import { acknowledge, type Consumer, consume, type Job, retryAt } from "../../platform/queue.ts";
import type { Receipt } from "../../providers/provider.ts";
import { findAwaitedReceipts } from "../../records/notifications/awaited-receipt-store.ts";
import type { App } from "../app.ts";
import { EARLY_RECEIPT_QUEUE } from "../jobs.ts";
import type { Receipts } from "./receipts.ts";

const BATCH_MAX = 200;
const LEASE_MS = 30_000;
/** Then, all in all, a message that was being sent when its process died has been sent again and has other ids. */
const TRIES_MAX = 8;
const RETRY_FIRST_MS = 1_000;

export interface EarlyReceipt {
  provider: string;
  receipt: Receipt;
  tries: number;
}

export function startEarlyReceipts(app: App, receipts: Receipts): Promise<Consumer> {
  return consume<EarlyReceipt>(app.db, {
    queue: EARLY_RECEIPT_QUEUE,
    batch: BATCH_MAX,
    leaseMs: LEASE_MS,
    room: () => BATCH_MAX,
    handle: async (jobs) => {
      await Promise.all(jobs.map((job) => lookAgain(app, receipts, job)));
    },
    onError: (error) => app.log.warn("early-receipt.queue-away", errorFields(error)),
  });
}

async function lookAgain(app: App, receipts: Receipts, job: Job<EarlyReceipt>): Promise<void> {
  const { provider, receipt, tries } = job.payload;
  const [known] = await findAwaitedReceipts(app.db, provider, [receipt.reference]);
  if (known) {
    await receipts.take({ provider, receipt });
    await acknowledge(app.db, EARLY_RECEIPT_QUEUE, [job.id]);
  } else if (tries >= TRIES_MAX) {
    app.log.info("receipt.unknown-message", { provider, status: receipt.status });
    await acknowledge(app.db, EARLY_RECEIPT_QUEUE, [job.id]);
  } else {
    const wakeAt = new Date(app.clock.now().getTime() + RETRY_FIRST_MS * 2 ** tries);
    await retryAt(app.db, EARLY_RECEIPT_QUEUE, [
      { id: job.id, wakeAt, payload: { provider, receipt, tries: tries + 1 } },
    ]);
  }
}
