/** What printers say became of letters: in the post, not to be printed, come back. A late or repeated report changes nothing. */
import { statusesBefore } from "../../core/delivery/statuses.ts";
import type { Tx } from "../../platform/db.ts";
import { enqueue } from "../../platform/queue.ts";
import type { LetterReport } from "../../providers/provider.ts";
import type { Letter } from "../../records/letters/letter.ts";
import { listLetters, recordDespatched, recordReturned } from "../../records/letters/letter-store.ts";
import { insertEvents } from "../../records/notifications/event-store.ts";
import { moveStatus } from "../../records/notifications/notification-store.ts";
import type { App } from "../app.ts";
import { returnedLetterJobs } from "../callback/plan.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";

const REPORTS_AT_ONCE_MAX = 500;

type Taker = Pick<App, "db" | "clock" | "log" | "services" | "wakeCallbacks">;
type ReportedStatus = LetterReport["status"];

const STATUS_OF = {
  despatched: "delivered",
  rejected: "technical-failure",
  returned: "returned-letter",
} as const satisfies Record<ReportedStatus, string>;

/** Resolves when the reports are durable, with how many were news. Those on letters that were never handed to a printer are not believed. */
export async function takeLetterReports(
  app: Taker,
  provider: string,
  reports: readonly LetterReport[],
): Promise<number> {
  let news = 0;
  for (let start = 0; start < reports.length; start += REPORTS_AT_ONCE_MAX)
    news += await takeSome(app, provider, reports.slice(start, start + REPORTS_AT_ONCE_MAX));
  app.wakeCallbacks();
  return news;
}

async function takeSome(app: Taker, provider: string, reports: readonly LetterReport[]): Promise<number> {
  const letters = await listLetters(app.db, [...new Set(reports.map(({ notificationId }) => notificationId))]);
  const printed = new Map(letters.filter(isWithPrinter).map((letter) => [letter.notificationId, letter]));
  const believed = reports.filter(({ notificationId }) => printed.has(notificationId));
  if (believed.length < reports.length)
    app.log.warn("letters.reports-not-ours", { provider, reports: reports.length - believed.length });
  if (believed.length === 0) return 0;
  return app.db.transaction(async (tx) => {
    let news = 0;
    // In the order in which they can follow one another, whatever order they came in.
    for (const status of ["despatched", "rejected", "returned"] as const)
      news += await move(app, tx, { provider, status, reports: believed.filter((report) => report.status === status) });
    return news;
  });
}

function isWithPrinter({ printRunId }: Letter): boolean {
  return printRunId !== undefined;
}

interface Told {
  provider: string;
  status: ReportedStatus;
  reports: readonly LetterReport[];
}

async function move(app: Taker, tx: Tx, { provider, status, reports }: Told): Promise<number> {
  if (reports.length === 0) return 0;
  const to = STATUS_OF[status];
  const at = app.clock.now();
  const ids = reports.map(({ notificationId }) => notificationId);
  const moved = await moveStatus(tx, { ids, to, from: statusesBefore(to), at });
  const movedIds = new Set(moved.map(({ id }) => id));
  const news = reports.filter(({ notificationId }) => movedIds.has(notificationId));
  if (status === "despatched") await recordDespatched(tx, [...movedIds], at);
  if (status === "returned") await recordReturned(tx, [...movedIds], at);
  await insertEvents(
    tx,
    news.map(({ notificationId, code }) => ({ notificationId, kind: "receipt", provider, reason: to, code })),
  );
  if (status === "returned") await enqueue(tx, CALLBACK_QUEUE, { entries: await returnedLetterJobs(app, moved) });
  return moved.length;
}
