/** Where replies to a service's emails go. */
import type { Db, Tx } from "../../platform/db.ts";
import type { ReplyToAddress } from "../services/service.ts";

export function listReplyToAddresses(db: Db, serviceId: string): Promise<ReplyToAddress[]> {
  return db.query<ReplyToAddress>`
    select r.id, r.address, r.is_default from reply_to_addresses r
    where r.service_id = ${serviceId} and r.archived_at is null order by r.created_at, r.id`;
}

/** The new default takes the place of the old. */
export async function insertReplyToAddress(tx: Tx, serviceId: string, replyTo: ReplyToAddress): Promise<void> {
  await makeRoomForDefault(tx, serviceId, replyTo);
  await tx.query`
    insert into reply_to_addresses (id, service_id, address, is_default)
    values (${replyTo.id}, ${serviceId}, ${replyTo.address}, ${replyTo.isDefault})`;
}

export async function updateReplyToAddress(tx: Tx, serviceId: string, replyTo: ReplyToAddress): Promise<void> {
  await makeRoomForDefault(tx, serviceId, replyTo);
  await tx.query`
    update reply_to_addresses set address = ${replyTo.address}, is_default = ${replyTo.isDefault}
    where id = ${replyTo.id} and service_id = ${serviceId}`;
}

export async function archiveReplyToAddress(tx: Tx, id: string): Promise<void> {
  await tx.query`update reply_to_addresses set archived_at = now() where id = ${id} and archived_at is null`;
}

async function makeRoomForDefault(tx: Tx, serviceId: string, replyTo: ReplyToAddress): Promise<void> {
  if (!replyTo.isDefault) return;
  await tx.query`
    update reply_to_addresses set is_default = false
    where service_id = ${serviceId} and is_default and id <> ${replyTo.id} and archived_at is null`;
}
