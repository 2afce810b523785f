/** Days named by their date, as they begin in a time zone. */
import { midnightDaysAgo } from "./midnight.ts";

const NOON = "T12:00:00Z";

/** The moment a day began.  startOfLocalDay("2026-06-10", "Europe/London") → 2026-06-09T23:00:00Z. For zones within 12 hours of UTC. */
export function startOfLocalDay(day: string, timeZone: string): Date {
  return midnightDaysAgo(new Date(`${day}${NOON}`), 0, timeZone);
}
