/** The date at the top of a letter. */
import { clocksAt } from "../calendar/wall-clock.ts";
import type { LetterContent } from "./letter-content.ts";

const MONTHS: Record<LetterContent["language"], string> = {
  en: "January February March April May June July August September October November December",
  cy: "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
};

/** The day as it is in a time zone (IANA name).  letterDate(new Date("2026-03-04T12:00:00Z"), { language: "cy", timeZone }) → "4 Mawrth 2026" */
export function letterDate(
  moment: Date,
  { language, timeZone }: Pick<LetterContent, "language"> & { timeZone: string },
): string {
  const [year, month, day] = clocksAt(moment, timeZone).date.split("-").map(Number);
  return `${day} ${MONTHS[language].split(" ")[(month ?? 1) - 1]} ${year}`;
}
