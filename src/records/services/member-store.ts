/** Who works in a service, and what each may do there. */
import type { Db, Tx } from "../../platform/db.ts";

export const MEMBER_PERMISSIONS = [
  "send_messages",
  "view_activity",
  "manage_templates",
  "manage_service",
  "manage_api_keys",
] as const;
export type MemberPermission = (typeof MEMBER_PERMISSIONS)[number];

export interface Member {
  serviceId: string;
  userId: string;
  permissions: readonly MemberPermission[];
}

export function listMembers(db: Db, serviceId: string): Promise<(Member & { emailAddress: string })[]> {
  return db.query<Member & { emailAddress: string }>`
    select m.service_id, m.user_id, m.permissions, u.email_address
    from service_members m join users u on u.id = m.user_id
    where m.service_id = ${serviceId} and u.archived_at is null order by u.email_address`;
}

export function listMemberships(db: Db, userId: string): Promise<Omit<Member, "userId">[]> {
  return db.query<Omit<Member, "userId">>`
    select m.service_id, m.permissions from service_members m where m.user_id = ${userId}`;
}

export async function insertMember(tx: Tx, member: Member): Promise<void> {
  await tx.query`
    insert into service_members (service_id, user_id, permissions)
    values (${member.serviceId}, ${member.userId}, ${member.permissions})`;
}

export async function updateMember(tx: Tx, member: Member): Promise<void> {
  await tx.query`
    update service_members set permissions = ${member.permissions}
    where service_id = ${member.serviceId} and user_id = ${member.userId}`;
}

export async function deleteMember(tx: Tx, member: Pick<Member, "serviceId" | "userId">): Promise<void> {
  await tx.query`delete from service_members where service_id = ${member.serviceId} and user_id = ${member.userId}`;
}
