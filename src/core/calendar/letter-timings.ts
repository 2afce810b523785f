/**
 * When a letter is printed and when it arrives, as far as the calendar tells: a letter made before the day's cut-off is printed on the
 * next working day, is in the post by 15:00, and is delivered by 16:00 some days later.
 */
import type { Postage } from "../letter/postage.ts";
import { isBankHoliday } from "./bank-holidays.ts";
import { clocksAt, momentOnClocks } from "./wall-clock.ts";

const PRINTED_BY = "15:00";
const DELIVERED_BY = "16:00";
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const [SATURDAY, SUNDAY] = [6, 0] as const;

/** Working days in the post beyond the first: at best and at worst. */
const TRANSIT_DAYS: Record<Postage, { min: number; max: number }> = {
  first: { min: 0, max: 0 },
  second: { min: 3, max: 4 },
  economy: { min: 3, max: 6 },
  europe: { min: 3, max: 5 },
  "rest-of-world": { min: 5, max: 7 },
};

export interface PostedLetter {
  readonly createdAt: Date;
  readonly postage: Postage;
}

/** How a deployment hands letters to its printer. */
export interface PrintHabits {
  /** IANA name: days and clocks are those of this zone. */
  readonly timeZone: string;
  /** As clocks there show it: `17:30`. */
  readonly cutOff: string;
}

export interface LetterTimings {
  readonly printedBy: Date;
  readonly earliestDelivery: Date;
  /** What the API calls the estimated delivery. */
  readonly latestDelivery: Date;
}

/** Each moment has the seconds of the moment the letter was made, as Notify's have. */
export function letterTimings({ createdAt, postage }: PostedLetter, habits: PrintHabits): LetterTimings {
  const { timeZone } = habits;
  const printDay = nextDay(handoverDay(createdAt, habits), isPrintDay);
  const { min, max } = TRANSIT_DAYS[postage];
  const isPostDay = postage === "first" ? isFirstClassDay : isPrintDay;
  const at = (date: string, time: string): Date => withSecondsOf(createdAt, onClocks({ date, time }, timeZone));
  return {
    printedBy: at(printDay, PRINTED_BY),
    earliestDelivery: at(daysLater(printDay, min + 1, isPostDay), DELIVERED_BY),
    latestDelivery: at(daysLater(printDay, max + 1, isPostDay), DELIVERED_BY),
  };
}

function handoverDay(createdAt: Date, { timeZone, cutOff }: PrintHabits): string {
  const { date, time } = clocksAt(createdAt, timeZone);
  return time < cutOff ? date : dayAfter(date);
}

function isPrintDay(day: string): boolean {
  const weekday = weekdayOf(day);
  return weekday !== SATURDAY && weekday !== SUNDAY && !isBankHoliday(day);
}

/** First class is delivered on Saturdays too. */
function isFirstClassDay(day: string): boolean {
  return weekdayOf(day) !== SUNDAY && !isBankHoliday(day);
}

function daysLater(day: string, count: number, isCounted: (day: string) => boolean): string {
  let later = day;
  for (let counted = 0; counted < count; counted++) later = nextDay(later, isCounted);
  return later;
}

function nextDay(day: string, isCounted: (day: string) => boolean): string {
  let next = dayAfter(day);
  while (!isCounted(next)) next = dayAfter(next);
  return next;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, day.length);
}

function weekdayOf(day: string): number {
  return new Date(day).getUTCDay();
}

function onClocks({ date, time }: { date: string; time: string }, timeZone: string): Date {
  const moment = momentOnClocks({ date, time }, timeZone);
  if (!moment) throw new Error(`clocks in ${timeZone} never show ${time} on ${date}`);
  return moment;
}

function withSecondsOf(example: Date, moment: Date): Date {
  return new Date(moment.getTime() + (example.getTime() % MINUTE_MS));
}
