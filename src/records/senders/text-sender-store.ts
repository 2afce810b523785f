/** Whom a service's texts appear to come from. */
import type { Db, Tx } from "../../platform/db.ts";
import type { TextSender } from "../services/service.ts";

/** Letters of the GSM alphabet that every network shows: 3GPP TS 23.040 §9.1.2.5 leaves 11 characters for a name. */
const NAME = /^(?=.*[a-z])[a-z0-9 &.\-_]{3,11}$/i;
/** A number at home or abroad, or a short code. */
const NUMBER = /^\+?\d{3,15}$/;

/** Whether a text may come from this: a name of 3 to 11 characters, or a number. */
export function isTextSender(text: string): boolean {
  return !text.startsWith("00") && text.trim() === text && (NAME.test(text) || NUMBER.test(text));
}

export function listTextSenders(db: Db, serviceId: string): Promise<TextSender[]> {
  return db.query<TextSender>`
    select t.id, t.sender, t.is_default from text_senders t
    where t.service_id = ${serviceId} and t.archived_at is null order by t.created_at, t.id`;
}

/** The new default takes the place of the old. */
export async function insertTextSender(tx: Tx, serviceId: string, sender: TextSender): Promise<void> {
  await makeRoomForDefault(tx, serviceId, sender);
  await tx.query`
    insert into text_senders (id, service_id, sender, is_default)
    values (${sender.id}, ${serviceId}, ${sender.sender}, ${sender.isDefault})`;
}

export async function updateTextSender(tx: Tx, serviceId: string, sender: TextSender): Promise<void> {
  await makeRoomForDefault(tx, serviceId, sender);
  await tx.query`
    update text_senders set sender = ${sender.sender}, is_default = ${sender.isDefault}
    where id = ${sender.id} and service_id = ${serviceId}`;
}

export async function archiveTextSender(tx: Tx, id: string): Promise<void> {
  await tx.query`update text_senders set archived_at = now() where id = ${id} and archived_at is null`;
}

async function makeRoomForDefault(tx: Tx, serviceId: string, sender: TextSender): Promise<void> {
  if (!sender.isDefault) return;
  await tx.query`
    update text_senders set is_default = false
    where service_id = ${serviceId} and is_default and id <> ${sender.id} and archived_at is null`;
}
