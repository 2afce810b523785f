/** Contacts of services. Whoever writes some of a service's locks its total first; so what was read in that transaction stays true. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { StoredContact } from "./contact.ts";

const COLUMNS = sqlConstant(
  "c.id, c.service_id, c.number_index, c.address_index, c.sealed_details, c.created_at, c.updated_at",
);

/** How many contacts the service has, and may have; nobody else writes any of them until the transaction ends. */
export async function lockContacts(tx: Tx, serviceId: string): Promise<{ contacts: number; contactsMax: number }> {
  const [total] = await tx.query<{ contacts: number; contactsMax: number }>`
    insert into contact_totals as t (service_id) values (${serviceId})
    on conflict (service_id) do update set contacts = t.contacts
    returning t.contacts, (select s.contacts_max from services s where s.id = t.service_id) as contacts_max`;
  return total ?? { contacts: 0, contactsMax: 0 };
}

export async function addToTotal(tx: Tx, serviceId: string, added: number): Promise<void> {
  if (added === 0) return;
  await tx.query`update contact_totals set contacts = contacts + ${added} where service_id = ${serviceId}`;
}

export async function countContacts(db: Db, serviceId: string): Promise<number> {
  const [total] = await db.query<{ contacts: number }>`
    select t.contacts from contact_totals t where t.service_id = ${serviceId}`;
  return total?.contacts ?? 0;
}

export async function insertContacts(tx: Tx, contacts: readonly StoredContact[]): Promise<void> {
  if (contacts.length === 0) return;
  await tx.query`
    insert into contacts (id, service_id, number_index, address_index, sealed_details, created_at, updated_at)
    select n.id, n.service_id, n.number_index, n.address_index, n.sealed_details, n.created_at, n.updated_at
    from unnest(
      ${contacts.map(({ id }) => id)}::uuid[], ${contacts.map(({ serviceId }) => serviceId)}::uuid[],
      ${contacts.map(({ numberIndex }) => numberIndex ?? null)}::bytea[],
      ${contacts.map(({ addressIndex }) => addressIndex ?? null)}::bytea[],
      ${contacts.map(({ sealedDetails }) => sealedDetails)}::bytea[],
      ${contacts.map(({ createdAt }) => createdAt)}::timestamptz[], ${contacts.map(({ updatedAt }) => updatedAt)}::timestamptz[]
    ) as n (id, service_id, number_index, address_index, sealed_details, created_at, updated_at)`;
}

export async function updateContacts(tx: Tx, contacts: readonly StoredContact[]): Promise<void> {
  if (contacts.length === 0) return;
  await tx.query`
    update contacts c set number_index = n.number_index, address_index = n.address_index, sealed_details = n.sealed_details,
      updated_at = n.updated_at
    from unnest(
      ${contacts.map(({ id }) => id)}::uuid[], ${contacts.map(({ numberIndex }) => numberIndex ?? null)}::bytea[],
      ${contacts.map(({ addressIndex }) => addressIndex ?? null)}::bytea[],
      ${contacts.map(({ sealedDetails }) => sealedDetails)}::bytea[], ${contacts.map(({ updatedAt }) => updatedAt)}::timestamptz[]
    ) as n (id, number_index, address_index, sealed_details, updated_at)
    where c.id = n.id and c.id = any(${contacts.map(({ id }) => id)}::uuid[])`;
}

/** Those that have one of these numbers or addresses. */
export function listContactsOf(
  db: Db,
  wanted: { serviceId: string; numberIndexes: readonly Buffer[]; addressIndexes: readonly Buffer[] },
): Promise<StoredContact[]> {
  const { serviceId, numberIndexes, addressIndexes } = wanted;
  return db.query<StoredContact>`
    select ${COLUMNS} from contacts c where c.service_id = ${serviceId} and c.number_index = any(${numberIndexes}::bytea[])
    union
    select ${COLUMNS} from contacts c where c.service_id = ${serviceId} and c.address_index = any(${addressIndexes}::bytea[])`;
}

export async function findContact(
  db: Db,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<StoredContact | undefined> {
  const [found] = await db.query<StoredContact>`
    select ${COLUMNS} from contacts c where c.id = ${id} and c.service_id = ${serviceId}`;
  return found;
}

export interface ContactPage {
  serviceId: string;
  groupId?: string | undefined;
  olderThan?: string | undefined;
  limit: number;
}

/** A page of a service's contacts, or of a group's; the newest first. */
export function listContacts(db: Db, page: ContactPage): Promise<StoredContact[]> {
  const { serviceId, groupId, olderThan = null, limit } = page;
  if (groupId === undefined)
    return db.query<StoredContact>`
      select ${COLUMNS} from contacts c
      where c.service_id = ${serviceId} and (${olderThan}::uuid is null or c.id < ${olderThan})
      order by c.id desc limit ${limit}`;
  return db.query<StoredContact>`
    select ${COLUMNS} from contact_group_members m join contacts c on c.id = m.contact_id
    where m.group_id = ${groupId} and c.service_id = ${serviceId} and (${olderThan}::uuid is null or m.contact_id < ${olderThan})
    order by m.contact_id desc limit ${limit}`;
}

/** What belongs to them goes, too. Answers whether there was one. */
export async function deleteContact(tx: Tx, { serviceId, id }: { serviceId: string; id: string }): Promise<boolean> {
  const deleted = await tx.query<{ id: string }>`
    delete from contacts where id = ${id} and service_id = ${serviceId} returning id`;
  return deleted.length > 0;
}
