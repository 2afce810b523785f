/** Messages that wait for their time. Found by their jobs, which sleep until then: no index of the notifications pays for the question. */
import type { Db } from "../../platform/db.ts";
import type { Channel } from "../services/service.ts";

export interface ScheduledMessage {
  id: string;
  templateId: string;
  channel: Channel;
  scheduledFor: Date;
}

/** Jobs of all services that are looked through, those that wake first. */
const ASLEEP_MAX = 5_000;

/** Of one service, the next to go first, without what is held, whose job sleeps for ever; `queues` are those that messages are sent from. */
export function listScheduled(
  db: Db,
  { serviceId, queues, now }: { serviceId: string; queues: readonly string[]; now: Date },
): Promise<ScheduledMessage[]> {
  return db.query<ScheduledMessage>`
    with asleep as materialized (
      select j.id from jobs j where j.queue = any(${queues}::text[]) and j.wake_at > ${now} and j.wake_at < 'infinity'
      order by j.wake_at limit ${ASLEEP_MAX})
    select n.id, n.template_id, n.channel, n.scheduled_for
    from asleep a join notifications n on n.id = a.id
    where n.service_id = ${serviceId} and n.scheduled_for > ${now} and n.status = 'created' and n.key_kind <> 'test'
    order by n.scheduled_for, n.id`;
}
