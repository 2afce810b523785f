/** When a template was last sent with. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import type { Db } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";

/** Hours are counted soon after they are over: this many hold all that is not counted yet. */
const UNCOUNTED_MS = 3 * 3_600_000;

/** The day it was last used, since a moment; undefined when it was not. Messages that retention has deleted still count. */
export async function findLastUse(
  db: Db,
  { serviceId, templateId }: { serviceId: string; templateId: string },
  { since, now }: { since: Date; now: Date },
): Promise<Date | undefined> {
  const uncountedFrom = new Date(now.getTime() - UNCOUNTED_MS);
  const [row] = await db.query<{ lastUsed: Date | undefined }>`
    select max(t.used) as last_used from (
      select max(d.day)::timestamp at time zone ${HOME_TIME_ZONE} as used from daily_statistics d
      where d.service_id = ${serviceId} and d.template_id = ${templateId} and d.day >= ${since}::date
      union all
      select max(h.hour) from hourly_statistics h
      where h.service_id = ${serviceId} and h.template_id = ${templateId} and h.hour >= ${since}
      union all
      select max(n.created_at) from notifications n
      where n.service_id = ${serviceId} and n.template_id = ${templateId} and n.id >= ${firstIdAt(uncountedFrom)}::uuid) t`;
  return row?.lastUsed;
}
