/** What services mean to spend in a month, and which shares of it those who manage them were told of. */
import type { Db, Tx } from "../../platform/db.ts";

export interface Budget {
  serviceId: string;
  serviceName: string;
  /** A whole amount. */
  monthlyBudget: number;
  /** Its texts are refused once it is spent. */
  budgetStops: boolean;
}

export interface BudgetWarning extends Pick<Budget, "serviceId" | "monthlyBudget"> {
  /** "2026-06" */
  month: string;
  percent: number;
}

/** Of services that are in use, after one of them, in order of their ids. */
export function listBudgets(db: Db, { after, limit }: { after: string; limit: number }): Promise<Budget[]> {
  return db.query<Budget>`
    select s.id as service_id, s.name as service_name, s.monthly_budget, s.budget_stops from services s
    where s.monthly_budget is not null and s.archived_at is null and s.id > ${after} order by s.id limit ${limit}`;
}

/** The shares of this budget that were told of this month. */
export async function listWarnedPercents(
  db: Db,
  { serviceId, month, monthlyBudget }: Omit<BudgetWarning, "percent">,
): Promise<number[]> {
  const rows = await db.query<{ percent: number }>`
    select w.percent from budget_warnings w
    where w.service_id = ${serviceId} and w.month = ${month} and w.monthly_budget = ${monthlyBudget}`;
  return rows.map(({ percent }) => percent);
}

export async function insertWarnings(
  tx: Tx,
  { serviceId, month, monthlyBudget }: Omit<BudgetWarning, "percent">,
  { percents, warnedAt }: { percents: readonly number[]; warnedAt: Date },
): Promise<void> {
  await tx.query`
    insert into budget_warnings (service_id, month, monthly_budget, percent, warned_at)
    select ${serviceId}, ${month}, ${monthlyBudget}, p.percent, ${warnedAt} from unnest(${percents}::smallint[]) as p (percent)
    on conflict do nothing`;
}
