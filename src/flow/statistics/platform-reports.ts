/** What all services together have sent, for those who run the platform: by service, and by day. */
import { financialYearOf } from "../../core/calendar/financial-year.ts";
import { decimal, decimalText, plus } from "../../core/price/decimal.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import type { Days } from "../../records/statistics/counted-days.ts";
import { listDayTallies, listServiceTallies } from "../../records/statistics/platform-tally-store.ts";
import { listProviderDays } from "../../records/statistics/provider-volume-store.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { groupBy, letterRatesOf, type PostageUsage, type UsageSums, usageBy, usageOf } from "./charges.ts";

/** By service; what is missing has sent nothing. */
export async function volumesByService({ db }: Pick<App, "db">, days: Days): Promise<Map<string, UsageSums>> {
  refuseWrongDays(days);
  return usageBy(await readServiceTallies(db, days), ({ serviceId }) => serviceId, await getHomeMoney(db));
}

/** By day, in order; days on which nothing was sent are missing. */
export async function volumesByDay({ db }: Pick<App, "db">, days: Days): Promise<Map<string, UsageSums>> {
  refuseWrongDays(days);
  const tallies = (await listDayTallies(db, days)).map(({ day, ...tally }) => ({ ...tally, at: day }));
  return usageBy(tallies, ({ at }) => at, await getHomeMoney(db));
}

export interface ProviderDayVolume extends UsageSums {
  day: string;
  provider: string;
  /** In which it charges; empty where it has no prices. */
  currency: string;
  /** What it charges, in its currency, exact. */
  charged: string;
  /** The same in the home's currency, at the rate of the day. */
  chargedAtHome: string;
  /** That have no price, or no rate: in neither. */
  unpricedFragments: number;
  /** Texts that may have been sent twice, because an earlier try did not report back in time, and what they cost here. */
  repeatedMessages: number;
  repeatedCost: string;
}

/** Texts by day and provider, in order; what is missing has carried nothing. */
export async function textsByProvider({ db }: Pick<App, "db">, days: Days): Promise<ProviderDayVolume[]> {
  refuseWrongDays(days);
  // Failures of our own are not among them.
  const carried = { channel: "sms", status: "sent", unitPrice: "", postage: "", sheetsEach: 0 } as const;
  const tallies = (await listProviderDays(db, days)).map(({ day, ...volume }) => ({ ...volume, ...carried, at: day }));
  const home = await getHomeMoney(db);
  const groups = groupBy(tallies, ({ at, provider, currency }) => `${at} ${provider} ${currency}`);
  return [...groups.values()].flatMap((its) => {
    const [first] = its;
    if (!first) return [];
    const sum = (amounts: readonly string[]) => decimalText(amounts.map(decimal).reduce(plus, decimal("0.0")));
    return {
      ...{ day: first.at, provider: first.provider, currency: first.currency, ...usageOf(its, home) },
      charged: sum(its.map(({ charged }) => charged)),
      chargedAtHome: sum(its.map(({ cost }) => cost)),
      unpricedFragments: its.reduce((total, one) => total + one.unpricedFragments, 0),
      repeatedMessages: its.reduce((total, one) => total + one.repeatedMessages, 0),
      repeatedCost: sum(its.map(({ repeatedCost }) => repeatedCost)),
    };
  });
}

/** Prices change between financial years, and a table that spans two could not be checked. Fields: `from`, `to`. */
function refuseWrongDays({ first, last }: Days): void {
  if (first > last) throw fieldRefusal("to", "days-reversed", "Enter a last day that is not before the first");
  if (financialYearOf(first) !== financialYearOf(last))
    throw fieldRefusal("to", "days-two-years", "Enter days of one financial year, April to March");
}

/** Texts cost the same throughout a financial year. */
async function readServiceTallies(db: App["db"], days: Days) {
  return (await listServiceTallies(db, days)).map(({ day = days.first, ...tally }) => ({ ...tally, at: day }));
}

/** What each service's letters cost, by postage, sheets and price: for the printer's invoice. By service; what is missing sent none. */
export async function lettersByService(
  { db }: Pick<App, "db">,
  days: Days,
): Promise<Map<string, readonly PostageUsage[]>> {
  refuseWrongDays(days);
  const byService = groupBy(await readServiceTallies(db, days), ({ serviceId }) => serviceId);
  const home = await getHomeMoney(db);
  const priced = [...byService].map(([id, tallies]) => [id, letterRatesOf(tallies, home)] as const);
  return new Map(priced.filter(([, postages]) => postages.length > 0));
}
