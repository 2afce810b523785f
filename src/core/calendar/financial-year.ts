/** Financial years, April to March, as they begin where the deployment is at home. */

const FIRST_MONTH = 3; // April, counted from 0

/** The year that a financial year begins in.  financialYearOf("2026-03-31") → 2025 */
export function financialYearOf(day: string): number {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return month - 1 < FIRST_MONTH ? year - 1 : year;
}

/** First and last day of a financial year.  financialYearDays(2026) → { first: "2026-04-01", last: "2027-03-31" } */
export function financialYearDays(year: number): { first: string; last: string } {
  return { first: `${year}-04-01`, last: `${year + 1}-03-31` };
}

/** Its months in order, "2026-04" to "2027-03". */
export function financialYearMonths(year: number): string[] {
  return Array.from({ length: 12 }, (_, index) => {
    const month = index + FIRST_MONTH;
    return `${year + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
  });
}
