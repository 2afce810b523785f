/** What waits for customers' systems, and what they have begun and do not end. */
import { deleteAwaitedSmppReceipts, listSilentlySent } from "../../records/smpp-accounts/awaited-smpp-receipt-store.ts";
import { deleteSmppDeliveriesBefore } from "../../records/smpp-accounts/smpp-delivery-store.ts";
import { listWaitingSets } from "../../records/smpp-accounts/smpp-part-store.ts";
import type { App } from "../app.ts";
import { planSilentlySent } from "../smpp/plan-deliveries.ts";
import { giveUpSet } from "../smpp/take-part.ts";
import { inBatches } from "./in-batches.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The other parts of a text come at once, or after a bind has come back. */
const PARTS_WAIT_MS = 10 * MINUTE_MS;
/** A system that has not bound for so long is not told any more. */
const DELIVERIES_KEPT_MS = 7 * DAY_MS;
/** Longer than a message may wait for its time and for its carrier's report. */
const AWAITED_MS = 14 * DAY_MS;
const AT_ONCE_MAX = 500;
const DELETED_AT_ONCE_MAX = 5_000;

/** Long texts of which a part never came are not sent, and their system hears so. */
export async function giveUpParts(app: Pick<App, "db" | "clock" | "services">): Promise<{ parts: number }> {
  const before = new Date(app.clock.now().getTime() - PARTS_WAIT_MS);
  let parts = 0;
  for (const set of await listWaitingSets(app.db, before, AT_ONCE_MAX)) parts += await giveUpSet(app, set);
  return { parts };
}

/** To networks that never report, having been sent is all that will be heard. */
export async function reportSilentlySent({ db }: Pick<App, "db">): Promise<{ sent: number }> {
  const sent = await inBatches(AT_ONCE_MAX, async (limit) => {
    const notifications = await listSilentlySent(db, limit);
    await db.transaction((tx) => planSilentlySent(tx, notifications));
    return notifications.length;
  });
  return { sent };
}

export async function deletePastDeliveries({ db, clock }: Pick<App, "db" | "clock">): Promise<{ deliveries: number }> {
  const now = clock.now().getTime();
  const deliveries = await inBatches(DELETED_AT_ONCE_MAX, (limit) =>
    deleteSmppDeliveriesBefore(db, new Date(now - DELIVERIES_KEPT_MS), limit),
  );
  await inBatches(DELETED_AT_ONCE_MAX, (limit) => deleteAwaitedSmppReceipts(db, new Date(now - AWAITED_MS), limit));
  return { deliveries };
}
