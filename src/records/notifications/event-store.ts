/** What happened to a notification beside its plain way: attempts that failed, receipts that came late. For its timeline. */
import type { Db, Tx } from "../../platform/db.ts";
import { newId, timeOfId } from "../../platform/ids.ts";

export type EventKind =
  | "attempt-unavailable"
  | "attempt-refused"
  | "receipt"
  | "late-receipt"
  | "gave-up"
  /** For quiet hours; the reason is the moment they end. */
  | "held"
  /** Meanwhile; the reason is that of the entry. */
  | "suppressed"
  /** Until two people have released it; then what they said, or that nobody said anything in time. */
  | "held-for-release"
  | "released"
  | "release-rejected"
  | "release-expired"
  | "cancelled"
  /** By whoever got a chat message. */
  | "seen";

export interface NewEvent {
  notificationId: string;
  kind: EventKind;
  provider?: string | undefined;
  code?: string | undefined;
  reason?: string | undefined;
}

export interface NotificationEvent extends NewEvent {
  id: string;
  at: Date;
}

export async function insertEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query`
    insert into notification_events (id, notification_id, kind, provider, code, reason)
    select e.id, e.notification_id, e.kind, e.provider, e.code, e.reason
    from unnest(
      ${events.map(() => newId())}::uuid[], ${events.map((event) => event.notificationId)}::uuid[],
      ${events.map((event) => event.kind)}::text[], ${events.map((event) => event.provider ?? null)}::text[],
      ${events.map((event) => event.code ?? null)}::text[], ${events.map((event) => event.reason ?? null)}::text[]
    ) as e (id, notification_id, kind, provider, code, reason)`;
}

/** The events of one notification, oldest first. */
export async function listEvents(db: Db, notificationId: string): Promise<NotificationEvent[]> {
  const rows = await db.query<Omit<NotificationEvent, "at">>`
    select e.id, e.notification_id, e.kind, e.provider, e.code, e.reason
    from notification_events e where e.notification_id = ${notificationId}::uuid and e.id > ${notificationId}::uuid
    order by e.id limit 500`;
  return rows.map((row) => ({ ...row, at: timeOfId(row.id) }));
}

/** Of these notifications, those that their recipients have seen. */
export async function listSeen(db: Db, notificationIds: readonly string[]): Promise<string[]> {
  const [first = null] = notificationIds.toSorted();
  const rows = await db.query<{ id: string }>`
    select distinct e.notification_id as id from notification_events e
    where e.notification_id = any(${notificationIds}::uuid[]) and e.id > ${first}::uuid and e.kind = 'seen'`;
  return rows.map(({ id }) => id);
}
