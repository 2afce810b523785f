/** What can be said of the whole installation to anybody. */
import type { Db } from "../../platform/db.ts";

/** The newest migration that was applied. */
export async function findSchemaVersion(db: Db): Promise<string | undefined> {
  const [row] = await db.query<{ name: string }>`select m.name from schema_migrations m order by m.name desc limit 1`;
  return row?.name;
}

/** How many services are live, and how many organisations have one. */
export async function countLive(db: Db): Promise<{ organisations: number; services: number }> {
  const [counts] = await db.query<{ organisations: number; services: number }>`
    select count(distinct s.organisation_id) as organisations, count(*) as services
    from services s where not s.is_trial and not s.is_internal and s.archived_at is null`;
  return counts ?? { organisations: 0, services: 0 };
}
