/** Senders that share the texts of a service. */
import type { SenderPool } from "../../core/senders/choose-text-sender.ts";
import type { Db, Tx } from "../../platform/db.ts";

export function listSenderPools(db: Db, serviceId: string): Promise<SenderPool[]> {
  return db.query<SenderPool>`
    select p.id, p.name, p.sender_ids, p.is_default, p.is_sticky
    from text_sender_pools p where p.service_id = ${serviceId} and p.archived_at is null order by p.created_at, p.id`;
}

export async function insertSenderPool(tx: Tx, serviceId: string, pool: SenderPool): Promise<void> {
  await makeRoomForDefault(tx, serviceId, pool);
  await tx.query`
    insert into text_sender_pools (id, service_id, name, sender_ids, is_default, is_sticky)
    values (${pool.id}, ${serviceId}, ${pool.name}, ${pool.senderIds}::uuid[], ${pool.isDefault}, ${pool.isSticky})`;
}

export async function updateSenderPool(tx: Tx, serviceId: string, pool: SenderPool): Promise<void> {
  await makeRoomForDefault(tx, serviceId, pool);
  await tx.query`
    update text_sender_pools set name = ${pool.name}, sender_ids = ${pool.senderIds}::uuid[], is_default = ${pool.isDefault},
      is_sticky = ${pool.isSticky}
    where id = ${pool.id} and service_id = ${serviceId} and archived_at is null`;
}

export async function archiveSenderPool(tx: Tx, serviceId: string, id: string): Promise<void> {
  await tx.query`
    update text_sender_pools set archived_at = now()
    where id = ${id} and service_id = ${serviceId} and archived_at is null`;
}

async function makeRoomForDefault(tx: Tx, serviceId: string, { id, isDefault }: SenderPool): Promise<void> {
  if (!isDefault) return;
  await tx.query`
    update text_sender_pools set is_default = false
    where service_id = ${serviceId} and is_default and id <> ${id} and archived_at is null`;
}
