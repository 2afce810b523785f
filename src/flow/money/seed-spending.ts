/** When a service begins to stop at an amount, what it has spent already counts: from then on the flights count. */

import { dayOf } from "../../core/calendar/home-day.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import { setSpendTotal } from "../../records/limits/spend-total-store.ts";
import { isCharged, usageOf } from "../statistics/charges.ts";
import { readTallies } from "../statistics/read-dashboard.ts";

export interface Stops {
  monthlyBudget: number | undefined;
  budgetStops: boolean;
  dailySpendLimit: number | undefined;
}

/** In the transaction that changes the service; what was counted before goes on being counted. */
export async function seedSpending(
  { tx, clock }: { tx: Tx; clock: Clock },
  serviceId: string,
  { before, after }: { before: Stops; after: Stops },
): Promise<void> {
  const today = dayOf(clock.now());
  const month = today.slice(0, 7);
  const spentSince = (first: string): Promise<string> =>
    spentOnTexts({ db: tx, clock }, serviceId, { first, last: today });
  if (stopsInMonth(after) && !stopsInMonth(before))
    await setSpendTotal(tx, { serviceId, period: month, spent: await spentSince(`${month}-01`) });
  if (after.dailySpendLimit !== undefined && before.dailySpendLimit === undefined)
    await setSpendTotal(tx, { serviceId, period: today, spent: await spentSince(today) });
}

function stopsInMonth({ monthlyBudget, budgetStops }: Stops): boolean {
  return budgetStops && monthlyBudget !== undefined;
}

async function spentOnTexts(
  app: { db: Db; clock: Clock },
  serviceId: string,
  days: { first: string; last: string },
): Promise<string> {
  const tallies = await readTallies(app, serviceId, { days, trendBy: "day" });
  return usageOf(
    tallies.filter((tally) => tally.channel === "sms" && isCharged(tally)),
    await getHomeMoney(app.db),
  ).cost;
}
