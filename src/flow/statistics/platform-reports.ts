/** What all services together have sent, for those who run the platform: by service, and by day. */
import { financialYearOf } from "../../core/calendar/financial-year.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import type { Days } from "../../records/statistics/counted-days.ts";
import { listDayTallies, listServiceTallies } from "../../records/statistics/platform-tally-store.ts";
import { listProviderDays } from "../../records/statistics/provider-volume-store.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { groupBy, letterRatesOf, type PostageUsage, type UsageSums, usageBy } from "./charges.ts";

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
}

/** Texts by day and provider, in order; what is missing has carried nothing. */
export async function textsByProvider({ db }: Pick<App, "db">, days: Days): Promise<ProviderDayVolume[]> {
  refuseWrongDays(days);
  // Failures of our own are not among them.
  const carried = { channel: "sms", status: "sent", unitPrice: "", postage: "", sheetsEach: 0 } as const;
  const tallies = (await listProviderDays(db, days)).map(({ day, ...volume }) => ({ ...volume, ...carried, at: day }));
  const sums = usageBy(tallies, ({ at, provider }) => `${at} ${provider}`, await getHomeMoney(db));
  return [...sums].map(([key, usage]) => {
    const [day = "", provider = ""] = key.split(" ");
    return { day, provider, ...usage };
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
