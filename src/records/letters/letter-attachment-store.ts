/** Pages that go with every letter of a template version. */
import type { Db } from "../../platform/db.ts";

export interface LetterAttachment {
  id: string;
  serviceId: string;
  /** As its owner calls it. */
  fileName: string;
  pages: number;
  /** Where the PDF is kept, sealed. */
  storedAs: string;
}

/** Where an attachment's PDF is sealed to. */
export const sealedAttachment = (id: string) => `letter_attachments.pdf:${id}`;

export async function insertLetterAttachment(db: Db, attachment: LetterAttachment): Promise<void> {
  await db.query`
    insert into letter_attachments (id, service_id, file_name, pages, stored_as)
    values (${attachment.id}, ${attachment.serviceId}, ${attachment.fileName}, ${attachment.pages}, ${attachment.storedAs})`;
}

export async function findLetterAttachment(
  db: Db,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<LetterAttachment | undefined> {
  const [attachment] = await db.query<LetterAttachment>`
    select a.id, a.service_id, a.file_name, a.pages, a.stored_as from letter_attachments a
    where a.id = ${id} and a.service_id = ${serviceId}`;
  return attachment;
}

/** Attachments from before a moment that no template version has. */
export function listUnclaimedAttachments(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<Pick<LetterAttachment, "id" | "storedAs">[]> {
  return db.query<Pick<LetterAttachment, "id" | "storedAs">>`
    select a.id, a.stored_as from letter_attachments a
    where a.created_at < ${before} and not exists (select from template_versions v where v.attachment_id = a.id)
    order by a.id limit ${limit}`;
}

export async function deleteLetterAttachments(db: Db, ids: readonly string[]): Promise<void> {
  await db.query`delete from letter_attachments where id = any(${ids}::uuid[])`;
}
