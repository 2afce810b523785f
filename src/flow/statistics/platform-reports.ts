/** What all services together have sent, for those who run the platform: by service, and by day. */
import { financialYearOf } from "../../core/calendar/financial-year.ts";
import type { Days } from "../../records/statistics/counted-days.ts";
import { listDayTallies, listServiceTallies } from "../../records/statistics/platform-tally-store.ts";
import { listProviderDays } from "../../records/statistics/provider-volume-store.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { type ChargedTally, type UsageSums, usageBy } from "./read-usage.ts";

export type Volume = UsageSums & { letters: number };

/** By service; what is missing has sent nothing. */
export async function volumesByService({ db }: Pick<App, "db">, days: Days): Promise<Map<string, Volume>> {
  refuseWrongDays(days);
  const tallies = (await listServiceTallies(db, days)).map((tally) => ({ ...tally, at: days.first }));
  return volumesBy(tallies, ({ serviceId }) => serviceId);
}

/** By day, in order; days on which nothing was sent are missing. */
export async function volumesByDay({ db }: Pick<App, "db">, days: Days): Promise<Map<string, Volume>> {
  refuseWrongDays(days);
  const tallies = (await listDayTallies(db, days)).map(({ day, ...tally }) => ({ ...tally, at: day }));
  return volumesBy(tallies, ({ at }) => at);
}

export interface ProviderDayVolume extends UsageSums {
  day: string;
  provider: string;
}

/** Texts by day and provider, in order; what is missing has carried nothing. */
export async function textsByProvider({ db }: Pick<App, "db">, days: Days): Promise<ProviderDayVolume[]> {
  refuseWrongDays(days);
  // Failures of our own are not among them.
  const carried = { channel: "sms", status: "sent" } as const;
  const tallies = (await listProviderDays(db, days)).map(({ day, ...volume }) => ({ ...volume, ...carried, at: day }));
  const sums = usageBy(tallies, ({ at, provider }) => `${at} ${provider}`);
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

function volumesBy<Some extends ChargedTally>(
  tallies: readonly Some[],
  keyOf: (tally: Some) => string,
): Map<string, Volume> {
  const letters = new Map<string, number>();
  for (const tally of tallies) {
    if (tally.channel !== "letter") continue;
    letters.set(keyOf(tally), (letters.get(keyOf(tally)) ?? 0) + tally.messages);
  }
  const sums = [...usageBy(tallies, keyOf)];
  return new Map(sums.map(([key, usage]) => [key, { ...usage, letters: letters.get(key) ?? 0 }]));
}
