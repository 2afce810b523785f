/** Moments as people name them: by the date and the time that clocks show where they are. */
import { offsetMs } from "./midnight.ts";

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * The moment at which clocks in a time zone (IANA name) show a date and a time, the first where they show it twice. Undefined for what
 * is no date or time, and for the hour that is left out when clocks go forward.
 *
 *     momentOnClocks({ date: "2026-06-10", time: "09:30" }, "Europe/London") → 2026-06-10T08:30:00Z
 */
export function momentOnClocks({ date, time }: { date: string; time: string }, timeZone: string): Date | undefined {
  const onTheWall = DATE.test(date) && TIME.test(time) ? Date.parse(`${date}T${time}:00Z`) : Number.NaN;
  if (Number.isNaN(onTheWall) || !new Date(onTheWall).toISOString().startsWith(date)) return undefined;
  const offsets = [offsetMs(onTheWall - DAY_MS, timeZone), offsetMs(onTheWall + DAY_MS, timeZone)];
  const moments = offsets.map((offset) => onTheWall - offset);
  const shown = moments.filter((moment) => moment + offsetMs(moment, timeZone) === onTheWall);
  return shown.length === 0 ? undefined : new Date(Math.min(...shown));
}

/** What clocks in a time zone show at a moment, as browsers' date and time fields want it. */
export function clocksAt(moment: Date, timeZone: string): { date: string; time: string } {
  const [date = "", time = ""] = new Date(moment.getTime() + offsetMs(moment.getTime(), timeZone))
    .toISOString()
    .split("T");
  return { date, time: time.slice(0, "00:00".length) };
}
