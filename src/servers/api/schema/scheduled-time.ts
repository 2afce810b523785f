/** When a message is to be sent: a moment within the next 24 hours, written by ISO 8601. */
import type { JsonValue } from "../../../core/json/json-value.ts";
import { fits, type Judged, shown, wrong } from "./checker.ts";

const AHEAD_MAX_MS = 24 * 60 * 60 * 1000;

const DATE = /(?<year>\d{4})(?:-?(?<month>\d{1,2})(?:-?(?<day>\d{1,2}))?)?/;
const TIME = /(?<hour>\d{2})(?::?(?<minute>\d{2})(?::?(?<second>\d{1,2})(?:[.,](?<fraction>\d+))?)?)?/;
const OFFSET = /(?:Z|(?<sign>[+-])(?<offsetHour>\d{2})(?::?(?<offsetMinute>\d{2}))?)?/;
const MOMENT = new RegExp(`^${DATE.source}(?:[ T]${TIME.source}${OFFSET.source})?$`);

const MINUTE_MS = 60_000;
const FRACTION_DIGITS = 3;

const NOT_A_MOMENT =
  "datetime format is invalid. It must be a valid ISO8601 date time format, https://en.wikipedia.org/wiki/ISO_8601";

/** Null means now. A moment without an offset is in UTC. */
export function scheduledTime(value: JsonValue, now: Date): Judged<Date | null> {
  if (value === null) return fits(null);
  if (typeof value !== "string") return wrong(`${shown(value)} is not of type string, null`);
  const moment = parseMoment(value);
  return moment === undefined ? wrong(NOT_A_MOMENT) : withinReach(moment, now);
}

function withinReach(moment: Date, now: Date): Judged<Date> {
  const aheadMs = moment.getTime() - now.getTime();
  if (aheadMs < 0) return wrong("datetime can not be in the past");
  return aheadMs > AHEAD_MAX_MS ? wrong("datetime can only be 24 hours in the future") : fits(moment);
}

export function parseMoment(value: string): Date | undefined {
  const parts = MOMENT.exec(value)?.groups;
  if (parts === undefined) return undefined;
  const fraction = Number((parts["fraction"] ?? "").slice(0, FRACTION_DIGITS).padEnd(FRACTION_DIGITS, "0"));
  const clock = [Number(parts["hour"] ?? 0), Number(parts["minute"] ?? 0), Number(parts["second"] ?? 0)] as const;
  const day = [Number(parts["year"]), Number(parts["month"] ?? 1) - 1, Number(parts["day"] ?? 1)] as const;
  const written = new Date(Date.UTC(...day, ...clock, fraction));
  return isAsWritten(written, [...day, ...clock]) ? new Date(written.getTime() - offsetMs(parts)) : undefined;
}

/** A date such as 31 April would otherwise become 1 May. */
function isAsWritten(date: Date, written: readonly number[]): boolean {
  const made = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  return made.every((part, at) => part === written[at]);
}

function offsetMs(parts: Record<string, string | undefined>): number {
  const minutes = Number(parts["offsetHour"] ?? 0) * 60 + Number(parts["offsetMinute"] ?? 0);
  return (parts["sign"] === "-" ? -minutes : minutes) * MINUTE_MS;
}
