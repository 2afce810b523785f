/** What a service has used in a financial year, month by month: emails, texts, letters, and what they cost. */
import { financialYearDays, financialYearMonths } from "../../core/calendar/financial-year.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import type { HomeMoney } from "../../core/price/home-money.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import type { App } from "../app.ts";
import {
  isCharged,
  letterRatesOf,
  type PostageUsage,
  type RateUsage,
  textRatesOf,
  type UsageSums,
  usageBy,
  usageOf,
} from "./charges.ts";
import { type PlacedTally, readTallies } from "./read-dashboard.ts";

export interface Usage extends UsageSums {
  /** The year it begins in. */
  financialYear: number;
  months: readonly MonthUsage[];
  /** The dearest first, then the most used. */
  byTemplate: readonly TemplateUsage[];
  /** Of texts; the dearest country first, then the most used. */
  byCountry: readonly CountryUsage[];
  /** Of letters; the dearest postage first. */
  byPostage: readonly PostageUsage[];
}

export interface MonthUsage extends UsageSums {
  /** "2026-04" */
  month: string;
  rates: readonly RateUsage[];
  postages: readonly PostageUsage[];
  /** Of texts alone, which is what a budget is for. */
  textCost: string;
  chatCost: string;
}

export interface TemplateUsage extends UsageSums {
  templateId: string;
}

export interface CountryUsage extends UsageSums {
  /** Of the table of rates; empty for texts that were counted before countries were. */
  countryPrefix: string;
}

/** Messages of test keys cost nothing and are left out, as are fragments that we failed to hand over, and letters nobody prints. */
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
  const home = await getHomeMoney(app.db);
  const months = financialYearMonths(financialYear).map((month) =>
    monthOf(
      month,
      counted.filter(({ at }) => at.startsWith(month)),
      home,
    ),
  );
  return {
    ...{ financialYear, months, byTemplate: byTemplate(counted, home), byCountry: byCountry(counted, home) },
    byPostage: letterRatesOf(counted, home),
    ...usageOf(counted, home),
  };
}

function byTemplate(tallies: readonly PlacedTally[], home: HomeMoney): TemplateUsage[] {
  const used = usageBy(tallies, ({ templateId }) => templateId, home);
  return [...used].map(([templateId, sums]) => ({ templateId, ...sums })).sort(dearestFirst);
}

function byCountry(tallies: readonly PlacedTally[], home: HomeMoney): CountryUsage[] {
  const used = usageBy(onlyTexts(tallies), ({ countryPrefix }) => countryPrefix, home);
  return [...used].map(([countryPrefix, sums]) => ({ countryPrefix, ...sums })).sort(dearestFirst);
}

function dearestFirst(a: UsageSums, b: UsageSums): number {
  const messagesOf = ({ emails, texts, letters }: UsageSums) => emails + texts + letters;
  return Number(b.cost) - Number(a.cost) || messagesOf(b) - messagesOf(a);
}

function monthOf(month: string, tallies: readonly PlacedTally[], home: HomeMoney): MonthUsage {
  return {
    month,
    ...usageOf(tallies, home),
    rates: textRatesOf(tallies, home),
    postages: letterRatesOf(tallies, home),
    textCost: usageOf(onlyTexts(tallies), home).cost,
    chatCost: usageOf(onlyChats(tallies), home).cost,
  };
}

function onlyChats(tallies: readonly PlacedTally[]): PlacedTally[] {
  return tallies.filter(({ channel }) => channel === "chat");
}

function onlyTexts(tallies: readonly PlacedTally[]): PlacedTally[] {
  return tallies.filter(({ channel }) => channel === "sms");
}
