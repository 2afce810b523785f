/** What a service has used in a financial year, month by month: emails, texts, their fragments and what they cost. */
import { financialYearDays, financialYearMonths } from "../../core/calendar/financial-year.ts";
import { type Decimal, decimal, decimalText, plus, times } from "../../core/price/decimal.ts";
import { smsRateOn } from "../../core/price/sms-rates.ts";
import type { App } from "../app.ts";
import { dayOf, type PlacedTally, readTallies } from "./read-dashboard.ts";

export interface Usage {
  /** The year it begins in. */
  financialYear: number;
  months: readonly MonthUsage[];
  emails: number;
  texts: number;
  fragments: number;
  /** Pounds, exact, in decimal notation. */
  pounds: string;
}

export interface MonthUsage {
  /** "2026-04" */
  month: string;
  emails: number;
  texts: number;
  fragments: number;
  rates: readonly RateUsage[];
  pounds: string;
}

export interface RateUsage {
  /** Pounds for one fragment, the multiplier of its country included. */
  rate: string;
  multiplier: number;
  fragments: number;
  pounds: string;
}

const NOTHING = decimal("0.0");
const NOON = "T12:00:00Z";

/** Messages of test keys cost nothing and are left out, as are fragments that we failed to hand over. */
export async function readUsage(
  app: Pick<App, "db" | "clock">,
  serviceId: string,
  financialYear: number,
): Promise<Usage> {
  const { first, last } = financialYearDays(financialYear);
  const today = dayOf(app.clock.now());
  const days = { first, last: last < today ? last : today };
  const tallies = first > today ? [] : await readTallies(app, serviceId, { days, trendBy: "day" });
  const counted = tallies.filter(({ keyKind, status }) => keyKind !== "test" && status !== "cancelled");
  const months = financialYearMonths(financialYear).map((month) =>
    monthOf(
      month,
      counted.filter(({ at }) => at.startsWith(month)),
    ),
  );
  const pounds = counted.map(costOf).reduce(plus, NOTHING);
  return { financialYear, months, ...sumsOf(counted), pounds: decimalText(pounds) };
}

function monthOf(month: string, tallies: readonly PlacedTally[]): MonthUsage {
  const pounds = tallies.map(costOf).reduce(plus, NOTHING);
  return { month, ...sumsOf(tallies), rates: ratesOf(tallies), pounds: decimalText(pounds) };
}

function sumsOf(tallies: readonly PlacedTally[]): Pick<MonthUsage, "emails" | "texts" | "fragments"> {
  const sum = (channel: string) =>
    tallies.filter((tally) => tally.channel === channel).reduce((total, { messages }) => total + messages, 0);
  const fragments = tallies.reduce((total, tally) => total + chargedFragments(tally), 0);
  return { emails: sum("email"), texts: sum("sms"), fragments };
}

function ratesOf(tallies: readonly PlacedTally[]): RateUsage[] {
  const rates = new Map<string, { rate: Decimal; multiplier: number; fragments: number }>();
  for (const tally of tallies) {
    const fragments = chargedFragments(tally);
    if (fragments === 0) continue;
    const rate = times(homeRate(tally), tally.rateMultiplier);
    const key = decimalText(rate);
    const known = rates.get(key) ?? { rate, multiplier: tally.rateMultiplier, fragments: 0 };
    rates.set(key, { ...known, fragments: known.fragments + fragments });
  }
  return [...rates].map(([text, { rate, multiplier, fragments }]) => ({
    rate: text,
    multiplier,
    fragments,
    pounds: decimalText(times(rate, fragments)),
  }));
}

function costOf(tally: PlacedTally): Decimal {
  return times(homeRate(tally), chargedFragments(tally) * tally.rateMultiplier);
}

/** Nobody pays for our own failures. */
function chargedFragments({ channel, status, fragments }: PlacedTally): number {
  return channel === "sms" && status !== "technical-failure" ? fragments : 0;
}

function homeRate({ at }: PlacedTally): Decimal {
  return smsRateOn(new Date(`${at}${NOON}`));
}
