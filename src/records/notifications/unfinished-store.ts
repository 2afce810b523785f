/** Notifications that have stayed where they are for too long. Looked for in short spans of time, since no index names a status. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import type { Db } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import type { Lane } from "../../platform/queue.ts";

/** When they were made: from and before. */
export interface Span {
  from: Date;
  before: Date;
}

/** What a provider took and nobody has reported on. */
export async function listUnreported(db: Db, span: Span, limit: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>`
    select n.id from notifications n
    where n.id >= ${firstIdAt(span.from)}::uuid and n.id < ${firstIdAt(span.before)}::uuid
      and n.channel in ('sms', 'email', 'chat') and n.status in ('sending', 'pending')
    limit ${limit}`;
  return rows.map(({ id }) => id);
}

export interface Unqueued {
  id: string;
  channel: DispatchedChannel;
  lane: Lane;
  serviceId: string;
}

/** What should have been sent before `dueBefore`, and wait in none of the queues. */
export function listUnqueued(
  db: Db,
  span: Span & { dueBefore: Date },
  { queues, limit }: { queues: readonly string[]; limit: number },
): Promise<Unqueued[]> {
  return db.query<Unqueued>`
    select n.id, n.channel, n.lane, n.service_id from notifications n
    where n.id >= ${firstIdAt(span.from)}::uuid and n.id < ${firstIdAt(span.before)}::uuid
      and n.channel in ('sms', 'email', 'chat') and n.status = 'created'
      and coalesce(n.scheduled_for, n.created_at) < ${span.dueBefore}
      and not exists (select 1 from jobs j where j.queue = any(${queues}::text[]) and j.id = n.id)
    limit ${limit}`;
}
