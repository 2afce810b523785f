/** How many fragments were used, for prices that go by volume. */
import type { Db } from "../../platform/db.ts";
import { countedDays, type Days } from "./counted-days.ts";

/** Of the hours that are counted. What test keys sent, and what we failed to hand over, is nobody's volume. */
export async function sumFragments(
  db: Db,
  owner: { organisationId: string } | { serviceId: string },
  days: Days,
): Promise<number> {
  const organisationId = "organisationId" in owner ? owner.organisationId : null;
  const serviceId = "serviceId" in owner ? owner.serviceId : null;
  const [row] = await db.query<{ fragments: number }>`
    select coalesce(sum(t.fragments), 0)::bigint as fragments from ${countedDays(days)} t
    where t.service_id = any(array(select s.id from services s where s.organisation_id = ${organisationId} or s.id = ${serviceId}))
      and t.channel = 'sms' and t.key_kind <> 'test' and t.status not in ('cancelled', 'technical-failure')`;
  return row?.fragments ?? 0;
}
