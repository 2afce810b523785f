/**
 * Tells those who manage a service when it has spent a share of its month's budget, once for each share. By the hours that are counted:
 * a warning comes within an hour and some minutes. For the housekeeping.
 */

import { dayOf } from "../../core/calendar/home-day.ts";
import { reachedPercents, spentPercent } from "../../core/price/budget.ts";
import { decimal } from "../../core/price/decimal.ts";
import { moneyWords, wholeMoneyWords } from "../../core/price/money-words.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import { type Budget, insertWarnings, listBudgets, listWarnedPercents } from "../../records/services/budget-store.ts";
import { listTeam } from "../../records/services/team-store.ts";
import { listDailyTallies } from "../../records/statistics/statistics-store.ts";
import type { App } from "../app.ts";
import { createIntake } from "../intake/create-intake.ts";
import { createPeople, type People } from "../people/people.ts";
import { sendOnce } from "../people/send-once.ts";
import { isCharged, usageOf } from "./charges.ts";

const SERVICES_AT_ONCE = 100;
const STOPS = "Its texts are refused for the rest of the month once all of it is spent.";
const GOES_ON = "Nothing is stopped: its messages go on being sent.";
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

interface Spending extends Budget {
  /** "2026-06" */
  month: string;
  /** Exact. */
  spent: string;
}

export async function warnOfBudgets(app: App): Promise<{ warned: number }> {
  const people = createPeople(createIntake(app));
  let warned = 0;
  for (let after = FIRST_ID; ; ) {
    const budgets = await listBudgets(app.db, { after, limit: SERVICES_AT_ONCE });
    for (const budget of budgets) warned += await warnOfBudget(people, budget);
    const last = budgets.at(-1);
    if (!last || budgets.length < SERVICES_AT_ONCE) return { warned };
    after = last.serviceId;
  }
}

/** How many were told. */
async function warnOfBudget(people: People, budget: Budget): Promise<number> {
  const month = dayOf(people.clock.now()).slice(0, 7);
  const spending = { ...budget, month, spent: await spentIn(people, budget.serviceId, month) };
  const reached = reachedPercents(spending.spent, budget.monthlyBudget);
  const warnedBefore = reached.length > 0 ? await listWarnedPercents(people.db, spending) : [];
  const news = reached.filter((percent) => !warnedBefore.includes(percent));
  const highest = news.at(-1);
  if (highest === undefined) return 0;
  const told = await tellManagers(people, spending, highest);
  const warnedAt = people.clock.now();
  await people.db.transaction((tx) => insertWarnings(tx, spending, { percents: news, warnedAt }));
  return told;
}

/** On texts, in the hours of a month ("2026-06") that have been counted. */
export async function spentIn({ db }: Pick<App, "db">, serviceId: string, month: string): Promise<string> {
  const year = Number(month.slice(0, 4));
  const last = new Date(Date.UTC(year, Number(month.slice(5)), 0)).toISOString().slice(0, 10);
  const tallies = await listDailyTallies(db, serviceId, { first: `${month}-01`, last });
  const texts = tallies.filter((tally) => tally.channel === "sms" && isCharged(tally));
  const placed = texts.map(({ day, ...tally }) => ({ ...tally, at: day }));
  return usageOf(placed, await getHomeMoney(db)).cost;
}

async function tellManagers(people: People, spending: Spending, reached: number): Promise<number> {
  const { serviceId, serviceName, month, monthlyBudget, budgetStops, spent } = spending;
  const managers = (await listTeam(people.db, serviceId)).filter(({ permissions }) =>
    permissions.includes("manage_service"),
  );
  const percent = String(spentPercent(decimal(spent), monthlyBudget));
  const effect = budgetStops ? STOPS : GOES_ON;
  const { currency } = await people.prices.home();
  const budget = wholeMoneyWords(monthlyBudget, currency);
  const values = { service: serviceName, month: monthName(month), budget, percent, effect };
  for (const { name, emailAddress } of managers) {
    const all = { ...values, name, spent: moneyWords(inHundredths(spent), currency), link: linkOf(people, serviceId) };
    const onceAs = `budget ${serviceId} ${month} ${monthlyBudget} ${reached}`;
    await sendOnce(people, { kind: "budget-warning", to: emailAddress, values: all, onceAs });
  }
  return managers.length;
}

/** Where nobody has said where the pages are, the place on them. */
function linkOf({ origins }: Pick<People, "origins">, serviceId: string): string {
  return `${origins.admin ?? origins.own ?? ""}/services/${serviceId}/usage`;
}

const months = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

function monthName(month: string): string {
  return months.format(new Date(`${month}-15T12:00:00Z`));
}

/** Not rounded up: people compare it with a budget.  inHundredths("81.507") → "81.50" */
function inHundredths(amount: string): string {
  const [whole = "0", fraction = ""] = amount.split(".");
  return `${whole}.${fraction.padEnd(2, "0").slice(0, 2)}`;
}
