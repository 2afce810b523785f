/** The database: whether it is there, up to date, on time, and ready for tomorrow. */
import type { Config } from "../../config.ts";
import type { Database } from "../../platform/db.ts";
import { pendingMigrations, readMigrations } from "../../platform/migrations.ts";
import { packagePath } from "../../platform/package-files.ts";
import { readServerFacts } from "../../records/deployment/installation-store.ts";
import { PARTITION_DAYS_AHEAD, startOfDay } from "../../records/partitions/partition-store.ts";
import { hasDatabase } from "../connect-database.ts";
import { listAppliedMigrations, listPartitionFacts } from "../installation-facts.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const CLOCK_GOOD_MS = 1_000;
/** API tokens are good for half a minute either way. */
const CLOCK_MAX_MS = 15_000;

export function checkCluster(config: Config): Finding {
  return hasDatabase(config)
    ? warn("database", "it does not run: start Pennypost, and ask again for the rest")
    : ok("database", "the first start makes it");
}

export async function checkClock(db: Database): Promise<Finding> {
  const { version, clockAheadMs } = await readServerFacts(db);
  const off = `PostgreSQL ${version}; its clock and ours are ${Math.abs(Math.round(clockAheadMs))} ms apart`;
  if (Math.abs(clockAheadMs) > CLOCK_MAX_MS) return fail("database", `${off}: set both machines' clocks (NTP)`);
  return Math.abs(clockAheadMs) > CLOCK_GOOD_MS ? warn("database", `${off}: set both by NTP`) : ok("database", off);
}

export async function checkMigrations(db: Database): Promise<Finding> {
  const known = await readMigrations(packagePath("db/migrations"));
  try {
    const pending = pendingMigrations(known, await listAppliedMigrations(db));
    if (pending.length === 0) return ok("migrations", `all ${known.length} applied`);
    const names = pending.map(({ name }) => name).join(", ");
    return pending.length === known.length
      ? fail("migrations", "none applied: pennypost migrate, or start")
      : fail("migrations", `still to be applied: ${names}. Run pennypost migrate, or restart`);
  } catch (error) {
    return fail("migrations", (error as Error).message);
  }
}

export async function checkPartitions(db: Database, now: Date): Promise<Finding[]> {
  const facts = await listPartitionFacts(db);
  const [today, tomorrow] = [dayName(now, 0), dayName(now, 1)];
  return facts.map(({ parent, last }) => {
    const day = last.slice(-8);
    const about = `partitions of ${parent}`;
    if (day < today) return fail(about, "there is none for today: start Pennypost's worker, which makes them");
    const isAhead = day >= tomorrow;
    return isAhead
      ? ok(about, `made to ${day}`)
      : warn(about, `made to ${day} only, not ${PARTITION_DAYS_AHEAD} days ahead: does the worker run?`);
  });
}

function dayName(now: Date, offsetDays: number): string {
  return startOfDay(now, offsetDays).toISOString().slice(0, 10).replaceAll("-", "");
}
