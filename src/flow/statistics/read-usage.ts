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
  /** The dearest first, then the most used. */
  byTemplate: readonly TemplateUsage[];
  /** Of texts; the dearest country first, then the most used. */
  byCountry: readonly CountryUsage[];
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

export interface TemplateUsage extends UsageSums {
  templateId: string;
}

export interface CountryUsage extends UsageSums {
  /** Of the table of rates; empty for texts that were counted before countries were. */
  countryPrefix: string;
}

/** What some messages amount to. */
export interface UsageSums {
  emails: number;
  texts: number;
  fragments: number;
  /** Exact, in decimal notation. */
  pounds: string;
}

/** What usage is reckoned from. */
export type ChargedTally = Pick<PlacedTally, "at" | "channel" | "status" | "rateMultiplier" | "messages" | "fragments">;

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
  const counted = tallies.filter(isCharged);
  const months = financialYearMonths(financialYear).map((month) =>
    monthOf(
      month,
      counted.filter(({ at }) => at.startsWith(month)),
    ),
  );
  const pounds = counted.map(costOf).reduce(plus, NOTHING);
  return {
    ...{ financialYear, months, byTemplate: byTemplate(counted), byCountry: byCountry(counted) },
    ...sumsOf(counted),
    pounds: decimalText(pounds),
  };
}

/** Test keys cost nothing, nor does what was taken back. */
export function isCharged({ keyKind, status }: Pick<PlacedTally, "keyKind" | "status">): boolean {
  return keyKind !== "test" && status !== "cancelled";
}

/** What messages amount to, whichever month they are of. */
export function usageOf(tallies: readonly ChargedTally[]): UsageSums {
  return { ...sumsOf(tallies), pounds: decimalText(tallies.map(costOf).reduce(plus, NOTHING)) };
}

/** The same by what they have in common. */
export function usageBy<Some extends ChargedTally>(
  tallies: readonly Some[],
  keyOf: (tally: Some) => string,
): Map<string, UsageSums> {
  const groups = new Map<string, Some[]>();
  for (const tally of tallies) {
    const group = groups.get(keyOf(tally));
    if (group) group.push(tally);
    else groups.set(keyOf(tally), [tally]);
  }
  return new Map([...groups].map(([key, its]) => [key, usageOf(its)]));
}

/** Some sums together. */
export function addUsage(parts: readonly UsageSums[]): UsageSums {
  const sum = (name: "emails" | "texts" | "fragments") => parts.reduce((total, part) => total + part[name], 0);
  const pounds = parts.map((part) => decimal(part.pounds)).reduce(plus, NOTHING);
  return { emails: sum("emails"), texts: sum("texts"), fragments: sum("fragments"), pounds: decimalText(pounds) };
}

function byTemplate(tallies: readonly PlacedTally[]): TemplateUsage[] {
  const used = usageBy(tallies, ({ templateId }) => templateId);
  return [...used].map(([templateId, sums]) => ({ templateId, ...sums })).sort(dearestFirst);
}

function byCountry(tallies: readonly PlacedTally[]): CountryUsage[] {
  const texts = tallies.filter(({ channel }) => channel === "sms");
  const used = usageBy(texts, ({ countryPrefix }) => countryPrefix);
  return [...used].map(([countryPrefix, sums]) => ({ countryPrefix, ...sums })).sort(dearestFirst);
}

function dearestFirst(a: UsageSums, b: UsageSums): number {
  return Number(b.pounds) - Number(a.pounds) || b.texts + b.emails - (a.texts + a.emails);
}

function monthOf(month: string, tallies: readonly PlacedTally[]): MonthUsage {
  const pounds = tallies.map(costOf).reduce(plus, NOTHING);
  return { month, ...sumsOf(tallies), rates: ratesOf(tallies), pounds: decimalText(pounds) };
}

function sumsOf(tallies: readonly ChargedTally[]): Pick<MonthUsage, "emails" | "texts" | "fragments"> {
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

function costOf(tally: ChargedTally): Decimal {
  return times(homeRate(tally), chargedFragments(tally) * tally.rateMultiplier);
}

/** Nobody pays for our own failures. */
function chargedFragments({ channel, status, fragments }: ChargedTally): number {
  return channel === "sms" && status !== "technical-failure" ? fragments : 0;
}

function homeRate({ at }: ChargedTally): Decimal {
  return smsRateOn(new Date(`${at}${NOON}`));
}
