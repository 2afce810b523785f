/** What a service has used in a financial year, month by month: emails, texts, letters, and what they cost. */
import { financialYearDays, financialYearMonths } from "../../core/calendar/financial-year.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
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
  textPounds: string;
  chatPounds: string;
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
  const months = financialYearMonths(financialYear).map((month) =>
    monthOf(
      month,
      counted.filter(({ at }) => at.startsWith(month)),
    ),
  );
  return {
    ...{ financialYear, months, byTemplate: byTemplate(counted), byCountry: byCountry(counted) },
    byPostage: letterRatesOf(counted),
    ...usageOf(counted),
  };
}

function byTemplate(tallies: readonly PlacedTally[]): TemplateUsage[] {
  const used = usageBy(tallies, ({ templateId }) => templateId);
  return [...used].map(([templateId, sums]) => ({ templateId, ...sums })).sort(dearestFirst);
}

function byCountry(tallies: readonly PlacedTally[]): CountryUsage[] {
  const used = usageBy(onlyTexts(tallies), ({ countryPrefix }) => countryPrefix);
  return [...used].map(([countryPrefix, sums]) => ({ countryPrefix, ...sums })).sort(dearestFirst);
}

function dearestFirst(a: UsageSums, b: UsageSums): number {
  const messagesOf = ({ emails, texts, letters }: UsageSums) => emails + texts + letters;
  return Number(b.pounds) - Number(a.pounds) || messagesOf(b) - messagesOf(a);
}

function monthOf(month: string, tallies: readonly PlacedTally[]): MonthUsage {
  return {
    month,
    ...usageOf(tallies),
    rates: textRatesOf(tallies),
    postages: letterRatesOf(tallies),
    textPounds: usageOf(onlyTexts(tallies)).pounds,
    chatPounds: usageOf(tallies.filter(({ channel }) => channel === "chat")).pounds,
  };
}

function onlyTexts(tallies: readonly PlacedTally[]): PlacedTally[] {
  return tallies.filter(({ channel }) => channel === "sms");
}
