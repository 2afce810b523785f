/** A service's team, as its page shows it, and what keeps it from losing those who manage it. */
import type { Db, Tx } from "../../platform/db.ts";
import type { MemberPermission } from "./member-store.ts";

export interface TeamMember {
  userId: string;
  name: string;
  emailAddress: string;
  permissions: readonly MemberPermission[];
  joinedAt: Date;
  lastSignedInAt: Date | undefined;
}

export function listTeam(db: Db, serviceId: string): Promise<TeamMember[]> {
  return db.query<TeamMember>`
    select u.id as user_id, u.name, u.email_address, m.permissions, m.created_at as joined_at, u.last_signed_in_at
    from service_members m join users u on u.id = m.user_id
    where m.service_id = ${serviceId} and u.archived_at is null order by lower(u.name), u.id`;
}

export async function findMemberPermissions(
  db: Db,
  { serviceId, userId }: { serviceId: string; userId: string },
): Promise<readonly MemberPermission[] | undefined> {
  const [row] = await db.query<{ permissions: MemberPermission[] }>`
    select m.permissions from service_members m where m.service_id = ${serviceId} and m.user_id = ${userId}`;
  return row?.permissions;
}

export interface ServiceState {
  id: string;
  name: string;
  organisationId: string | undefined;
  isTrial: boolean;
  isInternal: boolean;
  archivedAt: Date | undefined;
  suspendedAt: Date | undefined;
  hasOpenGoLiveRequest: boolean;
}

/** How the service is, for the rest of the transaction: changes of one service come one after the other. */
export async function lockService(tx: Tx, serviceId: string): Promise<ServiceState | undefined> {
  const [service] = await tx.query<ServiceState>`
    select s.id, s.name, s.organisation_id, s.is_trial, s.is_internal, s.archived_at, s.suspended_at,
      exists (select from go_live_requests r where r.service_id = s.id and r.status = 'open') as has_open_go_live_request
    from services s where s.id = ${serviceId} for update`;
  return service;
}
