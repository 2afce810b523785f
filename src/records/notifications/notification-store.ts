/**
 * Notifications, as the database keeps them. Statements that take a list of ids also take its bounds: `id = any($1)` alone makes the
 * planner look into every day's partition, a range of ids does not (docs/decisions/0004-partitions-by-id.md).
 */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { NewNotification, Notification, OutgoingNotification, ReportedNotification } from "./notification.ts";

const COLUMNS = sqlConstant(`
  n.id, n.service_id, n.api_key_id, n.key_kind, n.channel, n.template_id, n.template_version, n.reference, n.status,
  n.sealed_content, n.recipient_index, n.sender, n.lane, n.is_international, n.has_receipts, n.country_prefix, n.rate_multiplier,
  n.fragments, n.attempts, n.provider, n.reported_code, n.may_be_repeated, n.created_by_name, n.created_at, n.scheduled_for,
  n.valid_until, n.sent_at, n.updated_at, n.route_note, n.unit_price, n.network`);

const REPORTED_COLUMNS = sqlConstant(`
  n.id, n.service_id, n.channel, n.template_id, n.template_version, n.reference, n.status, n.sealed_content, n.lane, n.created_at,
  n.sent_at, n.updated_at, n.key_kind, n.sender, n.country_prefix, n.network, n.provider`);

/** Writes the notifications of one flight in one statement. */
export async function insertNotifications(tx: Tx, rows: readonly NewNotification[]): Promise<void> {
  const column = <Key extends keyof NewNotification>(key: Key) => rows.map((row) => row[key] ?? null);
  await tx.query`
    insert into notifications (id, service_id, api_key_id, key_kind, channel, template_id, template_version, reference, status,
      sealed_content, recipient_index, sender, lane, is_international, has_receipts, country_prefix, rate_multiplier, fragments,
      created_at, scheduled_for, valid_until, created_by_name, unit_price, network)
    select n.id, n.service_id, n.api_key_id, n.key_kind, n.channel, n.template_id, n.template_version, n.reference, n.status,
      n.sealed_content, n.recipient_index, n.sender, n.lane, n.is_international, n.has_receipts, n.country_prefix, n.rate_multiplier,
      n.fragments, n.created_at, n.scheduled_for, n.valid_until, n.created_by_name, n.unit_price, n.network
    from unnest(
      ${column("id")}::uuid[], ${column("serviceId")}::uuid[], ${column("apiKeyId")}::uuid[], ${column("keyKind")}::text[],
      ${column("channel")}::text[], ${column("templateId")}::uuid[], ${column("templateVersion")}::integer[],
      ${column("reference")}::text[], ${column("sealedContent")}::bytea[], ${column("recipientIndex")}::bytea[],
      ${column("sender")}::text[], ${column("lane")}::smallint[], ${column("isInternational")}::boolean[],
      ${column("hasReceipts")}::boolean[], ${column("countryPrefix")}::text[], ${column("rateMultiplier")}::smallint[],
      ${column("fragments")}::smallint[], ${column("createdAt")}::timestamptz[], ${column("scheduledFor")}::timestamptz[],
      ${column("validUntil")}::timestamptz[], ${column("createdByName")}::text[], ${column("status")}::text[], ${column("unitPrice")}::numeric[],
      ${column("network")}::text[]
    ) as n (id, service_id, api_key_id, key_kind, channel, template_id, template_version, reference, sealed_content, recipient_index,
      sender, lane, is_international, has_receipts, country_prefix, rate_multiplier, fragments, created_at, scheduled_for, valid_until,
      created_by_name, status, unit_price, network)`;
}

/** One notification of a service, whichever key it was sent with. */
export async function findNotification(db: Db, serviceId: string, id: string): Promise<Notification | undefined> {
  const [notification] = await db.query<Notification>`
    select ${COLUMNS}
    from notifications n where n.id = ${id} and n.service_id = ${serviceId}`;
  return notification;
}

/** Notifications by id, of any service, with all there is of them. */
export function getNotifications(db: Db, ids: readonly string[]): Promise<Notification[]> {
  const { first, last } = boundsOf(ids);
  return db.query<Notification>`
    select ${COLUMNS}
    from notifications n where n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid`;
}

/** Those to be sent, by the ids that the queue gave. */
export function getOutgoing(db: Db, ids: readonly string[]): Promise<OutgoingNotification[]> {
  const { first, last } = boundsOf(ids);
  return db.query<OutgoingNotification>`
    select n.id, n.service_id, n.key_kind, n.channel, n.template_id, n.template_version, n.status, n.sealed_content, n.sender,
      n.is_international, n.country_prefix, n.network, n.attempts, n.provider, n.created_at, n.scheduled_for, n.valid_until
    from notifications n where n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid`;
}

/** Those that services are to be told about. */
export function getReported(db: Db, ids: readonly string[]): Promise<ReportedNotification[]> {
  const { first, last } = boundsOf(ids);
  return db.query<ReportedNotification>`
    select ${REPORTED_COLUMNS}
    from notifications n where n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid`;
}

/** What a report on a notification is judged by. */
export type DeliveryState = Pick<Notification, "id" | "status" | "channel" | "isInternational" | "hasReceipts">;

/** Of many reports at once: a few columns, where whole rows would cost several times as much to read. */
export function getDeliveryStates(db: Db, ids: readonly string[]): Promise<DeliveryState[]> {
  const { first, last } = boundsOf(ids);
  return db.query<DeliveryState>`
    select n.id, n.status, n.channel, n.is_international, n.has_receipts
    from notifications n where n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid`;
}

/** Whether providers were asked to carry them, and what became of them. */
export function getAttempted(
  db: Db,
  ids: readonly string[],
): Promise<Pick<Notification, "id" | "status" | "attempts">[]> {
  const { first, last } = boundsOf(ids);
  return db.query<Pick<Notification, "id" | "status" | "attempts">>`
    select n.id, n.status, n.attempts
    from notifications n where n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid`;
}

export interface NotificationFilter {
  serviceId: string;
  keyKind: string;
  channels?: readonly string[];
  statuses?: readonly string[];
  reference?: string;
  /** Only those made before this one. */
  olderThan?: string;
  limit: number;
}

/**
 * A page of a service's notifications, newest first, without those that retention has scrubbed. An `olderThan` that the service does
 * not have gives an empty page.
 */
export function listNotifications(db: Db, filter: NotificationFilter): Promise<Notification[]> {
  const { serviceId, olderThan = null } = filter;
  return db.query<Notification>`
    select ${COLUMNS}
    from notifications n
    where n.service_id = ${serviceId} and n.key_kind = ${filter.keyKind} and n.sealed_content is not null
      and (${filter.channels ?? null}::text[] is null or n.channel = any(${filter.channels ?? null}))
      and (${filter.statuses ?? null}::text[] is null or n.status = any(${filter.statuses ?? null}))
      and (${filter.reference ?? null}::text is null or n.reference = ${filter.reference ?? null})
      and (${olderThan}::uuid is null or n.id < (
        select o.id from notifications o where o.id = ${olderThan}::uuid and o.service_id = ${serviceId}))
    order by n.id desc limit ${filter.limit}`;
}

export interface HandOver {
  ids: readonly string[];
  provider: string;
  at: Date;
  /** Those whose earlier try never reported back: they may have gone twice. */
  repeatedIds: readonly string[];
}

/** A provider has taken these. A status that a quick receipt has already moved stays as it is. */
export async function recordAccepted(tx: Tx, handOver: HandOver & { routeNote: string }): Promise<void> {
  const { first, last } = boundsOf(handOver.ids);
  await tx.query`
    update notifications n
    set status = case when n.status <> 'created' then n.status when n.is_international or not n.has_receipts then 'sent' else 'sending' end,
      sent_at = ${handOver.at}, updated_at = ${handOver.at}, provider = ${handOver.provider}, route_note = ${handOver.routeNote},
      attempts = n.attempts + 1, may_be_repeated = n.may_be_repeated or n.id = any(${handOver.repeatedIds}::uuid[])
    where n.id = any(${handOver.ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid`;
}

/** A provider could not take these; they wait for another try. */
export async function recordAttempted(tx: Tx, attempted: HandOver): Promise<void> {
  const { first, last } = boundsOf(attempted.ids);
  await tx.query`
    update notifications n
    set attempts = n.attempts + 1, provider = ${attempted.provider},
      may_be_repeated = n.may_be_repeated or n.id = any(${attempted.repeatedIds}::uuid[])
    where n.id = any(${attempted.ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid and n.status = 'created'`;
}

/** An earlier try of these never reported back, and now they go back to the queue untried: nothing else would know it when they go out. */
export async function recordRepeated(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { first, last } = boundsOf(ids);
  await tx.query`
    update notifications n set may_be_repeated = true
    where n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid and n.status = 'created'`;
}

/** Puts what is left of them in the place of what was sent. */
export async function replaceContents(
  tx: Tx,
  remains: readonly { id: string; sealedContent: Buffer }[],
): Promise<void> {
  if (remains.length === 0) return;
  const ids = remains.map(({ id }) => id);
  const { first, last } = boundsOf(ids);
  await tx.query`
    update notifications n set sealed_content = r.sealed_content
    from unnest(${ids}::uuid[], ${remains.map(({ sealedContent }) => sealedContent)}::bytea[]) as r (id, sealed_content)
    where n.id = r.id and n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid`;
}

/** Of those whose network nobody knew. Carriers that say nothing of networks cost no statement. */
export async function learnNetworks(tx: Tx, networks: ReadonlyMap<string, string>): Promise<ReportedNotification[]> {
  if (networks.size === 0) return [];
  const ids = [...networks.keys()];
  const { first, last } = boundsOf(ids);
  return tx.query<ReportedNotification>`
    update notifications n set network = r.network
    from unnest(${ids}::uuid[], ${[...networks.values()]}::text[]) as r (id, network)
    where n.id = r.id and n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid and n.network is null
    returning ${REPORTED_COLUMNS}`;
}

export interface StatusMove {
  ids: readonly string[];
  to: string;
  /** The statuses it may be made from; anything else stays as it is. */
  from: readonly string[];
  at: Date;
  reportedCode?: string | undefined;
}

/** Moves what may be moved, and returns what was: a late, repeated or reordered receipt changes nothing. */
export function moveStatus(tx: Tx, move: StatusMove): Promise<ReportedNotification[]> {
  const { first, last } = boundsOf(move.ids);
  return tx.query<ReportedNotification>`
    update notifications n
    set status = ${move.to}, updated_at = ${move.at}, reported_code = coalesce(${move.reportedCode ?? null}, n.reported_code)
    where n.id = any(${move.ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid and n.status = any(${move.from}::text[])
    returning ${REPORTED_COLUMNS}`;
}

/** Version 7 ids in canonical form sort as text as they do as uuid. */
function boundsOf(ids: readonly string[]): { first: string; last: string } {
  let first = ids[0] ?? "";
  let last = first;
  for (const id of ids) {
    if (id < first) first = id;
    if (id > last) last = id;
  }
  return { first, last };
}
