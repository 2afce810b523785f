/** What was needed for a while and is no longer. */
import { deleteRunOutKeys } from "../../records/idempotency/idempotency-store.ts";
import { deletePassedOnParts, listLeftOverSets } from "../../records/inbound-messages/inbound-part-store.ts";
import { deleteDailyTotalsBefore } from "../../records/limits/daily-total-store.ts";
import { deleteUnreported } from "../../records/notifications/awaited-receipt-store.ts";
import { startOfDay } from "../../records/partitions/partition-store.ts";
import { deleteOldSandboxMessages } from "../../records/sandbox-outbox/sandbox-outbox-retention-store.ts";
import type { App } from "../app.ts";
import { passOnLeftOver } from "../inbound/take-part.ts";
import { inBatches } from "./in-batches.ts";

const HOUR_MS = 60 * 60_000;
const KEYS_AT_ONCE_MAX = 5_000;
const DAILY_TOTALS_DAYS = 7;
/** An hour after a notification without a report is given up. */
const AWAITED_HOURS = 73;
const SANDBOX_HOURS = 24;
const SANDBOX_MESSAGES_MAX = 10_000;
/** Carriers try to deliver a part for a day or so. */
const PARTS_WAIT_HOURS = 24;
/** So that a part which comes again is known for some time. */
const PARTS_KEPT_HOURS = 48;
const SETS_AT_ONCE_MAX = 200;

export async function deletePastKeys({ db }: App): Promise<{ keys: number }> {
  return { keys: await inBatches(KEYS_AT_ONCE_MAX, (limit) => deleteRunOutKeys(db, limit)) };
}

export async function deletePastTotals({ db, clock }: App): Promise<Record<string, never>> {
  const firstKept = startOfDay(clock.now(), -DAILY_TOTALS_DAYS);
  await deleteDailyTotalsBefore(db, firstKept.toISOString().slice(0, 10));
  return {};
}

export async function deletePastAwaited(app: App): Promise<Record<string, never>> {
  await deleteUnreported(app.db, hoursAgo(app, AWAITED_HOURS));
  return {};
}

export async function deletePastSandboxMessages(app: App): Promise<{ messages: number }> {
  const before = hoursAgo(app, SANDBOX_HOURS);
  return { messages: await deleteOldSandboxMessages(app.db, { before, keptMax: SANDBOX_MESSAGES_MAX }) };
}

/** Long texts of which a part never came are passed on as they are. */
export async function passOnLeftOvers(app: App): Promise<{ texts: number; parts: number }> {
  const texts = await inBatches(SETS_AT_ONCE_MAX, async (limit) => {
    const sets = await listLeftOverSets(app.db, hoursAgo(app, PARTS_WAIT_HOURS), limit);
    for (const set of sets) await passOnLeftOver(app, set);
    return sets.length;
  });
  return { texts, parts: await deletePassedOnParts(app.db, hoursAgo(app, PARTS_KEPT_HOURS)) };
}

function hoursAgo({ clock }: Pick<App, "clock">, hours: number): Date {
  return new Date(clock.now().getTime() - hours * HOUR_MS);
}
