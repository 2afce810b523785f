/** How providers fare, as every process that sends tells it, and the circuits that all of them keep to. */
import type { Circuit } from "../../core/routing/circuit.ts";
import type { Tally, Trouble } from "../../core/routing/health-rules.ts";
import type { Db } from "../../platform/db.ts";

export interface ToldTally {
  providerId: string;
  tally: Tally;
}

/** What one process says of its providers takes the place of what it said before. Providers deleted meanwhile are left out. */
export async function putTallies(
  db: Db,
  { processId, now, tallies }: { processId: string; now: Date; tallies: readonly ToldTally[] },
): Promise<void> {
  await db.query`
    insert into provider_tallies (provider_id, process_id, told_at, tally)
    select n.provider_id, ${processId}::uuid, ${now}, n.tally::jsonb
    from unnest(${tallies.map(({ providerId }) => providerId)}::uuid[], ${tallies.map(({ tally }) => JSON.stringify(tally))}::text[])
      as n (provider_id, tally) join providers p on p.id = n.provider_id
    on conflict (provider_id, process_id) do update set told_at = excluded.told_at, tally = excluded.tally`;
}

/** What other processes have said since a moment. */
export function listTallies(db: Db, other: { than: string; since: Date }): Promise<ToldTally[]> {
  return db.query<ToldTally>`
    select t.provider_id, t.tally from provider_tallies t
    where t.process_id <> ${other.than}::uuid and t.told_at >= ${other.since}`;
}

/** A process that ends says nothing any more; nor do those that have not been heard of for long. */
export async function deleteTallies(
  db: Db,
  { processId, silentSince }: { processId: string; silentSince: Date },
): Promise<void> {
  await db.query`delete from provider_tallies where process_id = ${processId} or told_at < ${silentSince}`;
}

export interface StoredCircuit extends Circuit {
  providerId: string;
}

export function listCircuits(db: Db): Promise<StoredCircuit[]> {
  return db.query<StoredCircuit>`
    select c.provider_id, c.state, c.share, c.trouble, c.openings, c.changed_at from provider_circuits c`;
}

/** Of several processes that see the same trouble the first one writes; says whether this was it. */
export async function changeCircuit(
  db: Db,
  providerId: string,
  { from, to }: { from: Circuit | undefined; to: Circuit },
): Promise<boolean> {
  const trouble: Trouble | null = to.trouble ?? null;
  const changed = await db.query<{ providerId: string }>`
    insert into provider_circuits (provider_id, state, share, trouble, openings, changed_at)
    select p.id, ${to.state}, ${to.share}, ${trouble && JSON.stringify(trouble)}::jsonb, ${to.openings}, ${to.changedAt}
    from providers p where p.id = ${providerId}
    on conflict (provider_id) do update set state = excluded.state, share = excluded.share, trouble = excluded.trouble,
      openings = excluded.openings, changed_at = excluded.changed_at
    where provider_circuits.changed_at = ${from?.changedAt ?? null}::timestamptz
    returning provider_id`;
  return changed.length > 0;
}
