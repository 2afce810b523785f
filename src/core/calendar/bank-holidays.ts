/**
 * Bank holidays in England and Wales, by the rules of the Banking and Financial Dealings Act 1971 and the proclamations made under it,
 * and those that were moved or given once.
 */
const DAY_MS = 86_400_000;
const DAYS_PER_WEEK = 7;
const FRIDAY_TO_EASTER = 2;
const [JANUARY, MAY, AUGUST, DECEMBER] = [0, 4, 7, 11] as const;
const [SATURDAY, SUNDAY] = [6, 0] as const;

/** Given for one year only. */
const ONCE: readonly string[] = ["2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"];
/** Moved in that year to a day above. */
const NOT_HELD: readonly string[] = ["2020-05-04", "2022-05-30"];

const holidaysByYear = new Map<string, ReadonlySet<string>>();

/** Whether a day is one.  isBankHoliday("2026-12-28") → true, since Boxing Day is a Saturday */
export function isBankHoliday(day: string): boolean {
  const year = day.slice(0, 4);
  const known = holidaysByYear.get(year) ?? new Set(bankHolidaysOf(Number(year)));
  holidaysByYear.set(year, known);
  return known.has(day);
}

/** The bank holidays of a year in order, as dates. */
export function bankHolidaysOf(year: number): string[] {
  const easter = easterSunday(year);
  const days = [
    ...substituted([utc(year, JANUARY, 1)]),
    easter - FRIDAY_TO_EASTER * DAY_MS,
    easter + DAY_MS,
    firstMonday(year, MAY),
    lastMonday(year, MAY),
    lastMonday(year, AUGUST),
    ...substituted([utc(year, DECEMBER, 25), utc(year, DECEMBER, 26)]),
  ].map(dateOf);
  return [...days.filter((day) => !NOT_HELD.includes(day)), ...ONCE.filter((day) => day.startsWith(`${year}-`))].sort();
}

/** Days that fall on a weekend are held on the next working days instead. */
function substituted(moments: readonly number[]): number[] {
  const held = moments.filter((moment) => !isWeekend(moment));
  for (const moment of moments.filter(isWeekend)) {
    let substitute = moment;
    while (isWeekend(substitute) || held.includes(substitute)) substitute += DAY_MS;
    held.push(substitute);
  }
  return held;
}

function firstMonday(year: number, month: number): number {
  const first = utc(year, month, 1);
  return first + ((DAYS_PER_WEEK + 1 - weekdayOf(first)) % DAYS_PER_WEEK) * DAY_MS;
}

function lastMonday(year: number, month: number): number {
  return firstMonday(year, month + 1) - DAYS_PER_WEEK * DAY_MS;
}

/** The Gregorian computus, in the form published anonymously in Nature, 20 April 1876. */
function easterSunday(year: number): number {
  const a = year % 19;
  const century = Math.floor(year / 100);
  const b = year % 100;
  const g = Math.floor((8 * century + 13) / 25);
  const h = (19 * a + century - Math.floor(century / 4) - g + 15) % 30;
  const l = (32 + 2 * (century % 4) + 2 * Math.floor(b / 4) - h - (b % 4)) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  return utc(year, month - 1, (h + l - 7 * m + 33 * month + 19) % 32);
}

function isWeekend(moment: number): boolean {
  return weekdayOf(moment) === SATURDAY || weekdayOf(moment) === SUNDAY;
}

function weekdayOf(moment: number): number {
  return new Date(moment).getUTCDay();
}

function utc(year: number, month: number, day: number): number {
  return Date.UTC(year, month, day);
}

function dateOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, "YYYY-MM-DD".length);
}
