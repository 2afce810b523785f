/** Files as the people of a service see them: what became of each, and whether it may be downloaded. */
import type { Db, Tx } from "../../platform/db.ts";
import type { SentDocument } from "./document.ts";

/** More than an email can have. */
const DOCUMENTS_OF_ONE_MAX = 100;

/** The files that went with an email, in the order they were given. */
export function listDocumentsOf(db: Db, serviceId: string, notificationId: string): Promise<SentDocument[]> {
  return db.query<SentDocument>`
    select d.id, d.placeholder, d.recipient_hash is not null as asks_for_address, d.available_until::text, d.created_at,
      d.blocked_at, d.removed_at, d.downloads, d.last_downloaded_at
    from documents d
    where d.notification_id = ${notificationId} and d.service_id = ${serviceId}
    order by d.id limit ${DOCUMENTS_OF_ONE_MAX}`;
}

export interface Blocking {
  serviceId: string;
  notificationId: string;
  id: string;
  /** Undefined: it may be downloaded again. */
  at: Date | undefined;
}

/** Undefined when there is no such file; what is past its last day is gone already. */
export async function setDocumentBlocked(
  tx: Tx,
  { serviceId, notificationId, id, at }: Blocking,
): Promise<{ placeholder: string; hasChanged: boolean } | undefined> {
  const [row] = await tx.query<{ placeholder: string; isBlocked: boolean }>`
    select d.placeholder, d.blocked_at is not null as is_blocked from documents d
    where d.id = ${id} and d.notification_id = ${notificationId} and d.service_id = ${serviceId} and d.removed_at is null
    for update`;
  if (!row) return undefined;
  const hasChanged = row.isBlocked !== (at !== undefined);
  if (hasChanged) await tx.query`update documents set blocked_at = ${at ?? null} where id = ${id}`;
  return { placeholder: row.placeholder, hasChanged };
}
