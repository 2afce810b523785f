/** Numbers of a service for a span of days: by channel, template and reason, and how they went up and down. */

import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import { startOfLocalDay } from "../../core/calendar/local-day.ts";
import { type GroupCounts, noMessages, statusGroupOf } from "../../core/delivery/status-groups.ts";
import type { Status } from "../../core/delivery/statuses.ts";
import type { Db } from "../../platform/db.ts";
import type { Channel } from "../../records/services/service.ts";
import {
  countSince,
  findLastCountedHour,
  listDailyTallies,
  listHourlyTallies,
  nextHour,
  type Tally,
} from "../../records/statistics/statistics-store.ts";
import type { App } from "../app.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longer spans are shown by day; hours are kept for a week. */
const HOURLY_DAYS_MAX = 2;
/** Below this a share of failures says nothing. */
const FAILING_MESSAGES_MIN = 10;
export const DASHBOARD_DAYS_MAX = 400;

/** Days at home, "2026-06-01", both included. */
export interface Days {
  first: string;
  last: string;
}

export interface Dashboard {
  days: Days;
  byChannel: Record<Channel, GroupCounts>;
  /** Most sent first. */
  byTemplate: readonly TemplateCounts[];
  /** The highest share of failures first; only those above the threshold. */
  failingTemplates: readonly TemplateCounts[];
  /** Most frequent first. */
  byReason: readonly FailureReason[];
  trendBy: "hour" | "day";
  /** In order, without gaps. */
  trend: readonly TrendPoint[];
}

export interface TemplateCounts {
  templateId: string;
  channel: Channel;
  counts: GroupCounts;
  total: number;
  /** Of those that have come to an end: 0 to 1. */
  failureShare: number;
}

export interface FailureReason {
  channel: Channel;
  status: Status;
  /** The carrier's own code; empty when it gave none. */
  code: string;
  messages: number;
}

export interface TrendPoint {
  /** An hour as ISO 8601 in UTC, or a day as "2026-06-01". */
  at: string;
  counts: GroupCounts;
}

type Reader = Pick<App, "clock"> & { db: Db };

/** Messages of test keys are left out. */
export async function readDashboard(
  app: Reader,
  serviceId: string,
  wish: { days: Days; failingShare: number },
): Promise<Dashboard> {
  const { days, failingShare } = wish;
  const trendBy = daysBetween(days) < HOURLY_DAYS_MAX ? "hour" : "day";
  const tallies = withoutTests(await readTallies(app, serviceId, { days, trendBy }));
  const byTemplate = countByTemplate(tallies);
  return {
    days,
    trendBy,
    byChannel: countByChannel(tallies),
    byTemplate,
    failingTemplates: byTemplate
      .filter(({ failureShare, total }) => failureShare > failingShare && total >= FAILING_MESSAGES_MIN)
      .sort((a, b) => b.failureShare - a.failureShare),
    byReason: countByReason(tallies),
    trend: trendOf(tallies, { days, trendBy, now: app.clock.now() }),
  };
}

/** The counts by channel alone: for who asks again and again. */
export async function readCounts(app: Reader, serviceId: string, days: Days): Promise<Record<Channel, GroupCounts>> {
  return countByChannel(withoutTests(await readTallies(app, serviceId, { days, trendBy: "day" })));
}

function withoutTests<T extends Tally>(tallies: readonly T[]): T[] {
  return tallies.filter(({ keyKind }) => keyKind !== "test");
}

/** The last so many days, today included. */
export function lastDays({ clock }: Pick<App, "clock">, count: number): Days {
  const now = clock.now();
  return { first: dayOf(new Date(now.getTime() - (count - 1) * DAY_MS)), last: dayOf(now) };
}

export type PlacedTally = Tally & { at: string };

/** Kept counts of the days, and those of the hours that are not counted yet. */
export async function readTallies(
  app: Reader,
  serviceId: string,
  { days, trendBy }: { days: Days; trendBy: "hour" | "day" },
): Promise<PlacedTally[]> {
  const from = startOfLocalDay(days.first, HOME_TIME_ZONE);
  const before = startOfLocalDay(dayAfter(days.last), HOME_TIME_ZONE);
  const lastCounted = await findLastCountedHour(app.db);
  const liveFrom = lastCounted && nextHour(lastCounted) > from ? nextHour(lastCounted) : from;
  const [kept, live] = await Promise.all([
    trendBy === "hour" ? keptByHour(app, serviceId, { from, before }) : keptByDay(app, serviceId, days),
    countLive(app, serviceId, { from: liveFrom, before, trendBy }),
  ]);
  return [...kept, ...live];
}

async function keptByHour(app: Reader, serviceId: string, span: { from: Date; before: Date }): Promise<PlacedTally[]> {
  const tallies = await listHourlyTallies(app.db, serviceId, span);
  return tallies.map(({ hour, ...tally }) => ({ ...tally, at: hour.toISOString() }));
}

async function keptByDay(app: Reader, serviceId: string, days: Days): Promise<PlacedTally[]> {
  return (await listDailyTallies(app.db, serviceId, days)).map(({ day, ...tally }) => ({ ...tally, at: day }));
}

/** Hour by hour, or day by day where the housekeeping has long been away. */
async function countLive(
  app: Reader,
  serviceId: string,
  { from, before, trendBy }: { from: Date; before: Date; trendBy: "hour" | "day" },
): Promise<PlacedTally[]> {
  const until = new Date(Math.min(before.getTime(), app.clock.now().getTime() + HOUR_MS));
  const spans: { from: Date; before: Date }[] = [];
  for (let start = from; start < until; ) {
    const next = trendBy === "hour" ? nextHour(start) : startOfLocalDay(dayAfter(dayOf(start)), HOME_TIME_ZONE);
    const end = next < until ? next : until;
    spans.push({ from: start, before: end });
    start = end;
  }
  const counted = await Promise.all(spans.map((span) => countSince(app.db, serviceId, span)));
  return counted.flatMap((tallies, index) => {
    const start = spans[index]?.from ?? from;
    const at = trendBy === "hour" ? start.toISOString() : dayOf(start);
    return tallies.map((tally) => ({ ...tally, at }));
  });
}

function countByChannel(tallies: readonly Tally[]): Record<Channel, GroupCounts> {
  const counts = { sms: noMessages(), email: noMessages(), letter: noMessages(), chat: noMessages() };
  for (const tally of tallies) addTo(counts[tally.channel], tally);
  return counts;
}

function countByTemplate(tallies: readonly Tally[]): TemplateCounts[] {
  const templates = new Map<string, { channel: Channel; counts: GroupCounts }>();
  for (const tally of tallies) {
    const known = templates.get(tally.templateId) ?? { channel: tally.channel, counts: noMessages() };
    addTo(known.counts, tally);
    templates.set(tally.templateId, known);
  }
  return [...templates]
    .map(([templateId, { channel, counts }]) => {
      return { templateId, channel, counts, total: totalOf(counts), failureShare: failureShareOf(counts) };
    })
    .sort((a, b) => b.total - a.total);
}

/** Messages that were taken back were never sent. */
export function totalOf({ sending, delivered, failed }: GroupCounts): number {
  return sending + delivered + failed;
}

/** Of those that have come to an end: 0 to 1. */
export function failureShareOf({ delivered, failed }: GroupCounts): number {
  const ended = delivered + failed;
  return ended === 0 ? 0 : failed / ended;
}

function countByReason(tallies: readonly Tally[]): FailureReason[] {
  const reasons = new Map<string, FailureReason>();
  for (const { channel, status, code, messages } of tallies) {
    if (statusGroupOf(status as Status) !== "failed") continue;
    const key = `${channel} ${status} ${code}`;
    const known = reasons.get(key);
    if (known) known.messages += messages;
    else reasons.set(key, { channel, status: status as Status, code, messages });
  }
  return [...reasons.values()].sort((a, b) => b.messages - a.messages);
}

function trendOf(
  tallies: readonly PlacedTally[],
  { days, trendBy, now }: { days: Days; trendBy: "hour" | "day"; now: Date },
): TrendPoint[] {
  const points = new Map(placesOf(days, trendBy, now).map((at) => [at, noMessages()]));
  for (const tally of tallies) {
    const counts = points.get(tally.at);
    if (counts) addTo(counts, tally);
  }
  return [...points].map(([at, counts]) => ({ at, counts }));
}

/** Hours to come are left out. */
function placesOf({ first, last }: Days, trendBy: "hour" | "day", now: Date): string[] {
  const places: string[] = [];
  if (trendBy === "day") {
    for (let day = first; day <= last && places.length < DASHBOARD_DAYS_MAX; day = dayAfter(day)) places.push(day);
    return places;
  }
  const until = Math.min(startOfLocalDay(dayAfter(last), HOME_TIME_ZONE).getTime(), now.getTime());
  for (let hour = startOfLocalDay(first, HOME_TIME_ZONE); hour.getTime() < until; hour = nextHour(hour))
    places.push(hour.toISOString());
  return places;
}

function addTo(counts: GroupCounts, { status, messages }: Tally): void {
  counts[statusGroupOf(status as Status)] += messages;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

function daysBetween({ first, last }: Days): number {
  return (Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS;
}
