/** Parts of long texts that a system has submitted, until the last of them has come. */
import type { Db, Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { Service } from "../services/service.ts";

/** What the parts of one text have in common. */
export interface SubmittedSet {
  accountId: string;
  serviceId: string;
  /** Keyed hash of both addresses, the reference and the number of parts. */
  setIndex: Buffer;
}

export interface KeptPart {
  /** With which it was acknowledged. */
  messageId: string;
  number: number;
  registeredDelivery: number;
  /** The submit, sealed for its receipt. */
  sealedSubmit: Buffer;
  octets: Buffer;
}

/** A part as far as its receipt is concerned. */
export type AcknowledgedPart = Pick<KeptPart, "messageId" | "registeredDelivery" | "sealedSubmit">;

type PartRow = Omit<KeptPart, "octets"> & { sealedContent: Buffer };
type Owner = Pick<Service, "dataKey">;

/** One process at a time puts a text together. */
export async function lockSubmittedSet(tx: Tx, { accountId, setIndex }: SubmittedSet): Promise<void> {
  const name = `smpp parts ${accountId} ${setIndex.toString("hex")}`;
  await tx.query`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

/** In order. */
export async function listKeptParts(tx: Tx, owner: Owner, set: SubmittedSet): Promise<KeptPart[]> {
  const rows = await tx.query<PartRow>`
    select p.message_id, p.number, p.registered_delivery, p.sealed_submit, p.sealed_content
    from smpp_parts p where p.account_id = ${set.accountId} and p.set_index = ${set.setIndex} order by p.number`;
  return rows.map(({ sealedContent, ...row }) => ({
    ...row,
    octets: open({ key: owner.dataKey, belongsTo: belonging(row.messageId) }, sealedContent),
  }));
}

export async function insertKeptPart(
  tx: Tx,
  owner: Owner,
  { set, part }: { set: SubmittedSet; part: KeptPart },
): Promise<void> {
  const sealedContent = seal({ key: owner.dataKey, belongsTo: belonging(part.messageId) }, part.octets);
  await tx.query`
    insert into smpp_parts (message_id, account_id, service_id, set_index, number, registered_delivery, sealed_submit, sealed_content)
    values (${part.messageId}, ${set.accountId}, ${set.serviceId}, ${set.setIndex}, ${part.number}, ${part.registeredDelivery},
      ${part.sealedSubmit}, ${sealedContent})`;
}

export async function deleteKeptParts(tx: Tx, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await tx.query`delete from smpp_parts where message_id = any(${messageIds}::uuid[])`;
}

/** Whether so many parts of an account's texts wait for others. */
export async function hasKeptParts(db: Db, accountId: string, count: number): Promise<boolean> {
  const rows = await db.query<{ number: number }>`
    select p.number from smpp_parts p where p.account_id = ${accountId} offset ${count - 1} limit 1`;
  return rows.length > 0;
}

/** Whether a message id is a part's that waits for others. */
export async function isKeptPart(db: Db, accountId: string, messageId: string): Promise<boolean> {
  const rows = await db.query<{ number: number }>`
    select p.number from smpp_parts p where p.message_id = ${messageId} and p.account_id = ${accountId}`;
  return rows.length > 0;
}

/** Sets of which a part has waited since before a moment. */
export function listWaitingSets(db: Db, before: Date, limit: number): Promise<SubmittedSet[]> {
  return db.query<SubmittedSet>`
    select distinct p.account_id, p.service_id, p.set_index
    from smpp_parts p where p.message_id < ${firstIdAt(before)}::uuid limit ${limit}`;
}

function belonging(messageId: string): string {
  return `smpp_parts:${messageId}`;
}
