/** Times as SMPP writes them (SMPP 3.4 §7.1.1): `YYMMDDhhmmsstnnp`, a moment (p is + or -) or a time from now (p is R). */

const TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d)(\d{2})([+\-R])$/;
const QUARTER_HOUR_MS = 15 * 60_000;
const QUARTER_HOURS_MAX = 48;
const DAY_MS = 86_400_000;
const RELATIVE_MAX_SECONDS = 99 * 86_400;

/** A moment, in UTC.  formatMoment(2026-06-01T12:30:05.2Z) → "260601123005200+" */
export function formatMoment(moment: Date): string {
  const [date = "", time = ""] = moment.toISOString().split("T");
  return `${date.slice(2).replaceAll("-", "")}${time.slice(0, 8).replaceAll(":", "")}${time.charAt(9)}00+`;
}

/**
 * So long from now. Written in days and smaller: months and years have no fixed length. At most 99 days.
 *
 *     formatInterval(3_600) → "000000010000000R"
 */
export function formatInterval(seconds: number): string {
  const whole = Math.min(RELATIVE_MAX_SECONDS, Math.max(0, Math.round(seconds)));
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  return `0000${[days, hours, minutes, whole % 60].map(twoDigits).join("")}000R`;
}

/** The moment that `text` names, seen from `now`; undefined where it names none. An empty text names none. */
export function parseTime(text: string, now: Date): Date | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0, tenths = 0, quarters = 0] = match
    .slice(1, 9)
    .map(Number);
  const sign = match[9];
  if (sign === "R") {
    const start = new Date(now);
    start.setUTCFullYear(start.getUTCFullYear() + years, start.getUTCMonth() + months);
    return new Date(start.getTime() + days * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000);
  }
  if (quarters > QUARTER_HOURS_MAX) return undefined;
  const local = momentOf([years, months, days, hours, minutes, seconds]);
  if (!local) return undefined;
  const offsetMs = quarters * QUARTER_HOUR_MS * (sign === "+" ? 1 : -1);
  return new Date(local.getTime() + tenths * 100 - offsetMs);
}

/** Two-digit year, month from 1, day, hour, minute, second, as if in UTC; undefined for a 31st of February and the like. */
export function momentOf(parts: readonly number[]): Date | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const moment = new Date(Date.UTC(2000 + year, month - 1, day, hour, minute, second));
  const isReal =
    moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? moment : undefined;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
