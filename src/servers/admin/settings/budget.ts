/** `/services/:sid/settings/budget`: what a service means to spend on texts, and whether that stops them. */
import { WARNED_PERCENTS } from "../../../core/price/budget.ts";
import { BUDGET_AMOUNT, setSpending } from "../../../flow/services/settings.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, refuseIfInvalid, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const BUDGET = "/services/:sid/settings/budget";
const who = { permission: "manage_service" } as const;
/** As people write whole amounts: "1,500". */
const WHOLE_AMOUNT = /^(\d{1,3}(?:,\d{3})*|\d{1,9})$/;

const FIELDS = ["monthly", "daily"] as const;
type Field = (typeof FIELDS)[number];

const showBudget = page<{ serviceId: string; form: Form<Field>; first: number; stops: boolean }>("settings/budget.njk");

export const budgetRoutes: readonly Route[] = [
  route({ method: "GET", url: BUDGET, who, handler: askForBudget }),
  route({ method: "POST", url: BUDGET, who, handler: saveBudget }),
];

function askForBudget(visit: ServiceVisit): Answer {
  const { monthlyBudget, spendLimits } = visit.service;
  const shown = (amount: number | undefined): string => (amount === undefined ? "" : String(amount));
  const form = formOf({ monthly: shown(monthlyBudget), daily: shown(spendLimits.day) });
  return showWith(visit, form, { stops: spendLimits.month !== undefined });
}

function showWith(visit: ServiceVisit, form: Form<Field>, { stops }: { stops: boolean }): Answer {
  return showBudget(visit, { serviceId: visit.service.id, form, first: WARNED_PERCENTS[0], stops });
}

async function saveBudget(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, FIELDS);
  const budgetStops = readList(visit, "stops").includes("yes");
  return submit({
    values,
    refusedAt: "monthly",
    act: async () => {
      const [monthlyBudget, dailySpendLimit] = [parseWhole(visit, values.monthly), parseWhole(visit, values.daily)];
      refuseIfInvalid({
        monthly: wrongAmount(visit, monthlyBudget),
        daily: wrongAmount(visit, dailySpendLimit),
      });
      const value = { monthlyBudget, budgetStops, dailySpendLimit };
      await setSpending(app, actorOf(visit), { serviceId: service.id, value });
      return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
    },
    showAgain: (form) => showWith(visit, form, { stops: budgetStops }),
  });
}

function wrongAmount({ text, formats }: ServiceVisit, value: number | undefined): string | false {
  const { min, max } = BUDGET_AMOUNT;
  const isWrong = value !== undefined && !(value >= min && value <= max);
  return isWrong && text("settings.budget.wrong", { min, max: formats.number(max) });
}

/** Undefined for nothing, not a number for what is no whole amount. */
function parseWhole({ formats }: ServiceVisit, typed: string): number | undefined {
  const trimmed = formats.amountIn(typed);
  if (trimmed === "") return undefined;
  return Number((WHOLE_AMOUNT.exec(trimmed)?.[1] ?? "none").replaceAll(",", ""));
}
