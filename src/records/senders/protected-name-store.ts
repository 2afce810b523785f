/** Names that only some may send under: of banks, of brands, of other organisations. */
import type { ProtectedName } from "../../core/senders/look-alike.ts";
import type { Db, Tx } from "../../platform/db.ts";

/** All are held against every new sender. */
export const PROTECTED_NAMES_MAX = 1_000;

export function listProtectedNames(db: Db): Promise<ProtectedName[]> {
  return db.query<ProtectedName>`
    select p.id, p.name, p.covers_longer, p.organisation_ids, p.service_ids
    from protected_sender_names p order by lower(p.name), p.id limit ${PROTECTED_NAMES_MAX}`;
}

export async function insertProtectedName(tx: Tx, name: ProtectedName): Promise<void> {
  await tx.query`
    insert into protected_sender_names (id, name, covers_longer, organisation_ids, service_ids)
    values (${name.id}, ${name.name}, ${name.coversLonger}, ${name.organisationIds}::uuid[], ${name.serviceIds}::uuid[])`;
}

export async function updateProtectedName(tx: Tx, name: ProtectedName): Promise<void> {
  await tx.query`
    update protected_sender_names set name = ${name.name}, covers_longer = ${name.coversLonger},
      organisation_ids = ${name.organisationIds}::uuid[], service_ids = ${name.serviceIds}::uuid[]
    where id = ${name.id}`;
}

export async function deleteProtectedName(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from protected_sender_names where id = ${id}`;
}
