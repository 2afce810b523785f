/** Messages that people are writing, one by one: whom to and with which values is sealed. */
import type { Db, Tx } from "../../platform/db.ts";

export interface OneOffDraftRow {
  id: string;
  userId: string;
  serviceId: string;
  templateId: string;
  sealedDraft: Buffer;
  notificationId: string | undefined;
  savedAt: Date;
}

export async function saveOneOffDraft(db: Db, draft: Omit<OneOffDraftRow, "notificationId">): Promise<void> {
  await db.query`
    insert into one_off_drafts (id, user_id, service_id, template_id, sealed_draft, saved_at)
    values (${draft.id}, ${draft.userId}, ${draft.serviceId}, ${draft.templateId}, ${draft.sealedDraft}, ${draft.savedAt})
    on conflict (id) do update set sealed_draft = excluded.sealed_draft, saved_at = excluded.saved_at`;
}

export async function findOneOffDraft(
  db: Db,
  { id, userId, serviceId }: { id: string; userId: string; serviceId: string },
): Promise<OneOffDraftRow | undefined> {
  const [draft] = await db.query<OneOffDraftRow>`
    select d.id, d.user_id, d.service_id, d.template_id, d.sealed_draft, d.notification_id, d.saved_at from one_off_drafts d
    where d.id = ${id} and d.user_id = ${userId} and d.service_id = ${serviceId}`;
  return draft;
}

/** Whether this was the first time. */
export async function markSent(tx: Tx, id: string, notificationId: string): Promise<boolean> {
  const marked = await tx.query<{ id: string }>`
    update one_off_drafts d set notification_id = ${notificationId}
    where d.id = ${id} and d.notification_id is null returning d.id`;
  return marked.length > 0;
}

export async function deleteOneOffDraftsBefore(db: Db, before: Date): Promise<void> {
  await db.query`delete from one_off_drafts where saved_at < ${before}`;
}
