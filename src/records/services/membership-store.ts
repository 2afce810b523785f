/** The services that someone works in. */
import type { Db } from "../../platform/db.ts";

export interface ServiceSummary {
  id: string;
  name: string;
  isTrial: boolean;
  organisationId: string | undefined;
  /** The name of the organisation it belongs to, if any. */
  organisation: string | undefined;
}

/** By name, without those that were deleted. */
export function listServicesOfUser(db: Db, userId: string): Promise<ServiceSummary[]> {
  return db.query<ServiceSummary>`
    select s.id, s.name, s.is_trial, s.organisation_id, o.name as organisation
    from service_members m join services s on s.id = m.service_id left join organisations o on o.id = s.organisation_id
    where m.user_id = ${userId} and s.archived_at is null order by lower(s.name), s.id`;
}
