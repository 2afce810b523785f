/** Groups of a service's contacts. */
import type { Db, Tx } from "../../platform/db.ts";
import type { ContactGroup, CountedGroup } from "./contact.ts";

export const GROUP_NAME_CONSTRAINT = "contact_groups_by_name";

/** False where the service has as many as it may have. */
export async function insertGroup(tx: Tx, group: ContactGroup, groupsMax: number): Promise<boolean> {
  const made = await tx.query<{ id: string }>`
    insert into contact_groups (id, service_id, name, created_at)
    select ${group.id}::uuid, ${group.serviceId}::uuid, ${group.name}::text, ${group.createdAt}::timestamptz
    where (select count(*) from contact_groups g where g.service_id = ${group.serviceId}) < ${groupsMax}
    returning id`;
  return made.length > 0;
}

export async function updateGroupName(
  tx: Tx,
  { serviceId, id, name }: { serviceId: string; id: string; name: string },
): Promise<boolean> {
  const renamed = await tx.query<{ id: string }>`
    update contact_groups set name = ${name} where id = ${id} and service_id = ${serviceId} returning id`;
  return renamed.length > 0;
}

export async function deleteGroup(tx: Tx, { serviceId, id }: { serviceId: string; id: string }): Promise<boolean> {
  const deleted = await tx.query<{ id: string }>`
    delete from contact_groups where id = ${id} and service_id = ${serviceId} returning id`;
  return deleted.length > 0;
}

export async function findGroup(
  db: Db,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<CountedGroup | undefined> {
  const [found] = await db.query<CountedGroup>`
    select g.id, g.service_id, g.name, g.created_at,
      (select count(*) from contact_group_members m where m.group_id = g.id) as members
    from contact_groups g where g.id = ${id} and g.service_id = ${serviceId}`;
  return found;
}

/** The newest first. */
export function listGroups(
  db: Db,
  { serviceId, olderThan = null, limit }: { serviceId: string; olderThan?: string | null | undefined; limit: number },
): Promise<CountedGroup[]> {
  return db.query<CountedGroup>`
    select g.id, g.service_id, g.name, g.created_at,
      (select count(*) from contact_group_members m where m.group_id = g.id) as members
    from contact_groups g
    where g.service_id = ${serviceId} and (${olderThan}::uuid is null or g.id < ${olderThan})
    order by g.id desc limit ${limit}`;
}

/** In which groups these contacts are. */
export function listGroupsOf(
  db: Db,
  contactIds: readonly string[],
): Promise<{ contactId: string; id: string; name: string }[]> {
  return db.query<{ contactId: string; id: string; name: string }>`
    select m.contact_id, g.id, g.name from contact_group_members m join contact_groups g on g.id = m.group_id
    where m.contact_id = any(${contactIds}::uuid[]) order by g.name, g.id`;
}

/** Those of the service's that are not in it yet; answers how many. */
export async function insertMembers(
  tx: Tx,
  {
    serviceId,
    groupId,
    contactIds,
    addedAt,
  }: { serviceId: string; groupId: string; contactIds: readonly string[]; addedAt: Date },
): Promise<number> {
  if (contactIds.length === 0) return 0;
  const added = await tx.query<{ contactId: string }>`
    insert into contact_group_members (group_id, contact_id, added_at)
    select ${groupId}::uuid, c.id, ${addedAt}::timestamptz from contacts c
    where c.id = any(${contactIds}::uuid[]) and c.service_id = ${serviceId}
    order by c.id
    on conflict (group_id, contact_id) do nothing
    returning contact_id`;
  return added.length;
}

export async function deleteMember(
  tx: Tx,
  { groupId, contactId }: { groupId: string; contactId: string },
): Promise<boolean> {
  const deleted = await tx.query<{ contactId: string }>`
    delete from contact_group_members where group_id = ${groupId} and contact_id = ${contactId} returning contact_id`;
  return deleted.length > 0;
}
