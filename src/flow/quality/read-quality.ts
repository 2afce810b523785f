/** How messages fared in some days, by what they have in common; and the housekeeping of the counts that tell it. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import { startOfLocalDay } from "../../core/calendar/local-day.ts";
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import { noTimes } from "../../core/quality/histogram.ts";
import { type Indicators, indicatorsOf, type QualityCounts } from "../../core/quality/indicators.ts";
import { deleteQualityBefore, foldQuality, listQuality, type QualityBy } from "../../records/quality/quality-store.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";

const DAY_MS = 86_400_000;
export const QUALITY_DAYS_MAX = 92;
const DAYS_SHOWN = 7;
/** Five minutes are kept for as long as anybody looks that closely, hours for a month. */
const FINE_DAYS = 3;
const HOURLY_DAYS = 35;
const KEPT_DAYS = 400;

/** First and last day at home, as "2026-06-01". */
export interface QualityDays {
  from: string;
  to: string;
}

export interface QualityReport {
  days: QualityDays;
  rows: readonly (Indicators & { key: string })[];
  /** Of all together. */
  total: Indicators;
}

/** The last week, unless both ends are given. Fields: `from`, `to`. */
export function qualityDays({ clock }: Pick<App, "clock">, given: { from?: string; to?: string }): QualityDays {
  const now = clock.now();
  const to = given.to || dayOf(now);
  const from = given.from || dayOf(new Date(Date.parse(`${to}T12:00:00Z`) - (DAYS_SHOWN - 1) * DAY_MS));
  if (from > to) throw fieldRefusal("to", "days-reversed", "Enter a last day that is not before the first");
  if ((Date.parse(to) - Date.parse(from)) / DAY_MS >= QUALITY_DAYS_MAX)
    throw fieldRefusal("to", "days-many", `Enter no more than ${QUALITY_DAYS_MAX} days`);
  return { from, to };
}

interface QualityWish {
  serviceId: string | undefined;
  days: QualityDays;
  by: QualityBy;
  /** Undefined for all. */
  channel?: DispatchedChannel;
}

/** Of one service, or of all. */
export async function readQuality(
  { db }: Pick<App, "db">,
  { serviceId, days, by, channel }: QualityWish,
): Promise<QualityReport> {
  const from = startOfLocalDay(days.from, HOME_TIME_ZONE);
  const dayAfter = new Date(Date.parse(`${days.to}T12:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  const counts = await listQuality(db, {
    serviceId,
    ...(channel ? { channel } : {}),
    from,
    before: startOfLocalDay(dayAfter, HOME_TIME_ZONE),
    by,
  });
  const rows = counts.map(({ key, ...its }) => ({ key, ...indicatorsOf(its) }));
  return { days, rows, total: indicatorsOf(counts.reduce<QualityCounts>(added, NOTHING)) };
}

const NOTHING: QualityCounts = { sent: 0, delivered: 0, permanent: 0, temporary: 0, technical: 0, times: noTimes() };

function added(a: QualityCounts, b: QualityCounts): QualityCounts {
  return {
    sent: a.sent + b.sent,
    delivered: a.delivered + b.delivered,
    permanent: a.permanent + b.permanent,
    temporary: a.temporary + b.temporary,
    technical: a.technical + b.technical,
    times: a.times.map((count, step) => count + (b.times[step] ?? 0)),
  };
}

export async function foldOldQuality({ db, clock }: Pick<App, "db" | "clock">): Promise<{ folded: number }> {
  const daysAgo = (days: number): Date => new Date(clock.now().getTime() - days * DAY_MS);
  await deleteQualityBefore(db, daysAgo(KEPT_DAYS));
  const hours = await db.transaction((tx) => foldQuality(tx, { before: daysAgo(FINE_DAYS), into: "hour" }));
  const days = await db.transaction((tx) => foldQuality(tx, { before: daysAgo(HOURLY_DAYS), into: "day" }));
  return { folded: hours + days };
}
