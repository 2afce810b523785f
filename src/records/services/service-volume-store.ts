/** How much a service says that it will send. */
import type { Db } from "../../platform/db.ts";

/** Messages a year, 0 where it has said nothing. */
export async function findGoLiveVolumes(db: Db, serviceId: string): Promise<{ sms: number; email: number }> {
  const [volumes] = await db.query<{ sms: number; email: number }>`
    select coalesce(s.yearly_volume_sms, 0) as sms, coalesce(s.yearly_volume_email, 0) as email
    from services s where s.id = ${serviceId}`;
  return volumes ?? { sms: 0, email: 0 };
}
