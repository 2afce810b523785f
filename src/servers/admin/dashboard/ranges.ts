/** The days that a dashboard is about: today, a week, a month, or from one day to another. */

import { dayOf } from "../../../core/calendar/home-day.ts";
import { DASHBOARD_DAYS_MAX, type Days, lastDays } from "../../../flow/statistics/read-dashboard.ts";
import type { Clock } from "../../../platform/clock.ts";

const DAY_MS = 24 * 60 * 60_000;
const DAYS_OF = { today: 1, "7-days": 7, "30-days": 30 } as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Those that end now, and so move on. */
export type LiveRange = keyof typeof DAYS_OF;
export const LIVE_RANGES = Object.keys(DAYS_OF) as readonly LiveRange[];
export const DEFAULT_RANGE: LiveRange = "7-days";

export function isLiveRange(name: string | null | undefined): name is LiveRange {
  return name !== null && name !== undefined && Object.hasOwn(DAYS_OF, name);
}

export function daysOf(app: { clock: Clock }, range: LiveRange): Days {
  return lastDays(app, DAYS_OF[range]);
}

export type RangeProblem = "first-wrong" | "last-wrong" | "last-before-first" | "too-long";

/** Days as a form names them; days to come are left out. */
export function parseDays(wish: { first: string; last: string }, now: Date): Days | RangeProblem {
  const today = dayOf(now);
  if (!isDay(wish.first) || wish.first > today) return "first-wrong";
  if (!isDay(wish.last)) return "last-wrong";
  const last = wish.last < today ? wish.last : today;
  if (last < wish.first) return "last-before-first";
  const count = (Date.parse(last) - Date.parse(wish.first)) / DAY_MS + 1;
  return count > DASHBOARD_DAYS_MAX ? "too-long" : { first: wish.first, last };
}

/** Whether a day is in the calendar: 2026-02-30 is not. */
function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}
