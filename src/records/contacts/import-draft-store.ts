/** Tables of contacts that people have brought and that are not in yet. */
import type { Db } from "../../platform/db.ts";

export interface ImportDraft {
  id: string;
  serviceId: string;
  userId: string;
  sealedTable: Buffer;
  /** The group that everybody in it is to be in. */
  groupId: string | undefined;
  savedAt: Date;
}

export async function insertImportDraft(db: Db, draft: ImportDraft): Promise<void> {
  await db.query`
    insert into contact_import_drafts (id, service_id, user_id, sealed_table, group_id, saved_at)
    values (${draft.id}, ${draft.serviceId}, ${draft.userId}, ${draft.sealedTable}, ${draft.groupId ?? null}, ${draft.savedAt})`;
}

export async function findImportDraft(
  db: Db,
  { id, serviceId, userId }: { id: string; serviceId: string; userId: string },
): Promise<ImportDraft | undefined> {
  const [draft] = await db.query<ImportDraft>`
    select d.id, d.service_id, d.user_id, d.sealed_table, d.group_id, d.saved_at from contact_import_drafts d
    where d.id = ${id} and d.service_id = ${serviceId} and d.user_id = ${userId}`;
  return draft;
}

export async function deleteImportDraft(db: Db, id: string): Promise<void> {
  await db.query`delete from contact_import_drafts where id = ${id}`;
}

export async function deleteImportDraftsBefore(db: Db, before: Date): Promise<void> {
  await db.query`delete from contact_import_drafts where saved_at < ${before}`;
}
