/** When texts went to a number, of the last hour: exact, and one row for each number and text. Written only for services with a limit. */
import type { Db } from "../../platform/db.ts";

export interface Repeat {
  serviceId: string;
  recipientIndex: Buffer;
  /** Of the words; empty for whatever they are. */
  contentIndex: Buffer;
  limit: number;
  now: Date;
  /** What was sent before does not count. */
  since: Date;
}

/** Counts one more, unless there are as many as there may be; says whether it was counted. */
export async function countRepeat(db: Db, repeat: Repeat): Promise<boolean> {
  const { serviceId, recipientIndex, contentIndex, limit, now, since } = repeat;
  const counted = await db.query<{ latestAt: Date }>`
    insert into repeats as r (service_id, recipient_index, content_index, sent_at, latest_at)
    values (${serviceId}, ${recipientIndex}, ${contentIndex}, array[${now}::timestamptz], ${now})
    on conflict (service_id, recipient_index, content_index) do update
    set sent_at = array(select t from unnest(r.sent_at) as t where t > ${since}) || excluded.sent_at, latest_at = excluded.latest_at
    where (select count(*) from unnest(r.sent_at) as t where t > ${since}) < ${limit}
    returning latest_at`;
  return counted.length > 0;
}

export async function deletePastRepeats(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const deleted = await db.query<{ serviceId: string }>`
    delete from repeats r where r.ctid = any(array(select o.ctid from repeats o where o.latest_at < ${before} limit ${limit}))
    returning r.service_id`;
  return deleted.length;
}
