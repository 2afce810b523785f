/** When each piece of housekeeping was last done, and that only one process does it. */
import type { Db, Tx } from "../../platform/db.ts";

const LOCK_NAME = "pennypost upkeep";

export interface UpkeepRun {
  task: string;
  ranAt: Date;
  durationMs: number;
  counts: Record<string, number>;
}

/** Whether the task is this transaction's to do, until it ends. */
export async function tryLockTask(tx: Tx, task: string): Promise<boolean> {
  const [row] = await tx.query<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(hashtext(${LOCK_NAME}), hashtext(${task})) as is_ours`;
  return row?.isOurs === true;
}

export async function findLastRun(tx: Tx, task: string): Promise<Date | undefined> {
  const [run] = await tx.query<{ ranAt: Date }>`select r.ran_at from upkeep_runs r where r.task = ${task}`;
  return run?.ranAt;
}

/** When each task was last done, by its name. */
export function listRuns(db: Db): Promise<UpkeepRun[]> {
  return db.query<UpkeepRun>`
    select r.task, r.ran_at, r.duration_ms, r.counts from upkeep_runs r order by r.task`;
}

export async function recordRun(tx: Tx, { task, ranAt, durationMs, counts }: UpkeepRun): Promise<void> {
  await tx.query`
    insert into upkeep_runs (task, ran_at, duration_ms, counts)
    values (${task}, ${ranAt}, ${durationMs}, ${JSON.stringify(counts)}::jsonb)
    on conflict (task) do update
      set ran_at = excluded.ran_at, duration_ms = excluded.duration_ms, counts = excluded.counts`;
}
