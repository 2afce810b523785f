/** How much of this month's budget is spent, as pages show it. */
import { spentPercent, WARNED_PERCENTS } from "../../../core/price/budget.ts";
import { decimal } from "../../../core/price/decimal.ts";
import type { ServiceVisit } from "../http/visit.ts";

export interface BudgetBar {
  /** "£12.40 of £50.00 spent on texts in June 2026: 24 %." */
  words: string;
  percent: number;
  /** For the bar, which ends where the budget does. */
  shown: number;
  warning: string | undefined;
  /** Where the budget is changed, for who may. */
  url: string | undefined;
}

/** Nothing for a service without a budget. Spent: exact. */
export function budgetBar(visit: ServiceVisit, spent: string): BudgetBar | undefined {
  const { service, text, formats, now, may } = visit;
  const { monthlyBudget } = service;
  if (monthlyBudget === undefined) return undefined;
  const percent = spentPercent(decimal(spent), monthlyBudget);
  const amounts = { spent: formats.money(spent), budget: formats.money(String(monthlyBudget)) };
  return {
    words: text("usage.budget.words", { ...amounts, month: formats.month(now), percent: formats.number(percent) }),
    percent,
    shown: Math.min(percent, 100),
    warning: warningOf(visit, percent),
    url: may("manage_service") ? `/services/${service.id}/settings/budget` : undefined,
  };
}

function warningOf({ text, service }: ServiceVisit, percent: number): string | undefined {
  const [nearly, all] = WARNED_PERCENTS;
  if (percent >= all)
    return text(service.spendLimits.month === undefined ? "usage.budget.spent" : "usage.budget.stopped");
  return percent >= nearly ? text("usage.budget.nearly") : undefined;
}
