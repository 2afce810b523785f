/** Puts letters that wait for the printer into runs: the day's at its time, or those that are there now. */

import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { minuteOfWeek } from "../../core/calendar/week-times.ts";
import { latestPrintRun } from "../../core/letter/print-timetable.ts";
import { chooseRoute, type Standing } from "../../core/routing/choose-route.ts";
import type { RouteRule } from "../../core/routing/route-rule.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { enqueue, LANES } from "../../platform/queue.ts";
import { getPrintTimetable } from "../../records/deployment/print-settings.ts";
import { type AwaitingLetter, insertPrintRun, lockAwaitingLetters } from "../../records/letters/print-run-store.ts";
import { listRoutes, ruleOf } from "../../records/routes/route-store.ts";
import type { App } from "../app.ts";
import { PRINT_RUN_QUEUE } from "../jobs.ts";

/** More of one day are several runs: each is sealed, listed and repeated as a whole. */
const RUN_LETTERS_MAX = 2_000;

type Starter = Pick<App, "db" | "clock" | "log">;

export interface Started {
  runs: number;
  letters: number;
  /** Nothing is set up to print these: they wait. */
  without: number;
}

/** When the latest print run of the day was due. */
export async function latestPrintRunDue({ db, clock }: Starter): Promise<Date> {
  const now = clock.now();
  return latestPrintRun(await getPrintTimetable(db), now)?.dueAt ?? new Date(0);
}

/** The day's run: letters made before its cut-off. */
export async function startDayRun(app: Starter): Promise<Record<keyof Started, number>> {
  const due = latestPrintRun(await getPrintTimetable(app.db), app.clock.now());
  return startPrintRuns(app, due?.cutOffAt ?? new Date(0));
}

/** A run of everything made before a moment that is ready and in no run yet. */
export async function startPrintRuns(app: Starter, cutOffAt: Date): Promise<Started> {
  const routes = await listPrintRoutes(app.db);
  const started: Started = { runs: 0, letters: 0, without: 0 };
  let after: string | undefined;
  do {
    after = await app.db.transaction((tx) => startSome(app, tx, { routes, cutOffAt, after, started }));
  } while (after !== undefined);
  if (started.without > 0) app.log.warn("letters.no-printer", { letters: started.without });
  return started;
}

/** Routes of letters, as rules to choose by. */
export async function listPrintRoutes(db: Db): Promise<PrintRoutes> {
  const routes = await listRoutes(db);
  return routes.filter(({ channel, isActive }) => channel === "letter" && isActive).map(ruleOf);
}

type PrintRoutes = readonly RouteRule[];

interface Batch {
  routes: PrintRoutes;
  cutOffAt: Date;
  after: string | undefined;
  started: Started;
}

/** The last letter looked at; undefined when there are no more. */
async function startSome(
  app: Starter,
  tx: Tx,
  { routes, cutOffAt, after, started }: Batch,
): Promise<string | undefined> {
  const letters = await lockAwaitingLetters(tx, { before: cutOffAt, after, limit: RUN_LETTERS_MAX });
  const [printers, without] = byPrinter({ routes, now: app.clock.now() }, letters);
  started.without += without;
  for (const [provider, ids] of printers) {
    await startRun(app, tx, { provider, cutOffAt, letterIds: ids });
    started.runs += 1;
    started.letters += ids.length;
  }
  return letters.length < RUN_LETTERS_MAX ? undefined : letters.at(-1)?.notificationId;
}

function byPrinter(
  by: { routes: PrintRoutes; now: Date },
  letters: readonly AwaitingLetter[],
): [printers: Map<string, string[]>, without: number] {
  const printers = new Map<string, string[]>();
  let without = 0;
  for (const letter of letters) {
    const provider = printerFor(by, letter);
    if (provider === undefined) without += 1;
    else printers.set(provider, [...(printers.get(provider) ?? []), letter.notificationId]);
  }
  return [printers, without];
}

const READY: Standing = { kind: "ready", share: 1, wantsProbe: false };

/** A printer that is away for the moment is waited for: paper is not in a hurry. */
export function printerFor(
  { routes, now }: { routes: PrintRoutes; now: Date },
  { keyKind, isInternational }: Pick<AwaitingLetter, "keyKind" | "isInternational">,
): string | undefined {
  const choice = chooseRoute({
    routes,
    message: { keyKind, isInternational, minuteOfWeek: minuteOfWeek(now, HOME_TIME_ZONE) },
    standingOf: () => READY,
    priceOf: () => undefined,
    failedProvider: undefined,
    draw: Math.random(),
  });
  return choice.kind === "route" ? choice.route.provider : undefined;
}

/** A run of these letters and its job, in the transaction that holds them. */
export async function startRun(
  { clock }: Pick<App, "clock">,
  tx: Tx,
  run: { provider: string; cutOffAt: Date; letterIds: readonly string[] },
): Promise<void> {
  const { letterIds, ...rest } = run;
  const id = newId(clock.now());
  await insertPrintRun(tx, { id, createdAt: clock.now(), ...rest }, letterIds);
  await enqueue(tx, PRINT_RUN_QUEUE, { entries: [{ id, lane: LANES.normal, group: run.provider }] });
}
