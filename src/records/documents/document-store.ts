/** Files that recipients download. */
import type { Db, Tx } from "../../platform/db.ts";
import type { Document, NewDocument } from "./document.ts";

export async function insertDocuments(db: Db, documents: readonly NewDocument[]): Promise<void> {
  const column = <Value>(read: (document: NewDocument) => Value | undefined) =>
    documents.map((document) => read(document) ?? null);
  await db.query`
    insert into documents (id, service_id, notification_id, placeholder, sealed_details, recipient_hash, sealed_key, available_until,
      template_file_id)
    select d.id, d.service_id, d.notification_id, d.placeholder, d.sealed_details, d.recipient_hash, d.sealed_key, d.available_until,
      d.template_file_id
    from unnest(
      ${column(({ id }) => id)}::uuid[], ${column(({ serviceId }) => serviceId)}::uuid[],
      ${column(({ notificationId }) => notificationId)}::uuid[], ${column(({ placeholder }) => placeholder)}::text[],
      ${column(({ sealedDetails }) => sealedDetails)}::bytea[], ${column(({ recipientHash }) => recipientHash)}::text[],
      ${column(({ sealedKey }) => sealedKey)}::bytea[], ${column(({ availableUntil }) => availableUntil)}::date[],
      ${column(({ templateFileId }) => templateFileId)}::uuid[]
    ) as d (id, service_id, notification_id, placeholder, sealed_details, recipient_hash, sealed_key, available_until, template_file_id)`;
}

/** Of a message that was not accepted after all. */
export async function deleteDocuments(db: Db, ids: readonly string[]): Promise<void> {
  await db.query`delete from documents where id = any(${ids}::uuid[])`;
}

export async function findDocument(db: Db, serviceId: string, id: string): Promise<Document | undefined> {
  const [row] = await db.query<Document>`
    select d.id, d.service_id, d.sealed_details, d.recipient_hash, d.available_until::text, d.blocked_at, d.template_file_id
    from documents d where d.id = ${id} and d.service_id = ${serviceId}`;
  return row;
}

/** The keys that emails which are about to be sent need, by document. */
export async function listDocumentKeys(db: Db, notificationIds: readonly string[]): Promise<Map<string, Buffer>> {
  const rows = await db.query<{ id: string; sealedKey: Buffer }>`
    select d.id, d.sealed_key from documents d
    where d.notification_id = any(${notificationIds}::uuid[]) and d.sealed_key is not null`;
  return new Map(rows.map(({ id, sealedKey }) => [id, sealedKey]));
}

/** From then on a file can be opened with its link alone. */
export async function forgetDocumentKeys(tx: Tx, notificationIds: readonly string[]): Promise<void> {
  if (notificationIds.length === 0) return;
  await tx.query`
    update documents set sealed_key = null
    where notification_id = any(${notificationIds}::uuid[]) and sealed_key is not null`;
}

export async function countDownload(db: Db, id: string, at: Date): Promise<void> {
  await db.query`update documents set downloads = downloads + 1, last_downloaded_at = ${at} where id = ${id}`;
}
