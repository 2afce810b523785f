/** When letters go to the printer: once a day, what was made before the cut-off. */
import { HOME_TIME_ZONE } from "../calendar/home.ts";
import { offsetMs } from "../calendar/midnight.ts";
import { clocksAt, momentOnClocks } from "../calendar/wall-clock.ts";

const DAY_MS = 86_400_000;
/** Clocks skip a time at most once in a row of days. */
const DAYS_LOOKED_AT = 3;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export interface PrintTimetable {
  /** IANA name. */
  timeZone: string;
  /** As clocks there show them: `17:30`. */
  cutOff: string;
  runAt: string;
}

export const DEFAULT_PRINT_TIMETABLE: PrintTimetable = { timeZone: HOME_TIME_ZONE, cutOff: "17:30", runAt: "17:50" };

export interface DueRun {
  dueAt: Date;
  /** Letters made before this moment are in it. */
  cutOffAt: Date;
}

/** What is wrong with a timetable, in words; undefined when nothing is. */
export function printTimetableProblem({ timeZone, cutOff, runAt }: PrintTimetable): string | undefined {
  if (!TIME.test(cutOff) || !TIME.test(runAt)) return "times must be written like 17:30";
  if (cutOff > runAt) return "letters cannot be printed before the cut-off of their day";
  return isTimeZone(timeZone) ? undefined : "the time zone must be one such as Europe/London";
}

/** The latest moment at which letters were to go to the printer. */
export function latestPrintRun(timetable: PrintTimetable, now: Date): DueRun | undefined {
  return daysAround(now, timetable.timeZone)
    .map((date) => runOn(timetable, date))
    .findLast((run) => run !== undefined && run.dueAt <= now);
}

/**
 * The moment after which a letter is no longer taken back: the first cut-off after it was made.
 *
 *     cutOffFor(DEFAULT_PRINT_TIMETABLE, new Date("2026-11-30T17:40:00Z")) → 2026-12-01T17:30:00Z
 */
export function cutOffFor(timetable: PrintTimetable, createdAt: Date): Date | undefined {
  return daysAround(createdAt, timetable.timeZone)
    .map((date) => runOn(timetable, date)?.cutOffAt)
    .find((cutOffAt) => cutOffAt !== undefined && cutOffAt > createdAt);
}

function runOn({ timeZone, cutOff, runAt }: PrintTimetable, date: string): DueRun | undefined {
  const dueAt = momentOnClocks({ date, time: runAt }, timeZone);
  const cutOffAt = momentOnClocks({ date, time: cutOff }, timeZone);
  return dueAt && cutOffAt && { dueAt, cutOffAt };
}

/** Dates on the calendar of a time zone, from some days before a moment to as many after it. */
function daysAround(moment: Date, timeZone: string): string[] {
  return Array.from({ length: 2 * DAYS_LOOKED_AT + 1 }, (_, index) => {
    const shifted = new Date(moment.getTime() + (index - DAYS_LOOKED_AT) * DAY_MS);
    return clocksAt(shifted, timeZone).date;
  });
}

function isTimeZone(name: string): boolean {
  try {
    offsetMs(0, name);
    return true;
  } catch {
    return false;
  }
}
