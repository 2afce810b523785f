/** `/services/:sid/settings/budget`: what a service means to spend on texts in a month. */
import { WARNED_PERCENTS } from "../../../core/price/budget.ts";
import { BUDGET_POUNDS, setMonthlyBudget } from "../../../flow/services/settings.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const BUDGET = "/services/:sid/settings/budget";
const who = { permission: "manage_service" } as const;
/** As people write whole pounds: "1,500". */
const WHOLE_POUNDS = /^£?\s*(\d{1,3}(?:,\d{3})*|\d{1,9})$/;

const showBudget = page<{ serviceId: string; form: Form<"pounds">; first: number }>("settings/budget.njk");

export const budgetRoutes: readonly Route[] = [
  route({ method: "GET", url: BUDGET, who, handler: askForBudget }),
  route({ method: "POST", url: BUDGET, who, handler: saveBudget }),
];

function askForBudget(visit: ServiceVisit): Answer {
  const { monthlyBudget } = visit.service;
  return showWith(visit, formOf({ pounds: monthlyBudget === undefined ? "" : String(monthlyBudget) }));
}

function showWith(visit: ServiceVisit, form: Form<"pounds">): Answer {
  return showBudget(visit, { serviceId: visit.service.id, form, first: WARNED_PERCENTS[0] });
}

async function saveBudget(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, formats } = visit;
  const values = readFields(visit, ["pounds"]);
  return submit({
    values,
    refusedAt: "pounds",
    act: async () => {
      const value = parsePounds(values.pounds);
      const { min, max } = BUDGET_POUNDS;
      const isWrong = value !== undefined && !(value >= min && value <= max);
      refuseIfInvalid({ pounds: isWrong && text("settings.budget.wrong", { min, max: formats.number(max) }) });
      await setMonthlyBudget(app, actorOf(visit), { serviceId: service.id, value });
      return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
    },
    showAgain: (form) => showWith(visit, form),
  });
}

/** Undefined for nothing, not a number for what is no amount in whole pounds. */
function parsePounds(typed: string): number | undefined {
  const trimmed = typed.trim();
  if (trimmed === "") return undefined;
  return Number((WHOLE_POUNDS.exec(trimmed)?.[1] ?? "none").replaceAll(",", ""));
}
