/**
 * Times of the week as an operator writes them, on the clocks at home.
 *
 *     parseWeekTimes("mon-fri 08:00-20:00")   every working day
 *     parseWeekTimes("sat,sun 22:00-06:00")   over midnight: until the next morning
 */
import { clocksAt } from "./wall-clock.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;
const MINUTES_PER_WEEK = DAYS.length * MINUTES_PER_DAY;
const SPELLING = /^([a-z,-]+) ((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** From a minute of the week (Monday 00:00 is 0) to another, which is not in it. The end may lie in the next week. */
export interface WeekSpan {
  from: number;
  to: number;
}

/** Undefined for what is no such time. */
export function parseWeekTimes(text: string): WeekSpan[] | undefined {
  const [, dayWords = "", from = "", to = ""] = SPELLING.exec(text) ?? [];
  const days = dayWords.split(",").map(daysOf);
  if (from === to || days.some((some) => some === undefined)) return undefined;
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const length = end > start ? end - start : end + MINUTES_PER_DAY - start;
  return days.flatMap((some = []) =>
    some.map((day) => {
      const begin = day * MINUTES_PER_DAY + start;
      return { from: begin, to: begin + length };
    }),
  );
}

/** "mon" → [0], "fri-sun" → [4, 5, 6], "sat-mon" → [5, 6, 0] */
function daysOf(words: string): number[] | undefined {
  const [first = -1, last = first, ...more] = words.split("-").map((word) => (DAYS as readonly string[]).indexOf(word));
  if (first === -1 || last === -1 || more.length > 0) return undefined;
  const count = ((last - first + DAYS.length) % DAYS.length) + 1;
  return Array.from({ length: count }, (_, index) => (first + index) % DAYS.length);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * MINUTES_PER_HOUR + minutes;
}

/** The minute of the week that clocks in a time zone show. */
export function minuteOfWeek(moment: Date, timeZone: string): number {
  const { date, time } = clocksAt(moment, timeZone);
  const fromSunday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const day = (fromSunday + DAYS.length - 1) % DAYS.length;
  return day * MINUTES_PER_DAY + minutesOf(time);
}

export function isWithin(minute: number, spans: readonly WeekSpan[]): boolean {
  return spans.some(({ from, to }) => {
    return (minute >= from && minute < to) || (minute + MINUTES_PER_WEEK >= from && minute + MINUTES_PER_WEEK < to);
  });
}
