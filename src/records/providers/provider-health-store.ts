/** How providers are: what processes say of their connections, and how the last hour's messages have fared. */
import type { Db, Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";

const HOUR_MS = 3_600_000;
/** A look at how things go must not itself slow them. */
const MESSAGES_COUNTED_MAX = 50_000;

export interface ProviderNews {
  providerId: string;
  isAvailable: boolean;
  /** How many messages it could take at that moment. */
  capacity: number;
  reason: string | undefined;
  changedAt: Date;
}

export interface ProcessNews extends ProviderNews {
  processId: string;
  seenAt: Date;
}

/** What one process says of its providers takes the place of what it said before. Providers deleted meanwhile are left out. */
export async function putProviderNews(
  db: Db,
  { processId, now, news }: { processId: string; now: Date; news: readonly ProviderNews[] },
): Promise<void> {
  await db.query`
    insert into provider_health (provider_id, process_id, is_available, capacity, reason, changed_at, seen_at)
    select n.provider_id, ${processId}::uuid, n.is_available, n.capacity, n.reason, n.changed_at, ${now}
    from unnest(
      ${news.map((one) => one.providerId)}::uuid[], ${news.map((one) => one.isAvailable)}::boolean[],
      ${news.map((one) => one.capacity)}::integer[], ${news.map((one) => one.reason ?? null)}::text[],
      ${news.map((one) => one.changedAt)}::timestamptz[]
    ) as n (provider_id, is_available, capacity, reason, changed_at) join providers p on p.id = n.provider_id
    on conflict (provider_id, process_id) do update set is_available = excluded.is_available, capacity = excluded.capacity,
      reason = excluded.reason, changed_at = excluded.changed_at, seen_at = excluded.seen_at`;
}

/** A process that ends says nothing any more; nor do those that have not been heard of for long. */
export async function deleteProviderNews(
  db: Db,
  { processId, silentSince }: { processId: string; silentSince: Date },
): Promise<void> {
  await db.query`delete from provider_health where process_id = ${processId} or seen_at < ${silentSince}`;
}

/** What processes have said since a moment. */
export function listProviderNews(db: Db, since: Date): Promise<ProcessNews[]> {
  return db.query<ProcessNews>`
    select h.provider_id, h.process_id, h.is_available, h.capacity, h.reason, h.changed_at, h.seen_at
    from provider_health h where h.seen_at >= ${since} order by h.provider_id, h.process_id`;
}

export interface ProviderCounts {
  provider: string;
  messages: number;
  delivered: number;
  failed: number;
  /** Handed over, and nothing has been reported yet. */
  awaited: number;
  /** The longest that one of these has waited. */
  oldestAwaitedAt: Date | undefined;
  /** Half of those delivered were reported within so many seconds; undefined when none was. */
  receiptSecondsMedian: number | undefined;
  receiptSecondsSlow: number | undefined;
}

/** Of the last hour's messages, the latest of them where there are very many. */
export function countProviderMessages(db: Db, now: Date): Promise<ProviderCounts[]> {
  return db.query<ProviderCounts>`
    with recent as (
      select n.provider, n.status, n.has_receipts, n.sent_at, n.updated_at from notifications n
      where n.id >= ${firstIdAt(new Date(now.getTime() - HOUR_MS))}::uuid order by n.id desc limit ${MESSAGES_COUNTED_MAX}
    )
    select r.provider, count(*)::integer as messages, (count(*) filter (where r.status = 'delivered'))::integer as delivered,
      (count(*) filter (where r.status like '%-failure'))::integer as failed,
      (count(*) filter (where r.status in ('sending', 'pending') and r.has_receipts))::integer as awaited,
      min(r.sent_at) filter (where r.status in ('sending', 'pending') and r.has_receipts) as oldest_awaited_at,
      percentile_cont(0.5) within group (order by extract(epoch from r.updated_at - r.sent_at))
        filter (where r.status = 'delivered') as receipt_seconds_median,
      percentile_cont(0.95) within group (order by extract(epoch from r.updated_at - r.sent_at))
        filter (where r.status = 'delivered') as receipt_seconds_slow
    from recent r where r.provider is not null group by r.provider`;
}

export interface AttemptProblem {
  provider: string;
  kind: "attempt-unavailable" | "attempt-refused";
  code: string | undefined;
  attempts: number;
}

/** Attempts of the last hour that a provider did not take, by what it said. */
export function countFailedAttempts(db: Db, now: Date): Promise<AttemptProblem[]> {
  return db.query<AttemptProblem>`
    with recent as (
      select e.provider, e.kind, e.code from notification_events e
      where e.id >= ${firstIdAt(new Date(now.getTime() - HOUR_MS))}::uuid
        and e.kind in ('attempt-unavailable', 'attempt-refused') and e.provider is not null
      order by e.id desc limit ${MESSAGES_COUNTED_MAX}
    )
    select r.provider, r.kind, r.code, count(*)::integer as attempts
    from recent r group by r.provider, r.kind, r.code order by attempts desc, r.provider`;
}

export interface ProviderSummary {
  id: string;
  name: string;
  channel: "sms" | "email" | "letter" | "chat";
  kind: string;
  /** Of web push: the public VAPID key, in base64url. */
  publicKey: string | undefined;
  isSandbox: boolean;
  isActive: boolean;
}

/** Without their secrets: for pages. */
export function listProviderSummaries(db: Db): Promise<ProviderSummary[]> {
  return db.query<ProviderSummary>`
    select p.id, p.name, p.channel, p.kind, p.settings ->> 'publicKey' as public_key, p.is_sandbox, p.is_active from providers p order by p.channel desc, p.name`;
}

/** Held until the transaction ends. */
export async function lockProvider(tx: Tx, id: string): Promise<ProviderSummary | undefined> {
  const [provider] = await tx.query<ProviderSummary>`
    select p.id, p.name, p.channel, p.kind, p.settings ->> 'publicKey' as public_key, p.is_sandbox, p.is_active from providers p where p.id = ${id} for update`;
  return provider;
}

/** Workers notice within seconds. */
export async function setProviderActive(tx: Tx, id: string, isActive: boolean): Promise<void> {
  await tx.query`update providers set is_active = ${isActive}, updated_at = now() where id = ${id}`;
}
