/** How much of a month's budget is spent, and of which shares people are told. */
import { type Decimal, decimal } from "./decimal.ts";

/** Percent of a budget at which those who manage the service are told, once each. */
export const WARNED_PERCENTS = [80, 100] as const;
export type WarnedPercent = (typeof WARNED_PERCENTS)[number];

/** Whole percent of a budget, never rounded up.  spentPercent(decimal("79.99"), 100) → 79 */
export function spentPercent({ units, decimals }: Decimal, budget: number): number {
  return Number((units * 100n) / (BigInt(budget) * 10n ** BigInt(decimals)));
}

/** The shares that are reached, the lowest first.  reachedPercents("81.5", 100) → [80] */
export function reachedPercents(pounds: string, budget: number): WarnedPercent[] {
  const spent = spentPercent(decimal(pounds), budget);
  return WARNED_PERCENTS.filter((percent) => spent >= percent);
}
