/** Hours in which nobody wants a text: on the clocks where it goes, and in countries with several zones wherever it may be. */
export interface QuietHours {
  /** "21:00" */
  from: string;
  /** "08:00": quiet until then, the next day if it is earlier. */
  until: string;
}

/** With more of them, no hour might be left that suits a whole country: Russia's clocks are ten hours apart. */
export const QUIET_HOURS_MAX = 12;

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;
/** Clocks differ by quarters of an hour, and rules are set by them. */
const STEP_MINUTES = 5;

export type QuietHoursProblem = "time-wrong" | "too-long" | "empty";

/** parseQuietHours("21:00", "08:00") → { from: "21:00", until: "08:00" } */
export function parseQuietHours(from: string, until: string): QuietHours | QuietHoursProblem {
  if (!TIME.test(from) || !TIME.test(until)) return "time-wrong";
  if (from === until) return "empty";
  return lengthOf({ from, until }) > QUIET_HOURS_MAX * HOUR_MINUTES ? "too-long" : { from, until };
}

function lengthOf({ from, until }: QuietHours): number {
  return (minutesOf(until) - minutesOf(from) + DAY_MINUTES) % DAY_MINUTES;
}

/**
 * When it is quiet nowhere any more, if it is quiet somewhere now; undefined when it is not. `offsetsMs` says how far clocks are ahead
 * of UTC where the text may go.
 *
 *     quietUntil({ from: "21:00", until: "08:00" }, [0], new Date("2026-01-10T23:30:00Z")) → 2026-01-11T08:00:00Z
 */
export function quietUntil(hours: QuietHours, offsetsMs: readonly number[], now: Date): Date | undefined {
  const [start, length] = [minutesOf(hours.from), lengthOf(hours)];
  const isQuiet = (ms: number) =>
    offsetsMs.some((offset) => (minuteOfDay(ms + offset) - start + DAY_MINUTES) % DAY_MINUTES < length);
  if (!isQuiet(now.getTime())) return undefined;
  const stepMs = STEP_MINUTES * MINUTE_MS;
  const first = Math.ceil((now.getTime() + 1) / stepMs) * stepMs;
  for (let step = 0; step <= DAY_MINUTES / STEP_MINUTES; step += 1) {
    if (!isQuiet(first + step * stepMs)) return new Date(first + step * stepMs);
  }
  // No hour suits all of them: then the first clock decides.
  return offsetsMs.length > 1 ? quietUntil(hours, offsetsMs.slice(0, 1), now) : undefined;
}

function minuteOfDay(ms: number): number {
  return Math.floor(ms / MINUTE_MS) % DAY_MINUTES;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * HOUR_MINUTES + Number(time.slice(3));
}
