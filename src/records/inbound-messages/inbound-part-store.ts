/** Parts of long texts, kept until all have come, and a day longer: a carrier may send one again. */
import type { Db, Tx } from "../../platform/db.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { Service } from "../services/service.ts";

/** What the parts of one text have in common: the sender's reference comes round again after a while. */
export interface PartSet {
  serviceId: string;
  provider: string;
  senderIndex: Buffer;
  notifyNumber: string;
  reference: number;
  total: number;
}

export interface InboundPart {
  number: number;
  userNumber: string;
  text: string;
  sentAt: Date;
  createdAt: Date;
  /** It has been passed on, in the text it belongs to. */
  isPassedOn: boolean;
}

type PartRow = Omit<InboundPart, "userNumber" | "text"> & { sealedContent: Buffer };
type Owner = Pick<Service, "dataKey">;

/** One process at a time puts a text together. */
export async function lockPartSet(tx: Tx, set: PartSet): Promise<void> {
  const name = [set.provider, set.senderIndex.toString("hex"), set.notifyNumber, set.reference, set.total].join(" ");
  await tx.query`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

/** The parts of a set that are kept, in order. */
export async function listParts(tx: Tx, owner: Owner, set: PartSet): Promise<InboundPart[]> {
  const rows = await tx.query<PartRow>`
    select p.number, p.sealed_content, p.sent_at, p.created_at, p.message_id is not null as is_passed_on
    from inbound_parts p
    where p.provider = ${set.provider} and p.sender_index = ${set.senderIndex} and p.notify_number = ${set.notifyNumber}
      and p.reference = ${set.reference} and p.total = ${set.total}
    order by p.number`;
  return rows.map(({ sealedContent, ...row }) => {
    const content = open({ key: owner.dataKey, belongsTo: belonging(set, row.number) }, sealedContent);
    return { ...row, ...(JSON.parse(content.toString()) as Pick<InboundPart, "userNumber" | "text">) };
  });
}

/** Keeps a part in the place of the one of its number, if there is one. */
export async function keepPart(
  tx: Tx,
  owner: Owner,
  { set, part }: { set: PartSet; part: InboundPart },
): Promise<void> {
  const { number, userNumber, text, sentAt, createdAt } = part;
  const sealed = seal({ key: owner.dataKey, belongsTo: belonging(set, number) }, JSON.stringify({ userNumber, text }));
  await tx.query`
    insert into inbound_parts (service_id, provider, sender_index, notify_number, reference, total, number, sealed_content, sent_at,
      created_at)
    values (${set.serviceId}, ${set.provider}, ${set.senderIndex}, ${set.notifyNumber}, ${set.reference}, ${set.total}, ${number},
      ${sealed}, ${sentAt}, ${createdAt})
    on conflict (provider, sender_index, notify_number, reference, total, number) do update
      set service_id = excluded.service_id, sealed_content = excluded.sealed_content, sent_at = excluded.sent_at,
        created_at = excluded.created_at, message_id = null`;
}

/** All parts of a set that still waited are now in this text. */
export async function markPassedOn(tx: Tx, set: PartSet, messageId: string): Promise<void> {
  await tx.query`
    update inbound_parts p set message_id = ${messageId}
    where p.provider = ${set.provider} and p.sender_index = ${set.senderIndex} and p.notify_number = ${set.notifyNumber}
      and p.reference = ${set.reference} and p.total = ${set.total} and p.message_id is null`;
}

/** Sets of which a part has waited since before a moment. */
export function listLeftOverSets(db: Db, before: Date, limit: number): Promise<PartSet[]> {
  return db.query<PartSet>`
    select distinct p.service_id, p.provider, p.sender_index, p.notify_number, p.reference, p.total
    from inbound_parts p where p.created_at < ${before} and p.message_id is null limit ${limit}`;
}

export async function deletePassedOnParts(db: Db, before: Date): Promise<number> {
  const deleted = await db.query<{ number: number }>`
    delete from inbound_parts p where p.created_at < ${before} and p.message_id is not null returning p.number`;
  return deleted.length;
}

function belonging({ provider, notifyNumber, reference, total }: PartSet, number: number): string {
  return `inbound_parts:${provider}:${notifyNumber}:${reference}:${number}/${total}`;
}
