/**
 * Daily partitions of what is made in volume. Each holds the ids of one UTC day; they are made ahead, so that a message near midnight
 * finds its place, and dropped whole when nothing in them may be kept any longer.
 */
import type { Database, Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";

const PARTITIONED_TABLES = ["notifications", "notification_events", "callback_attempts"] as const;
export type PartitionedTable = (typeof PARTITIONED_TABLES)[number];

const DAY_MS = 86_400_000;
export const PARTITION_DAYS_AHEAD = 3;
/** A process whose clock runs behind the others', just after midnight, still finds yesterday. */
const PARTITION_DAYS_BEHIND = 1;
const LOCK_NAME = "pennypost partitions";

/** Makes yesterday's to the next days' partitions of every table, where they are missing. Safe on several processes at once. */
export async function makePartitionsAround(db: Database, now: Date): Promise<string[]> {
  const days = Array.from({ length: PARTITION_DAYS_BEHIND + 1 + PARTITION_DAYS_AHEAD }, (_, index) =>
    startOfDay(now, index - PARTITION_DAYS_BEHIND),
  );
  const wanted = PARTITIONED_TABLES.flatMap((table) =>
    days.map((day) => ({ table, day, name: partitionName(table, day) })),
  );
  return db.transaction(async (tx) => {
    await lockPartitions(tx);
    const existing = new Set((await listPartitions(tx)).map((partition) => partition.name));
    const missing = wanted.filter((partition) => !existing.has(partition.name));
    for (const partition of missing) await makePartition(tx, partition);
    return missing.map((partition) => partition.name);
  });
}

/** Drops the partitions of days before `firstDayKept`; says which. */
export async function dropPartitionsBefore(
  db: Database,
  table: PartitionedTable,
  firstDayKept: Date,
): Promise<string[]> {
  return db.transaction(async (tx) => {
    await lockPartitions(tx);
    const oldest = partitionName(table, startOfDay(firstDayKept, 0));
    const past = (await listPartitions(tx)).filter(
      (partition) => partition.parent === table && partition.name < oldest,
    );
    for (const partition of past) await tx.execute(`drop table ${partition.name}`);
    return past.map((partition) => partition.name);
  });
}

/** Midnight UTC of the day `offsetDays` away from `moment`. */
export function startOfDay(moment: Date, offsetDays: number): Date {
  return new Date(Math.floor(moment.getTime() / DAY_MS) * DAY_MS + offsetDays * DAY_MS);
}

function partitionName(table: PartitionedTable, day: Date): string {
  return `${table}_${day.toISOString().slice(0, 10).replaceAll("-", "")}`;
}

async function lockPartitions(tx: Tx): Promise<void> {
  await tx.query`select pg_advisory_xact_lock(hashtext(${LOCK_NAME}))`;
}

function listPartitions(tx: Tx): Promise<{ parent: string; name: string }[]> {
  return tx.query<{ parent: string; name: string }>`
    select parent.relname::text as parent, child.relname::text as name
    from pg_inherits i join pg_class parent on parent.oid = i.inhparent join pg_class child on child.oid = i.inhrelid
    where parent.relname = any(${PARTITIONED_TABLES}::text[]) and parent.relkind = 'p' and child.relkind = 'r'`;
}

/** Room is left on each page, so that a status move stays beside the row it replaces and touches no index. */
async function makePartition(tx: Tx, partition: { table: PartitionedTable; day: Date; name: string }): Promise<void> {
  const from = firstIdAt(partition.day);
  const to = firstIdAt(startOfDay(partition.day, 1));
  await tx.execute(
    `create table ${partition.name} partition of ${partition.table} for values from ('${from}') to ('${to}') with (fillfactor = 50)`,
  );
}
