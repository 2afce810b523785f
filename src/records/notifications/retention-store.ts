/** How long services keep their notifications, and what is past that. */
import type { Db } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import type { Channel } from "../services/service.ts";

export interface Retention {
  channel: Channel;
  days: number;
  serviceIds: string[];
}

/** Services by how long they keep what. */
export function listRetentions(db: Db): Promise<Retention[]> {
  return db.query<Retention>`
    select c.channel, c.days, array_agg(s.id) as service_ids
    from services s cross join lateral (values
      ('sms', s.retention_days_sms), ('email', s.retention_days_email), ('letter', s.retention_days_letter),
      ('chat', s.retention_days_chat)) as c (channel, days)
    group by c.channel, c.days`;
}

/**
 * Deletes up to `limit` notifications made before a moment; says how many. Letters that are still on their way to the printer, and not
 * from a test key, stay.
 */
export async function deleteNotifications(
  db: Db,
  past: { channel: Channel; serviceIds: readonly string[]; before: Date; limit: number },
): Promise<number> {
  const before = firstIdAt(past.before);
  const deleted = await db.query<{ id: string }>`
    delete from notifications n where n.id < ${before}::uuid and n.id = any(array(
      select o.id from notifications o
      where o.service_id = any(${past.serviceIds}::uuid[]) and o.channel = ${past.channel} and o.id < ${before}::uuid
        and not (o.channel = 'letter' and o.key_kind <> 'test' and o.status in ('created', 'sending', 'pending-virus-check'))
      limit ${past.limit}))
    returning n.id`;
  return deleted.length;
}

/** When the oldest letter was made that is still on its way to the printer. Nothing is read where no letters are sent. */
export async function findOldestUnfinishedLetter(db: Db, before: Date): Promise<Date | undefined> {
  const [oldest] = await db.query<{ createdAt: Date | undefined }>`
    select min(n.created_at) as created_at from notifications n
    where exists (select 1 from templates t where t.channel = 'letter')
      and n.id < ${firstIdAt(before)}::uuid and n.channel = 'letter' and n.key_kind <> 'test'
      and n.status in ('created', 'sending', 'pending-virus-check')`;
  return oldest?.createdAt;
}
