/** Letters that people have uploaded to look at before they are sent. What their files are called, and to whom they go, is sealed. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";

export interface LetterUploadRow {
  id: string;
  serviceId: string;
  uploadedByName: string;
  sealedDetails: Buffer;
  pages: number;
  /** Where the PDF is kept, sealed. */
  storedAs: string;
  /** What became of it, once it is sent. */
  notificationId: string | undefined;
  uploadedAt: Date;
}

const COLUMNS = sqlConstant(`
  u.id, u.service_id, u.uploaded_by_name, u.sealed_details, u.pages, u.stored_as, u.notification_id, u.uploaded_at`);

/** Where what an upload says of itself is sealed to. */
export const sealedUploadDetails = (id: string) => `letter_uploads.details:${id}`;
/** Where an upload's PDF is sealed to. */
export const sealedUploadPdf = (id: string) => `letter_uploads.pdf:${id}`;

/** Unless so many of the service wait to be sent already: then false. Known before its PDF is kept, so that upkeep finds both. */
export async function insertLetterUpload(
  tx: Tx,
  upload: Omit<LetterUploadRow, "notificationId">,
  unsentMax: number,
): Promise<boolean> {
  const { serviceId } = upload;
  await tx.query`select pg_advisory_xact_lock(hashtextextended(${`letter uploads ${serviceId}`}, 0))`;
  const inserted = await tx.query<{ id: string }>`
    insert into letter_uploads (id, service_id, uploaded_by_name, sealed_details, pages, stored_as, uploaded_at)
    select ${upload.id}::uuid, ${serviceId}::uuid, ${upload.uploadedByName}::text, ${upload.sealedDetails}::bytea,
      ${upload.pages}::smallint, ${upload.storedAs}::text, ${upload.uploadedAt}::timestamptz
    where (select count(*) from letter_uploads u where u.service_id = ${serviceId} and u.notification_id is null) < ${unsentMax}
    returning id`;
  return inserted.length > 0;
}

export async function findLetterUpload(
  db: Db,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<LetterUploadRow | undefined> {
  const [upload] = await db.query<LetterUploadRow>`
    select ${COLUMNS} from letter_uploads u where u.id = ${id} and u.service_id = ${serviceId}`;
  return upload;
}

/** Those that are not sent, the newest first. */
export function listUnsentUploads(db: Db, serviceId: string, limit: number): Promise<LetterUploadRow[]> {
  return db.query<LetterUploadRow>`
    select ${COLUMNS} from letter_uploads u
    where u.service_id = ${serviceId} and u.notification_id is null order by u.id desc limit ${limit}`;
}

/** With the letters that they are; what has been sent stays the letter that it was. */
export async function markUploadsSent(
  tx: Tx,
  sent: readonly { uploadId: string; notificationId: string }[],
): Promise<void> {
  if (sent.length === 0) return;
  await tx.query`
    update letter_uploads u set notification_id = s.notification_id
    from unnest(
      ${sent.map(({ uploadId }) => uploadId)}::uuid[], ${sent.map(({ notificationId }) => notificationId)}::uuid[]
    ) as s (id, notification_id)
    where u.id = s.id and u.notification_id is null`;
}

/** Whether there was one that is not sent. */
export async function deleteUnsentUpload(tx: Tx, id: string): Promise<boolean> {
  const deleted = await tx.query<{ id: string }>`
    delete from letter_uploads u where u.id = ${id} and u.notification_id is null returning u.id`;
  return deleted.length > 0;
}

export function listUploadsBefore(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<Pick<LetterUploadRow, "id" | "storedAs">[]> {
  return db.query<Pick<LetterUploadRow, "id" | "storedAs">>`
    select u.id, u.stored_as from letter_uploads u
    where u.uploaded_at < ${before} order by u.uploaded_at limit ${limit}`;
}

export async function deleteLetterUploads(db: Db, ids: readonly string[]): Promise<void> {
  await db.query`delete from letter_uploads where id = any(${ids}::uuid[])`;
}
