/** How moments, numbers and money are shown. Times are relative, with the exact time in their title and for machines. */
import type { Decimal } from "../../../core/price/decimal.ts";
import { currencySymbol, moneyWords, wholeMoneyWords, withoutCurrency } from "../../../core/price/money-words.ts";
import { escapeHtml, type SafeHtml, safeHtml } from "../../../platform/views.ts";
import { type Language, localeOf } from "../catalogue/text.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Older than this, a date says more than a number of days. */
const RELATIVE_MAX_MS = 7 * DAY_MS;

export interface Formats {
  /** `<time datetime="…" title="1 June 2026 at 11:30">2 hours ago</time>` */
  time(moment: Date): SafeHtml;
  /** 1 June 2026 at 11:30 */
  exactTime(moment: Date): string;
  /** 1 June 2026 at 11:30:05, where what happened follows closely on what happened before */
  preciseTime(moment: Date): string;
  /** 1 June 2026 */
  date(moment: Date): string;
  /** 1 Jun, for the axis of a chart */
  shortDate(moment: Date): string;
  /** 11:30 */
  clock(moment: Date): string;
  /** June 2026 */
  month(moment: Date): string;
  /** 12,345 */
  number(value: number): string;
  /** 0.034 → 3.4% */
  percent(share: number): string;
  /** £1,234.50; an amount as a decimal text keeps every digit it needs, and two at the least. */
  money(amount: Decimal | string): string;
  /** The same of an amount in another currency: what a carrier charges in its own. */
  moneyIn(amount: Decimal | string, currency: string): string;
  /** £1,234 */
  wholeMoney(amount: number): string;
  /** GBP */
  currency: string;
  /** £ */
  currencySymbol: string;
  /** What was typed, without the home's currency in front of it: "£ 5" → "5" */
  amountIn(typed: string): string;
}

export interface Place {
  language: Language;
  timeZone: string;
  currency: string;
}

type Formatters = ReturnType<typeof makeFormatters>;

const kept = new Map<string, Formatters>();

/** The formats of a place, with what is relative told from `now`. */
export function formatsOf(place: Place, now: Date): Formats {
  const formatters = formattersOf(place);
  const exactTime = (moment: Date) => formatters.dateTime.format(moment);
  return {
    time: (moment) => timeElement(moment, { exact: exactTime(moment), shown: shownTime(moment, now, formatters) }),
    exactTime,
    preciseTime: (moment) => formatters.preciseTime.format(moment),
    date: (moment) => formatters.date.format(moment),
    shortDate: (moment) => formatters.shortDate.format(moment),
    clock: (moment) => formatters.clock.format(moment),
    month: (moment) => formatters.month.format(moment),
    number: (value) => formatters.number.format(value),
    percent: (share) => formatters.percent.format(share),
    money: (amount) => moneyWords(amount, place.currency),
    moneyIn: moneyWords,
    wholeMoney: (amount) => wholeMoneyWords(amount, place.currency),
    currency: place.currency,
    currencySymbol: currencySymbol(place.currency),
    amountIn: (typed) => withoutCurrency(typed, place.currency),
  };
}

/** Making them costs far more than using them. */
function formattersOf(place: Place): Formatters {
  const name = `${place.language} ${place.timeZone}`;
  const formatters = kept.get(name) ?? makeFormatters(place);
  kept.set(name, formatters);
  return formatters;
}

function makeFormatters({ language, timeZone }: Place) {
  const locale = localeOf(language);
  return {
    dateTime: new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone }),
    preciseTime: new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "medium", timeZone }),
    date: new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone }),
    shortDate: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone }),
    clock: new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone }),
    month: new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone }),
    relative: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
    number: new Intl.NumberFormat(locale),
    percent: new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }),
  };
}

function shownTime(moment: Date, now: Date, { relative, date }: Formatters): string {
  const ms = moment.getTime() - now.getTime();
  const size = Math.abs(ms);
  if (size >= RELATIVE_MAX_MS) return date.format(moment);
  if (size >= DAY_MS) return relative.format(Math.trunc(ms / DAY_MS), "day");
  if (size >= HOUR_MS) return relative.format(Math.trunc(ms / HOUR_MS), "hour");
  if (size >= MINUTE_MS) return relative.format(Math.trunc(ms / MINUTE_MS), "minute");
  return relative.format(Math.trunc(ms / SECOND_MS), "second");
}

function timeElement(moment: Date, { exact, shown }: { exact: string; shown: string }): SafeHtml {
  const attributes = `datetime="${moment.toISOString()}" title="${escapeHtml(exact)}"`;
  return safeHtml(`<time ${attributes}>${escapeHtml(shown)}</time>`);
}
