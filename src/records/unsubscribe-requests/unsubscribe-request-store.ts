/** Requests of recipients to get no more of these emails, for their service to act on. */
import type { Db, Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { seal } from "../../platform/sealing.ts";
import type { Service } from "../services/service.ts";
import { sealedAt } from "../services/service-store.ts";

export interface UnsubscribeRequest {
  notificationId: string;
  templateId: string;
  recipient: string;
}

/** A repeat changes nothing until the service has processed the first. */
export async function keepUnsubscribeRequest(
  db: Db,
  service: Pick<Service, "id" | "dataKey">,
  { notificationId, templateId, recipient }: UnsubscribeRequest,
): Promise<void> {
  const id = newId();
  const sealed = seal({ key: service.dataKey, belongsTo: sealedAt.unsubscribeRequest(id) }, recipient);
  await db.query`
    insert into unsubscribe_requests (id, notification_id, service_id, template_id, sealed_recipient)
    values (${id}, ${notificationId}, ${service.id}, ${templateId}, ${sealed})
    on conflict (notification_id) where processed_at is null do nothing`;
}

export interface StoredUnsubscribeRequest {
  id: string;
  notificationId: string;
  templateId: string;
  sealedRecipient: Buffer;
  createdAt: Date;
}

/** Those that wait, the first made first; up to one that is named, if it is. */
export function listWaitingRequests(
  db: Db,
  { serviceId, upTo, limit }: { serviceId: string; upTo?: string | undefined; limit: number },
): Promise<StoredUnsubscribeRequest[]> {
  const lastId = upTo ?? null;
  return db.query<StoredUnsubscribeRequest>`
    select r.id, r.notification_id, r.template_id, r.sealed_recipient, r.created_at from unsubscribe_requests r
    where r.service_id = ${serviceId} and r.processed_at is null and (${lastId}::uuid is null or r.id <= ${lastId})
    order by r.id limit ${limit}`;
}

/** Of those that were dealt with together at a moment. */
export function listProcessedRequests(
  db: Db,
  { serviceId, processedAt, limit }: { serviceId: string; processedAt: Date; limit: number },
): Promise<StoredUnsubscribeRequest[]> {
  return db.query<StoredUnsubscribeRequest>`
    select r.id, r.notification_id, r.template_id, r.sealed_recipient, r.created_at from unsubscribe_requests r
    where r.service_id = ${serviceId} and r.processed_at = ${processedAt} order by r.id limit ${limit}`;
}

/** How many wait, and since when. */
export async function countWaitingRequests(
  db: Db,
  serviceId: string,
): Promise<{ waiting: number; oldestAt: Date | undefined }> {
  const [row] = await db.query<{ waiting: number; oldestAt: Date | undefined }>`
    select count(*) as waiting, min(r.created_at) as oldest_at from unsubscribe_requests r
    where r.service_id = ${serviceId} and r.processed_at is null`;
  return row ?? { waiting: 0, oldestAt: undefined };
}

export interface ProcessedRequests {
  processedAt: Date;
  requests: number;
}

/** What was dealt with together, the latest first. */
export function listProcessings(db: Db, serviceId: string, limit: number): Promise<ProcessedRequests[]> {
  return db.query<ProcessedRequests>`
    select r.processed_at, count(*) as requests from unsubscribe_requests r
    where r.service_id = ${serviceId} and r.processed_at is not null
    group by r.processed_at order by r.processed_at desc limit ${limit}`;
}

/** Those that wait, up to the one named; how many there were. */
export async function markProcessed(
  tx: Tx,
  { serviceId, upTo, now }: { serviceId: string; upTo: string; now: Date },
): Promise<number> {
  const marked = await tx.query<{ id: string }>`
    update unsubscribe_requests set processed_at = ${now}
    where service_id = ${serviceId} and processed_at is null and id <= ${upTo} returning id`;
  return marked.length;
}

/** Deletes up to `limit` that were dealt with before a moment; says how many. */
export async function deleteProcessedBefore(db: Db, past: { before: Date; limit: number }): Promise<number> {
  const deleted = await db.query<{ id: string }>`
    delete from unsubscribe_requests where id = any(array(
      select r.id from unsubscribe_requests r where r.processed_at < ${past.before} limit ${past.limit})) returning id`;
  return deleted.length;
}
