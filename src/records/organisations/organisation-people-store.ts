/** An organisation's people, its domains, and its services. */
import type { Db, Tx } from "../../platform/db.ts";

export interface OrganisationDetails {
  id: string;
  name: string;
  /** Its members who may make services live decide on its own requests. */
  approvesOwnServices: boolean;
  takesJoinRequests: boolean;
  domains: readonly string[];
}

export async function findOrganisation(db: Db, id: string): Promise<OrganisationDetails | undefined> {
  const [organisation] = await db.query<OrganisationDetails>`
    select o.id, o.name, o.approves_own_services, o.takes_join_requests,
      array(select d.domain from organisation_domains d where d.organisation_id = o.id order by d.domain) as domains
    from organisations o where o.id = ${id} and not o.is_internal`;
  return organisation;
}

export interface OrganisationMember {
  userId: string;
  name: string;
  emailAddress: string;
  mayMakeLive: boolean;
}

export function listOrganisationMembers(db: Db, organisationId: string): Promise<OrganisationMember[]> {
  return db.query<OrganisationMember>`
    select u.id as user_id, u.name, u.email_address, m.may_make_live
    from organisation_members m join users u on u.id = m.user_id
    where m.organisation_id = ${organisationId} and u.archived_at is null order by lower(u.name), u.id`;
}

export interface OrganisationMembership {
  organisationId: string;
  name: string;
  mayMakeLive: boolean;
}

export function listOrganisationsOfUser(db: Db, userId: string): Promise<OrganisationMembership[]> {
  return db.query<OrganisationMembership>`
    select m.organisation_id, o.name, m.may_make_live
    from organisation_members m join organisations o on o.id = m.organisation_id
    where m.user_id = ${userId} order by o.name`;
}

export async function putOrganisationMember(
  tx: Tx,
  member: { organisationId: string; userId: string; mayMakeLive: boolean },
): Promise<void> {
  await tx.query`
    insert into organisation_members (organisation_id, user_id, may_make_live)
    values (${member.organisationId}, ${member.userId}, ${member.mayMakeLive})
    on conflict (organisation_id, user_id) do update set may_make_live = excluded.may_make_live`;
}

/** Whether they were one. */
export async function deleteOrganisationMember(
  tx: Tx,
  { organisationId, userId }: { organisationId: string; userId: string },
): Promise<boolean> {
  const rows = await tx.query<{ userId: string }>`
    delete from organisation_members where organisation_id = ${organisationId} and user_id = ${userId} returning user_id`;
  return rows.length > 0;
}

/** Of somebody who has left for good. */
export async function deleteOrganisationMemberships(tx: Tx, userId: string): Promise<void> {
  await tx.query`delete from organisation_members where user_id = ${userId}`;
}

export async function updateOrganisationSettings(
  tx: Tx,
  { id, approvesOwnServices, takesJoinRequests }: Omit<OrganisationDetails, "name" | "domains">,
): Promise<void> {
  await tx.query`
    update organisations set approves_own_services = ${approvesOwnServices}, takes_join_requests = ${takesJoinRequests}
    where id = ${id}`;
}

export async function replaceDomains(tx: Tx, organisationId: string, domains: readonly string[]): Promise<void> {
  await tx.query`delete from organisation_domains where organisation_id = ${organisationId}`;
  await tx.query`
    insert into organisation_domains (domain, organisation_id)
    select d, ${organisationId}::uuid from unnest(${domains}::text[]) as d`;
}

/** The organisation of an address's domain, or of the nearest domain above it. */
export async function findOrganisationOfAddress(db: Db, emailAddress: string): Promise<string | undefined> {
  const host = emailAddress.slice(emailAddress.lastIndexOf("@") + 1).toLowerCase();
  const labels = host.split(".");
  const hosts = labels.map((_, index) => labels.slice(index).join("."));
  const [row] = await db.query<{ organisationId: string }>`
    select d.organisation_id from organisation_domains d where d.domain = any(${hosts}::text[])
    order by length(d.domain) desc limit 1`;
  return row?.organisationId;
}

export interface OrganisationService {
  id: string;
  name: string;
  isTrial: boolean;
}

export function listOrganisationServices(db: Db, organisationId: string): Promise<OrganisationService[]> {
  return db.query<OrganisationService>`
    select s.id, s.name, s.is_trial from services s
    where s.organisation_id = ${organisationId} and s.archived_at is null and not s.is_internal order by lower(s.name), s.id`;
}
