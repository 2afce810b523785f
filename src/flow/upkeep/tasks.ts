/** All housekeeping: what, and when. Moments are UTC, where Notify's API has the same ones. */
import { makePartitionsAround } from "../../records/partitions/partition-store.ts";
import { watchAlerts } from "../alerts/watch-alerts.ts";
import type { App } from "../app.ts";
import { pauseFailingEndpoints } from "../callback/pause-failing.ts";
import { deleteFloods, tellOfFloods } from "../floods/tend-floods.ts";
import { tendHeld } from "../held/release.ts";
import { tellOfHeld } from "../held/tell-of-held.ts";
import { latestPrintRunDue, startDayRun } from "../letters/start-print-runs.ts";
import { settleHolds } from "../money/settle-holds.ts";
import { checkBalances, tellOfLowBalances } from "../money/watch-balances.ts";
import { tidyPeople } from "../people/tidy-people.ts";
import { deletePastAudit } from "../platform/audit-period.ts";
import { foldOldQuality } from "../quality/read-quality.ts";
import { countHours } from "../statistics/count-hours.ts";
import { warnOfBudgets } from "../statistics/warn-of-budgets.ts";
import { deletePastLetters, deletePastUploads, deleteUnclaimedPages, requeueStuckLetters } from "./letters.ts";
import { deletePastFiles, deleteUnclaimedFiles, deleteUnneededTemplateFiles } from "./past-documents.ts";
import { deletePastInboundMessages, deletePastNotifications } from "./retention.ts";
import type { Schedule } from "./schedule.ts";
import { deletePastDeliveries, giveUpParts, reportSilentlySent } from "./smpp-door.ts";
import {
  deleteOldChatContacts,
  deleteOldFailures,
  deleteOldLookups,
  deleteOldReaches,
  deletePastAwaited,
  deletePastCanaryMessages,
  deletePastKeys,
  deletePastPageData,
  deletePastSandboxMessages,
  deletePastTotals,
  deleteRepeats,
  passOnLeftOvers,
  revokeExpired,
  tidyVerifications,
} from "./tidy.ts";
import { requeueLost, timeOutUnreported } from "./unfinished.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface Task {
  name: string;
  /** At the same moments of UTC every day, or whenever it says. */
  schedule: Schedule | ((app: App) => Promise<Date>);
  /** Says with how many of what it dealt. */
  run(app: App): Promise<Record<string, number>>;
}

export const TASKS: readonly Task[] = [
  { name: "make-partitions", schedule: { everyMs: HOUR_MS }, run: makePartitions },
  { name: "requeue-lost", schedule: { everyMs: 15 * MINUTE_MS }, run: (app) => requeueLost(app, 3 * HOUR_MS) },
  {
    name: "requeue-long-lost",
    schedule: { everyMs: DAY_MS, afterMs: 30 * MINUTE_MS },
    run: (app) => requeueLost(app, 7 * DAY_MS),
  },
  { name: "time-out-unreported", schedule: { everyMs: DAY_MS, afterMs: 5 * MINUTE_MS }, run: timeOutUnreported },
  { name: "print-letters", schedule: latestPrintRunDue, run: startDayRun },
  { name: "count-hours", schedule: { everyMs: 5 * MINUTE_MS }, run: countHours },
  { name: "warn-of-budgets", schedule: { everyMs: 15 * MINUTE_MS, afterMs: 3 * MINUTE_MS }, run: warnOfBudgets },
  { name: "watch-alerts", schedule: { everyMs: MINUTE_MS }, run: watchAlerts },
  { name: "fold-quality", schedule: { everyMs: HOUR_MS, afterMs: 11 * MINUTE_MS }, run: foldOldQuality },
  { name: "tend-held-messages", schedule: { everyMs: MINUTE_MS }, run: tendHeld },
  { name: "tell-of-held-messages", schedule: { everyMs: MINUTE_MS }, run: tellOfHeld },
  { name: "tell-of-floods", schedule: { everyMs: MINUTE_MS }, run: tellOfFloods },
  { name: "settle-holds", schedule: { everyMs: MINUTE_MS }, run: settleHolds },
  { name: "tell-of-low-balances", schedule: { everyMs: MINUTE_MS }, run: tellOfLowBalances },
  { name: "check-balances", schedule: { everyMs: HOUR_MS, afterMs: 7 * MINUTE_MS }, run: checkBalances },
  {
    name: "pause-failing-endpoints",
    schedule: { everyMs: 15 * MINUTE_MS, afterMs: 6 * MINUTE_MS },
    run: pauseFailingEndpoints,
  },
  {
    name: "delete-past-texts",
    schedule: { everyMs: DAY_MS, afterMs: 100 * MINUTE_MS },
    run: deletePastInboundMessages,
  },
  {
    name: "delete-past-notifications",
    schedule: { everyMs: DAY_MS, afterMs: 3 * HOUR_MS },
    run: deletePastNotifications,
  },
  { name: "delete-past-files", schedule: { everyMs: HOUR_MS }, run: deletePastFiles },
  { name: "delete-unclaimed-files", schedule: { everyMs: HOUR_MS }, run: deleteUnclaimedFiles },
  { name: "delete-unneeded-template-files", schedule: { everyMs: HOUR_MS }, run: deleteUnneededTemplateFiles },
  { name: "requeue-stuck-letters", schedule: { everyMs: 15 * MINUTE_MS }, run: requeueStuckLetters },
  { name: "delete-past-letters", schedule: { everyMs: DAY_MS, afterMs: 4 * HOUR_MS }, run: deletePastLetters },
  { name: "delete-past-letter-uploads", schedule: { everyMs: HOUR_MS }, run: deletePastUploads },
  { name: "delete-unclaimed-pages", schedule: { everyMs: DAY_MS, afterMs: 4.5 * HOUR_MS }, run: deleteUnclaimedPages },
  { name: "pass-on-left-over-parts", schedule: { everyMs: HOUR_MS }, run: passOnLeftOvers },
  { name: "give-up-parts", schedule: { everyMs: MINUTE_MS }, run: giveUpParts },
  { name: "report-silently-sent", schedule: { everyMs: MINUTE_MS }, run: reportSilentlySent },
  { name: "delete-past-deliveries", schedule: { everyMs: HOUR_MS }, run: deletePastDeliveries },
  { name: "delete-past-idempotency-keys", schedule: { everyMs: 15 * MINUTE_MS }, run: deletePastKeys },
  { name: "delete-past-awaited-receipts", schedule: { everyMs: HOUR_MS }, run: deletePastAwaited },
  { name: "delete-past-daily-totals", schedule: { everyMs: DAY_MS }, run: deletePastTotals },
  { name: "delete-past-page-data", schedule: { everyMs: HOUR_MS }, run: deletePastPageData },
  { name: "delete-past-repeats", schedule: { everyMs: 15 * MINUTE_MS }, run: deleteRepeats },
  { name: "delete-past-floods", schedule: { everyMs: HOUR_MS, afterMs: 13 * MINUTE_MS }, run: deleteFloods },
  { name: "delete-old-failures", schedule: { everyMs: DAY_MS, afterMs: 5 * HOUR_MS }, run: deleteOldFailures },
  { name: "delete-old-chat-contacts", schedule: { everyMs: DAY_MS, afterMs: 5 * HOUR_MS }, run: deleteOldChatContacts },
  { name: "delete-old-lookups", schedule: { everyMs: HOUR_MS }, run: deleteOldLookups },
  { name: "tidy-verifications", schedule: { everyMs: 5 * MINUTE_MS }, run: tidyVerifications },
  { name: "delete-old-reaches", schedule: { everyMs: DAY_MS, afterMs: 5.5 * HOUR_MS }, run: deleteOldReaches },
  { name: "delete-past-canaries", schedule: { everyMs: DAY_MS }, run: deletePastCanaryMessages },
  { name: "revoke-expired-keys", schedule: { everyMs: HOUR_MS }, run: revokeExpired },
  { name: "tidy-people", schedule: { everyMs: HOUR_MS }, run: tidyPeople },
  { name: "delete-past-audit", schedule: { everyMs: DAY_MS, afterMs: 3.5 * HOUR_MS }, run: deletePastAudit },
  { name: "delete-past-sandbox-messages", schedule: { everyMs: 5 * MINUTE_MS }, run: deletePastSandboxMessages },
];

async function makePartitions({ db, clock }: App): Promise<{ made: number }> {
  return { made: (await makePartitionsAround(db, clock.now())).length };
}
