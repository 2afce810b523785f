/** What services that stop at an amount have spent in a day or a month, and the check that keeps them within it. */
import type { Db, Tx } from "../../platform/db.ts";

/** The constraint that refuses a transaction which would pass a limit (SQLSTATE 23514). */
const SPEND_CONSTRAINT = "within_spend_limit";

export interface SpendAddition {
  serviceId: string;
  /** At home: a day, "2026-11-30", or a month, "2026-11". */
  period: string;
  amount: string;
  /** A whole amount. */
  ceiling: number;
}

/** As for daily limits: the statement fails on `within_spend_limit` when a total would pass its ceiling; rows are taken in one order. */
export async function addToSpendTotals(tx: Tx, additions: readonly SpendAddition[]): Promise<void> {
  if (additions.length === 0) return;
  await tx.query`
    insert into spend_totals (service_id, period, spent, ceiling)
    select a.service_id, a.period, sum(a.amount), max(a.ceiling)
    from unnest(${additions.map((a) => a.serviceId)}::uuid[], ${additions.map((a) => a.period)}::text[],
      ${additions.map((a) => a.amount)}::numeric[], ${additions.map((a) => a.ceiling)}::integer[]) as a (service_id, period, amount, ceiling)
    group by a.service_id, a.period order by a.service_id, a.period
    on conflict (service_id, period) do update set spent = spend_totals.spent + excluded.spent, ceiling = excluded.ceiling`;
}

/** Which of a transaction's additions passed its limit, if that is what `error` says. The database names the row that did not fit. */
export function overSpendLimit(error: unknown, additions: readonly SpendAddition[]): SpendAddition | undefined {
  const { code, constraint, detail = "" } = error as { code?: string; constraint?: string; detail?: string };
  if (code !== "23514" || constraint !== SPEND_CONSTRAINT) return undefined;
  return additions.find(({ serviceId, period }) => detail.includes(`(${serviceId}, ${period},`));
}

/** What was spent before anybody counted: in the place of what stands there. */
export async function setSpendTotal(
  tx: Tx,
  total: { serviceId: string; period: string; spent: string },
): Promise<void> {
  await tx.query`
    insert into spend_totals (service_id, period, spent, ceiling)
    values (${total.serviceId}, ${total.period}, ${total.spent}::numeric, ${total.spent}::numeric)
    on conflict (service_id, period) do update set spent = excluded.spent, ceiling = greatest(spend_totals.ceiling, excluded.spent)`;
}

export async function deleteSpendTotalsBefore(db: Db, { day, month }: { day: string; month: string }): Promise<void> {
  await db.query`
    delete from spend_totals where (length(period) = 10 and period < ${day}) or (length(period) = 7 and period < ${month})`;
}
