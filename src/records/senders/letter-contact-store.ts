/** Addresses that a service's letters can be from. */
import type { Db, Tx } from "../../platform/db.ts";

export interface LetterContact {
  id: string;
  /** Its lines, placeholders allowed. */
  contactBlock: string;
  /** New letter templates begin with it. There may be none that they begin with. */
  isDefault: boolean;
}

export function listLetterContacts(db: Db, serviceId: string): Promise<LetterContact[]> {
  return db.query<LetterContact>`
    select c.id, c.contact_block, c.is_default from letter_contact_blocks c
    where c.service_id = ${serviceId} and c.archived_at is null order by c.created_at, c.id`;
}

/** A new default takes the place of the old. */
export async function insertLetterContact(tx: Tx, serviceId: string, contact: LetterContact): Promise<void> {
  await makeRoomForDefault(tx, serviceId, contact);
  await tx.query`
    insert into letter_contact_blocks (id, service_id, contact_block, is_default)
    values (${contact.id}, ${serviceId}, ${contact.contactBlock}, ${contact.isDefault})`;
}

export async function updateLetterContact(tx: Tx, serviceId: string, contact: LetterContact): Promise<void> {
  await makeRoomForDefault(tx, serviceId, contact);
  await tx.query`
    update letter_contact_blocks set contact_block = ${contact.contactBlock}, is_default = ${contact.isDefault}
    where id = ${contact.id} and service_id = ${serviceId} and archived_at is null`;
}

export async function archiveLetterContact(tx: Tx, id: string): Promise<void> {
  await tx.query`update letter_contact_blocks set archived_at = now() where id = ${id} and archived_at is null`;
}

async function makeRoomForDefault(tx: Tx, serviceId: string, contact: LetterContact): Promise<void> {
  if (!contact.isDefault) return;
  await tx.query`
    update letter_contact_blocks set is_default = false
    where service_id = ${serviceId} and is_default and id <> ${contact.id} and archived_at is null`;
}
