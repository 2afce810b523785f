/** What an installation's database knows about itself, for `status` and `doctor`. Reads only. */
import type { Db } from "../platform/db.ts";
import { firstIdAt } from "../platform/ids.ts";
import type { AppliedMigration } from "../platform/migrations.ts";

const RECENT_MINUTES = 10;
/** A look at how things go must not itself slow them. */
const RECENT_MAX = 100_000;

/** Migrations that have been applied; none in a database that is not ours yet. */
export async function listAppliedMigrations(db: Db): Promise<AppliedMigration[]> {
  const [row] = await db.query<{ exists: boolean }>`select to_regclass('schema_migrations') is not null as exists`;
  if (!row?.exists) return [];
  return db.query<AppliedMigration>`select m.name, m.checksum from schema_migrations m order by m.name`;
}

export interface PartitionFacts {
  parent: string;
  partitions: number;
  /** The name of the newest, which ends in its day: `notifications_20260131`. */
  last: string;
}

export function listPartitionFacts(db: Db): Promise<PartitionFacts[]> {
  return db.query<PartitionFacts>`
    select parent.relname::text as parent, count(*)::integer as partitions, max(child.relname::text) as last
    from pg_inherits i join pg_class parent on parent.oid = i.inhparent join pg_class child on child.oid = i.inhrelid
    where parent.relkind = 'p' and child.relkind = 'r' group by parent.relname order by parent.relname`;
}

export interface ProviderHealth {
  name: string;
  channel: string;
  isActive: boolean;
  isSandbox: boolean;
  /** How many lead to it. */
  routes: number;
  /** In the last minutes. */
  handedOver: number;
  delivered: number;
  failed: number;
}

/** How providers have fared lately. */
export function listProviderHealth(db: Db, now: Date): Promise<ProviderHealth[]> {
  const since = firstIdAt(new Date(now.getTime() - RECENT_MINUTES * 60_000));
  return db.query<ProviderHealth>`
    with recent as (
      select n.provider, n.status from notifications n where n.id >= ${since}::uuid order by n.id desc limit ${RECENT_MAX}
    ), counts as (
      select r.provider, count(*)::integer as handed_over, (count(*) filter (where r.status = 'delivered'))::integer as delivered,
        (count(*) filter (where r.status like '%-failure'))::integer as failed
      from recent r group by r.provider
    )
    select p.name, p.channel, p.is_active, p.is_sandbox,
      (select count(*) from routes r where r.provider_id = p.id) as routes, coalesce(c.handed_over, 0) as handed_over,
      coalesce(c.delivered, 0) as delivered, coalesce(c.failed, 0) as failed
    from providers p left join counts c on c.provider = p.name
    order by p.name`;
}

export async function findMasterKeyFingerprint(db: Db): Promise<string | undefined> {
  const [row] = await db.query<{
    fingerprint: string;
  }>`select d.master_key_fingerprint as fingerprint from deployment d`;
  return row?.fingerprint;
}

export function listCallbackUrls(db: Db): Promise<{ service: string; kinds: string[]; url: string }[]> {
  return db.query<{ service: string; kinds: string[]; url: string }>`
    select s.name as service, c.kinds, c.url from callbacks c join services s on s.id = c.service_id
    where c.replaced_at is null and s.archived_at is null order by s.name, c.kinds`;
}

/** About how many rows there are, as the server's own statistics have it. */
export async function estimateRows(db: Db): Promise<number> {
  const [row] = await db.query<{ rows: number }>`
    select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint as rows from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`;
  return row?.rows ?? 0;
}
