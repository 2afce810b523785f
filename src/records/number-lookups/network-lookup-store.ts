/** What networks have said of numbers, found by a number's blind index; and how many each service has asked about. */
import type { Db } from "../../platform/db.ts";

export interface KeptLookup {
  numberIndex: Buffer;
  sealedResult: Buffer;
  lookedUpAt: Date;
}

export function findLookups(db: Db, numberIndexes: readonly Buffer[], since: Date): Promise<KeptLookup[]> {
  return db.query<KeptLookup>`
    select l.number_index, l.sealed_result, l.looked_up_at from network_lookups l
    where l.number_index = any(${numberIndexes}::bytea[]) and l.looked_up_at > ${since}`;
}

/** What is known of a number, as far as its network has said it. */
export interface Whereabouts {
  /** Country and network code. */
  network: string | undefined;
  isRoaming: boolean | undefined;
}

/** Of numbers alone of which something is known. */
export function findWhereabouts(
  db: Db,
  numberIndexes: readonly Buffer[],
  since: Date,
): Promise<(Whereabouts & { numberIndex: Buffer })[]> {
  return db.query<Whereabouts & { numberIndex: Buffer }>`
    select l.number_index, l.network, l.is_roaming from network_lookups l
    where l.number_index = any(${numberIndexes}::bytea[]) and l.looked_up_at > ${since}
      and (l.network is not null or l.is_roaming)`;
}

/** Whether any number was looked up since. */
export async function isAnyLookedUp(db: Db, since: Date): Promise<boolean> {
  const [row] = await db.query<{ isAny: boolean }>`
    select exists (select 1 from network_lookups l where l.looked_up_at > ${since}) as is_any`;
  return row?.isAny ?? false;
}

/** Where it was found is told beside what is sealed: for choosing routes, and for who sends nothing to numbers that roam. */
export async function keepLookup(db: Db, lookup: KeptLookup & Whereabouts): Promise<void> {
  const { numberIndex, sealedResult, network, isRoaming, lookedUpAt } = lookup;
  await db.query`
    insert into network_lookups (number_index, sealed_result, network, is_roaming, looked_up_at)
    values (${numberIndex}, ${sealedResult}, ${network ?? null}, ${isRoaming ?? null}, ${lookedUpAt})
    on conflict (number_index) do update set sealed_result = excluded.sealed_result, network = excluded.network,
      is_roaming = excluded.is_roaming, looked_up_at = excluded.looked_up_at`;
}

/** The networks of the recipients of these texts, of those that were looked up. */
export function listNetworks(db: Db, ids: readonly string[], since: Date): Promise<{ id: string; network: string }[]> {
  const sorted = ids.toSorted();
  return db.query<{ id: string; network: string }>`
    select n.id, l.network from notifications n join network_lookups l on l.number_index = n.recipient_index
    where n.id = any(${ids}::uuid[]) and n.id >= ${sorted[0] ?? ""}::uuid and n.id <= ${sorted.at(-1) ?? ""}::uuid
      and l.network is not null and l.looked_up_at > ${since}`;
}

export async function deletePastLookups(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const deleted = await db.query<{ network: string | undefined }>`
    delete from network_lookups d where d.ctid = any(array(
      select l.ctid from network_lookups l where l.looked_up_at < ${before} limit ${limit}))
    returning d.network`;
  return deleted.length;
}

/** Counts these towards the day, unless that would be more than there may be; says whether they were counted. */
export async function claimLookups(
  db: Db,
  { serviceId, day, count, limit }: { serviceId: string; day: string; count: number; limit: number },
): Promise<boolean> {
  if (count > limit) return false;
  const claimed = await db.query<{ asked: number }>`
    insert into daily_lookups as d (service_id, day, asked) values (${serviceId}, ${day}, ${count})
    on conflict (service_id, day) do update set asked = d.asked + excluded.asked
    where d.asked + excluded.asked <= ${limit}
    returning asked`;
  return claimed.length > 0;
}

/** By all services together. */
export async function countAsked(db: Db, day: string): Promise<number> {
  const [row] = await db.query<{ asked: number }>`
    select coalesce(sum(d.asked), 0)::integer as asked from daily_lookups d where d.day = ${day}`;
  return row?.asked ?? 0;
}
