/** What came of the calls of connections. Nothing of what was in them is kept: an outcome, a reason of ours, the message. */
import type { Db } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import type { ConnectionCall, NewConnectionCall } from "./connection.ts";

export async function insertConnectionCalls(db: Db, calls: readonly NewConnectionCall[]): Promise<void> {
  if (calls.length === 0) return;
  const column = <Key extends keyof NewConnectionCall>(key: Key) => calls.map((call) => call[key] ?? null);
  // A connection that was deleted meanwhile has no calls.
  await db.query`
    insert into connection_calls (id, connection_id, outcome, reason, notification_id, event_index)
    select k.id, k.connection_id, k.outcome, k.reason, k.notification_id, k.event_index
    from unnest(${column("id")}::uuid[], ${column("connectionId")}::uuid[], ${column("outcome")}::text[], ${column("reason")}::text[],
      ${column("notificationId")}::uuid[], ${column("eventIndex")}::bytea[])
      as k (id, connection_id, outcome, reason, notification_id, event_index)
    where exists (select 1 from connections c where c.id = k.connection_id)`;
}

/** The latest first. */
export function listConnectionCalls(db: Db, connectionId: string, limit: number): Promise<ConnectionCall[]> {
  return db.query<ConnectionCall>`
    select k.id, k.outcome, k.reason, k.notification_id from connection_calls k
    where k.connection_id = ${connectionId} order by k.id desc limit ${limit}`;
}

/** The message that an event has made since a moment; `id` is the call's. */
export async function findCallOfEvent(
  db: Db,
  { connectionId, eventIndex, since }: { connectionId: string; eventIndex: Buffer; since: Date },
): Promise<Pick<ConnectionCall, "id" | "notificationId"> | undefined> {
  const [call] = await db.query<Pick<ConnectionCall, "id" | "notificationId">>`
    select k.id, k.notification_id from connection_calls k
    where k.connection_id = ${connectionId} and k.event_index = ${eventIndex} and k.outcome = 'sent' and k.id >= ${firstIdAt(since)}::uuid
    order by k.id desc limit 1`;
  return call;
}

export async function deleteConnectionCallsBefore(db: Db, wish: { before: Date; limit: number }): Promise<number> {
  const deleted = await db.query<{ id: string }>`
    delete from connection_calls where id = any(array(
      select k.id from connection_calls k where k.id < ${firstIdAt(wish.before)}::uuid limit ${wish.limit}))
    returning id`;
  return deleted.length;
}
