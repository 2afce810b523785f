/** Financial years that pages of usage can show. */
import { financialYearOf } from "../../../core/calendar/financial-year.ts";
import { dayOf } from "../../../core/calendar/home-day.ts";
import type { Visit } from "../http/visit.ts";

/** This year and those before it that can be chosen. */
const YEARS_SHOWN = 3;

export interface YearLink {
  /** As text: a year is not grouped in thousands. */
  from: string;
  to: string;
  href: string;
  isCurrent: boolean;
}

/** The one that the address asks for, else this one. */
export function yearAskedFor({ query, now }: Pick<Visit, "query" | "now">): number {
  const asked = Number(query.get("year"));
  const years = yearsShown(now);
  return years.find((year) => year === asked) ?? years[0] ?? asked;
}

/** The latest first. */
export function yearLinks({ now }: Pick<Visit, "now">, here: string, shown: number): YearLink[] {
  return yearsShown(now).map((year) => ({
    ...{ from: String(year), to: String(year + 1) },
    href: `${here}?year=${year}`,
    isCurrent: year === shown,
  }));
}

function yearsShown(now: Date): number[] {
  const thisYear = financialYearOf(dayOf(now));
  return Array.from({ length: YEARS_SHOWN }, (_, index) => thisYear - index);
}
