/** What guards against floods have counted: exactly, in the flight that accepts it, in one row for each thing that is counted. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";

/** The constraint that refuses a transaction which would pass a limit (SQLSTATE 23514). */
const FLOOD_LIMIT_CONSTRAINT = "within_flood_limit";
/** The step that is under way, and as many before it as a window has: in no window is there more than the limit. */
const SLOTS_BACK = sqlConstant("61");
/** Of which the second busiest says what is usual: one day of trouble makes nothing usual, and what is sent once a week is. */
const DAYS_BACK = sqlConstant("14");

/** What one message counts towards one rule. */
export interface FloodCount {
  ruleId: string;
  serviceId: string;
  subject: string;
  slot: number;
  day: number;
  /** Pounds, or one text. */
  amount: string;
  atLeast: number;
  timesUsual: number;
}

/**
 * Counts what the transaction accepts. The database holds the limits: the statement fails on `within_flood_limit` when a window would hold
 * more than it may. Rows are taken in one order, so that two flights never wait for each other in a circle. What lies far ahead was counted
 * in steps of another length, by a process that did not know yet that its rule has changed.
 */
export async function countFloods(tx: Tx, counts: readonly FloodCount[]): Promise<void> {
  if (counts.length === 0) return;
  const column = <Key extends keyof FloodCount>(key: Key) => counts.map((count) => count[key]);
  await tx.query`
    insert into flood_tallies as t (rule_id, service_id, subject, slots, amounts, total, days, peaks, ceiling, times_usual)
    select c.rule_id, c.service_id, c.subject, array[max(c.slot)], array[sum(c.amount)], sum(c.amount), array[max(c.day)],
      array[sum(c.amount)], max(c.at_least), max(c.times_usual)
    from unnest(${column("ruleId")}::uuid[], ${column("serviceId")}::uuid[], ${column("subject")}::text[], ${column("slot")}::integer[],
      ${column("day")}::integer[], ${column("amount")}::numeric[], ${column("atLeast")}::integer[], ${column("timesUsual")}::smallint[])
      as c (rule_id, service_id, subject, slot, day, amount, at_least, times_usual)
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (rule_id, service_id, subject) do update set (slots, amounts, total, days, peaks, ceiling, times_usual) = (
      select w.slots, w.amounts, w.total, d.days, d.peaks,
        greatest(excluded.ceiling, excluded.times_usual * coalesce(d.usual, 0)), excluded.times_usual
      from (
        select array_agg(s.slot) as slots, array_agg(s.amount) as amounts, sum(s.amount) as total from (
          select p.slot, sum(p.amount) as amount from unnest(t.slots || excluded.slots, t.amounts || excluded.amounts) as p (slot, amount)
          where p.slot > excluded.slots[1] - ${SLOTS_BACK} and p.slot < excluded.slots[1] + ${SLOTS_BACK} group by p.slot) s) w,
      lateral (
        select array_agg(q.day) as days, array_agg(q.peak) as peaks,
          (array_agg(q.peak order by q.peak desc) filter (where q.day < excluded.days[1]))[2] as usual
        from (
          select p.day, max(p.peak) as peak from unnest(t.days || excluded.days, t.peaks || w.total) as p (day, peak)
          where p.day >= excluded.days[1] - ${DAYS_BACK} group by p.day) q) d)`;
}

/** Which of a transaction's counts passed its limit, if that is what `error` says. The database names the row that did not fit. */
export function overFloodLimit(error: unknown, counts: readonly FloodCount[]): FloodCount | undefined {
  const { code, constraint, detail = "" } = error as { code?: string; constraint?: string; detail?: string };
  if (code !== "23514" || constraint !== FLOOD_LIMIT_CONSTRAINT) return undefined;
  return counts.find(({ ruleId, serviceId, subject }) => detail.includes(`(${ruleId}, ${serviceId}, ${subject}, `));
}

/** The most that may be counted in its window today, in money or texts. */
export async function floodCeiling(
  db: Db,
  { ruleId, serviceId, subject, day, atLeast, timesUsual }: FloodCount,
): Promise<number> {
  const [usual] = await db.query<{ peak: number }>`
    select p.peak::double precision as peak from flood_tallies t, unnest(t.days, t.peaks) as p (day, peak)
    where t.rule_id = ${ruleId} and t.service_id = ${serviceId} and t.subject = ${subject}
      and p.day >= ${day}::integer - ${DAYS_BACK} and p.day < ${day}::integer
    order by p.peak desc offset 1 limit 1`;
  return Math.max(atLeast, timesUsual * (usual?.peak ?? 0));
}

type Counted = Pick<FloodCount, "ruleId" | "serviceId" | "subject">;

/** What is in its window counts no more; what was usual before stays. */
export async function emptyFloodWindow(tx: Tx, { ruleId, serviceId, subject }: Counted): Promise<void> {
  await tx.query`
    update flood_tallies set slots = '{}', amounts = '{}', total = 0
    where rule_id = ${ruleId} and service_id = ${serviceId} and subject = ${subject}`;
}

/** Nothing was counted there for so long that nothing of it is usual. */
export async function deletePastFloods(db: Db, { day, limit }: { day: number; limit: number }): Promise<number> {
  const deleted = await db.query<{ ruleId: string }>`
    delete from flood_tallies t where t.ctid = any(array(
      select o.ctid from flood_tallies o where ${day}::integer > all(o.days) limit ${limit}))
    returning t.rule_id`;
  return deleted.length;
}
