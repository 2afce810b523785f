/** Files past their last day: first the file goes, and much later what is left to say that it was there. */
import type { Db } from "../../platform/db.ts";

/** Documents whose last day was before this one. */
export async function listPastDocuments(db: Db, { today, limit }: { today: string; limit: number }): Promise<string[]> {
  const rows = await db.query<{ id: string }>`
    select d.id from documents d
    where d.available_until < ${today}::date and d.removed_at is null
    order by d.available_until limit ${limit}`;
  return rows.map(({ id }) => id);
}

/** Documents from before a moment that wait for an email which there is not. */
export async function listUnclaimedDocuments(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<string[]> {
  const rows = await db.query<{ id: string }>`
    select d.id from documents d
    where d.sealed_key is not null and d.created_at < ${before}
      and not exists (select from notifications n where n.id = d.notification_id)
    order by d.id limit ${limit}`;
  return rows.map(({ id }) => id);
}

export async function markDocumentsRemoved(db: Db, ids: readonly string[], at: Date): Promise<void> {
  await db.query`
    update documents set removed_at = ${at}, sealed_details = null, sealed_key = null, recipient_hash = null
    where id = any(${ids}::uuid[])`;
}

export async function deleteRemovedDocuments(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const rows = await db.query<{ id: string }>`
    delete from documents
    where id = any(array(select d.id from documents d where d.removed_at < ${before} order by d.removed_at limit ${limit}))
    returning id`;
  return rows.length;
}
