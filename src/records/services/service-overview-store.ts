/** Services as those who run the platform look at them: all of them, and each with its limits and what it is part of. */
import type { Db } from "../../platform/db.ts";
import type { Limits } from "./service-life-store.ts";

export const SERVICE_STATES = ["live", "trial", "suspended", "archived"] as const;
export type ServiceLifeState = (typeof SERVICE_STATES)[number];

export interface ServiceOverview {
  id: string;
  name: string;
  organisationId: string | undefined;
  organisation: string | undefined;
  isTrial: boolean;
  createdAt: Date;
  suspendedAt: Date | undefined;
  archivedAt: Date | undefined;
}

/** By name; those after the one last seen. Archived services are listed only when they are asked for. */
export function listServiceOverviews(
  db: Db,
  page: { state?: ServiceLifeState | undefined; after?: string | undefined; limit: number },
): Promise<ServiceOverview[]> {
  const { state = null, after = null, limit } = page;
  return db.query<ServiceOverview>`
    select s.id, s.name, s.organisation_id, o.name as organisation, s.is_trial, s.created_at, s.suspended_at, s.archived_at
    from services s left join organisations o on o.id = s.organisation_id
    where not s.is_internal
      and case ${state}::text
        when 'live' then s.archived_at is null and s.suspended_at is null and not s.is_trial
        when 'trial' then s.archived_at is null and s.suspended_at is null and s.is_trial
        when 'suspended' then s.archived_at is null and s.suspended_at is not null
        when 'archived' then s.archived_at is not null
        else s.archived_at is null end
      and (${after}::uuid is null or (lower(s.name), s.id) > (select lower(a.name), a.id from services a where a.id = ${after}))
    order by lower(s.name), s.id limit ${limit}`;
}

export interface ServiceFacts extends ServiceOverview, Limits {
  channels: readonly string[];
  /** Who made it; undefined where a command did. */
  createdBy: string | undefined;
  createdByName: string | undefined;
  members: number;
}

/** Archived or not; the internal service is nobody's to change. */
export async function findServiceFacts(db: Db, id: string): Promise<ServiceFacts | undefined> {
  const [facts] = await db.query<ServiceFacts>`
    select s.id, s.name, s.organisation_id, o.name as organisation, s.is_trial, s.created_at, s.suspended_at, s.archived_at,
      s.permissions as channels, s.created_by, u.name as created_by_name, s.rate_limit_per_minute, s.daily_limit_sms,
      s.daily_limit_email, s.daily_limit_international_sms, s.daily_limit_letter, s.daily_limit_chat, s.contacts_max,
      (select count(*) from service_members m where m.service_id = s.id) as members
    from services s left join organisations o on o.id = s.organisation_id left join users u on u.id = s.created_by
    where s.id = ${id} and not s.is_internal`;
  return facts;
}
