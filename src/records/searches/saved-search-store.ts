/** What somebody has searched for, kept under an id for the address bar: the text itself may be a recipient. */
import type { Db } from "../../platform/db.ts";

export interface SavedSearch {
  id: string;
  userId: string;
  serviceId: string;
  sealedSearch: Buffer;
  createdAt: Date;
}

export async function insertSavedSearch(db: Db, search: SavedSearch): Promise<void> {
  await db.query`
    insert into saved_searches (id, user_id, service_id, sealed_search, created_at)
    values (${search.id}, ${search.userId}, ${search.serviceId}, ${search.sealedSearch}, ${search.createdAt})`;
}

/** Only whoever searched, in the service they searched in, and only for some days. */
export async function findSavedSearch(
  db: Db,
  wanted: { id: string; userId: string; serviceId: string; createdAfter: Date },
): Promise<SavedSearch | undefined> {
  const [search] = await db.query<SavedSearch>`
    select s.id, s.user_id, s.service_id, s.sealed_search, s.created_at from saved_searches s
    where s.id = ${wanted.id} and s.user_id = ${wanted.userId} and s.service_id = ${wanted.serviceId}
      and s.created_at > ${wanted.createdAfter}`;
  return search;
}

export async function deleteSavedSearchesBefore(db: Db, before: Date): Promise<void> {
  await db.query`delete from saved_searches where created_at < ${before}`;
}
