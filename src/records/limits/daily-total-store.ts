/** How much a service has sent today, and the check that keeps it within its limit. Days are UTC. */
import type { Db, Tx } from "../../platform/db.ts";
import type { LimitKind } from "../services/service.ts";

/** The constraint that refuses a transaction which would pass a limit (SQLSTATE 23514). */
const DAILY_LIMIT_CONSTRAINT = "within_daily_limit";

export interface DailyAddition {
  serviceId: string;
  kind: LimitKind;
  day: string;
  added: number;
  ceiling: number;
}

/**
 * Counts what the transaction sends. The database holds the limit: the statement fails on `within_daily_limit` when a total would pass it.
 * Rows are taken in one order everywhere, so that two flights never wait for each other in a circle.
 */
export async function addToDailyTotals(tx: Tx, additions: readonly DailyAddition[]): Promise<void> {
  if (additions.length === 0) return;
  const ordered = additions.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  await tx.query`
    insert into daily_totals (service_id, kind, day, total, ceiling)
    select a.service_id, a.kind, a.day, a.added, a.ceiling
    from unnest(
      ${ordered.map((a) => a.serviceId)}::uuid[], ${ordered.map((a) => a.kind)}::text[], ${ordered.map((a) => a.day)}::date[],
      ${ordered.map((a) => a.added)}::integer[], ${ordered.map((a) => a.ceiling)}::integer[]
    ) as a (service_id, kind, day, added, ceiling)
    on conflict (service_id, kind, day) do update set total = daily_totals.total + excluded.total, ceiling = excluded.ceiling`;
}

/** Gives one back: what it was counted for has been taken back the same day. */
export async function takeFromDailyTotal(
  tx: Tx,
  counted: Pick<DailyAddition, "serviceId" | "kind" | "day">,
): Promise<void> {
  await tx.query`
    update daily_totals set total = total - 1
    where service_id = ${counted.serviceId} and kind = ${counted.kind} and day = ${counted.day} and total > 0`;
}

/** Which of a transaction's additions passed its limit, if that is what `error` says. The database names the row that did not fit. */
export function overDailyLimit(error: unknown, additions: readonly DailyAddition[]): DailyAddition | undefined {
  const { code, constraint, detail = "" } = error as { code?: string; constraint?: string; detail?: string };
  if (code !== "23514" || constraint !== DAILY_LIMIT_CONSTRAINT) return undefined;
  return additions.find((addition) => detail.includes(`(${addition.serviceId}, ${addition.kind},`));
}

/** How many a service has sent on a day, by kind. */
export function listDailyTotals(db: Db, serviceId: string, day: string): Promise<{ kind: LimitKind; total: number }[]> {
  return db.query<{ kind: LimitKind; total: number }>`
    select t.kind, t.total from daily_totals t where t.service_id = ${serviceId} and t.day = ${day}`;
}

export async function deleteDailyTotalsBefore(db: Db, day: string): Promise<void> {
  await db.query`delete from daily_totals where day < ${day}`;
}

function keyOf(addition: DailyAddition): string {
  return `${addition.serviceId} ${addition.kind} ${addition.day}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
