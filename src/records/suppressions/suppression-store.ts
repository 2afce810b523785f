/** The suppression lists of services. Entries stay until somebody releases them: no retention ends a wish to be left alone. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import { type SuppressionReason, WEAK_REASONS } from "../../core/suppression/suppression-reason.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { NewSuppression, StoredSuppression } from "./suppression.ts";

const COLUMNS = sqlConstant(`
  p.id, p.channel, p.sealed_recipient, p.reason, p.source_kind, p.source_id, p.created_at,
  coalesce((select u.name from users u where u.id = p.source_id), (select k.name from api_keys k where k.id = p.source_id)) as source_name`);

/**
 * Adds those that are not there and answers their ids. One that is there stays as it is, unless its reason was an objection to mailings
 * alone and the new one holds for more. Each recipient may come once; two writers of the same ones do not wait for each other in a circle.
 */
export async function insertSuppressions(tx: Tx, entries: readonly NewSuppression[]): Promise<string[]> {
  if (entries.length === 0) return [];
  const rows = entries.toSorted((a, b) => a.recipientIndex.compare(b.recipientIndex));
  const kept = await tx.query<{ id: string }>`
    insert into suppressions as p (id, service_id, channel, recipient_index, sealed_recipient, reason, source_kind, source_id, created_at)
    select e.id, e.service_id, e.channel, e.recipient_index, e.sealed_recipient, e.reason, e.source_kind, e.source_id, e.created_at
    from unnest(
      ${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ serviceId }) => serviceId)}::uuid[],
      ${rows.map(({ channel }) => channel)}::text[], ${rows.map(({ recipientIndex }) => recipientIndex)}::bytea[],
      ${rows.map(({ sealedRecipient }) => sealedRecipient)}::bytea[], ${rows.map(({ reason }) => reason)}::text[],
      ${rows.map(({ source }) => source.kind)}::text[], ${rows.map(({ source }) => source.id ?? null)}::uuid[],
      ${rows.map(({ createdAt }) => createdAt)}::timestamptz[]
    ) as e (id, service_id, channel, recipient_index, sealed_recipient, reason, source_kind, source_id, created_at)
    on conflict (recipient_index, service_id, channel) do update
    set reason = excluded.reason, source_kind = excluded.source_kind, source_id = excluded.source_id
    where p.reason = any(${WEAK_REASONS}) and excluded.reason <> all(${WEAK_REASONS})
    returning p.id`;
  const made = new Set(entries.map(({ id }) => id));
  return kept.map(({ id }) => id).filter((id) => made.has(id));
}

export interface SuppressedRecipient {
  serviceId: string;
  channel: DispatchedChannel;
  recipientIndex: Buffer;
}

/** Which of these are suppressed, and why. May name a few of other services; whoever asks compares. */
export function findSuppressed(
  db: Db,
  wanted: readonly SuppressedRecipient[],
): Promise<(SuppressedRecipient & { reason: SuppressionReason })[]> {
  return db.query<SuppressedRecipient & { reason: SuppressionReason }>`
    select p.service_id, p.channel, p.recipient_index, p.reason from suppressions p
    where p.recipient_index = any(${wanted.map(({ recipientIndex }) => recipientIndex)}::bytea[])
      and p.service_id = any(${[...new Set(wanted.map(({ serviceId }) => serviceId))]}::uuid[])`;
}

/** The entries of a service for these recipients of one channel. */
export function listSuppressionsOf(
  db: Db,
  { serviceId, channel, recipientIndexes }: { serviceId: string; channel: string; recipientIndexes: readonly Buffer[] },
): Promise<(StoredSuppression & { recipientIndex: Buffer })[]> {
  return db.query<StoredSuppression & { recipientIndex: Buffer }>`
    select ${COLUMNS}, p.recipient_index from suppressions p
    where p.service_id = ${serviceId} and p.channel = ${channel} and p.recipient_index = any(${recipientIndexes}::bytea[])`;
}

/** A page of a service's list, the newest first. */
export function listSuppressions(
  db: Db,
  page: { serviceId: string; channel?: DispatchedChannel | undefined; olderThan?: string | undefined; limit: number },
): Promise<StoredSuppression[]> {
  const { serviceId, channel, olderThan = null, limit } = page;
  if (channel === undefined)
    return db.query<StoredSuppression>`
      select ${COLUMNS} from suppressions p
      where p.service_id = ${serviceId} and (${olderThan}::uuid is null or p.id < ${olderThan})
      order by p.id desc limit ${limit}`;
  return db.query<StoredSuppression>`
    select ${COLUMNS} from suppressions p
    where p.service_id = ${serviceId} and p.channel = ${channel} and (${olderThan}::uuid is null or p.id < ${olderThan})
    order by p.id desc limit ${limit}`;
}

export async function findSuppression(
  db: Db,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<StoredSuppression | undefined> {
  const [found] = await db.query<StoredSuppression>`
    select ${COLUMNS} from suppressions p where p.id = ${id} and p.service_id = ${serviceId}`;
  return found;
}

export interface Released {
  id: string;
  channel: DispatchedChannel;
  reason: SuppressionReason;
}

export async function deleteSuppression(
  tx: Tx,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<Released | undefined> {
  const [released] = await tx.query<Released>`
    delete from suppressions where id = ${id} and service_id = ${serviceId} returning id, channel, reason`;
  return released;
}

/** Of one recipient, if it was there for one of these reasons. */
export async function deleteSuppressionOf(
  tx: Tx,
  { serviceId, channel, recipientIndex }: SuppressedRecipient,
  reasons: readonly SuppressionReason[],
): Promise<Released | undefined> {
  const [released] = await tx.query<Released>`
    delete from suppressions
    where service_id = ${serviceId} and channel = ${channel} and recipient_index = ${recipientIndex} and reason = any(${reasons})
    returning id, channel, reason`;
  return released;
}

/** Those of these notifications whose recipients are suppressed by now. Test keys send to nobody. */
export async function listSuppressedNotifications(
  db: Db,
  ids: readonly string[],
): Promise<{ id: string; reason: SuppressionReason }[]> {
  const sorted = ids.toSorted();
  return db.query<{ id: string; reason: SuppressionReason }>`
    select n.id, p.reason from notifications n
    join suppressions p on p.recipient_index = n.recipient_index and p.service_id = n.service_id and p.channel = n.channel
    where n.id = any(${ids}::uuid[]) and n.id >= ${sorted[0] ?? ""}::uuid and n.id <= ${sorted.at(-1) ?? ""}::uuid
      and n.key_kind <> 'test'`;
}
