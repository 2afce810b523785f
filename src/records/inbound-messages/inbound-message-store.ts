/** Texts from the public, as the database keeps them: sealed under the key of the service they were written to. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { Service } from "../services/service.ts";
import { sealedAt } from "../services/service-store.ts";
import type { InboundMessage } from "./inbound-message.ts";

const COLUMNS = sqlConstant(
  "m.id, m.service_id, m.notify_number, m.sealed_content, m.keyword, m.asked, m.app, m.sent_at, m.created_at",
);

export type SealedInboundMessage = Omit<InboundMessage, "userNumber" | "content"> & { sealedContent: Buffer };

type Owner = Pick<Service, "id" | "dataKey">;

export interface NewInboundMessage extends InboundMessage {
  senderIndex: Buffer;
  provider: string;
  /** The provider's own id of the text, by which it is known when it is sent again. */
  providerReference: string | undefined;
}

/** Says whether it is new: a text that its provider sends again changes nothing. */
export async function insertInboundMessage(tx: Tx, owner: Owner, message: NewInboundMessage): Promise<boolean> {
  const { userNumber, content } = message;
  const belongsTo = sealedAt.inboundMessage(message.id);
  const sealed = seal({ key: owner.dataKey, belongsTo }, JSON.stringify({ userNumber, content }));
  const rows = await tx.query<{ id: string }>`
    insert into inbound_messages (id, service_id, notify_number, sealed_content, sender_index, provider, provider_reference, sent_at,
      created_at, keyword, asked, app)
    values (${message.id}, ${message.serviceId}, ${message.notifyNumber}, ${sealed}, ${message.senderIndex}, ${message.provider},
      ${message.providerReference ?? null}, ${message.sentAt}, ${message.createdAt}, ${message.keyword ?? null}, ${message.asked ?? null},
      ${message.app ?? null})
    on conflict (provider, provider_reference) where provider_reference is not null do nothing
    returning id`;
  return rows.length > 0;
}

/** A page of the texts a service has received, newest first. An `olderThan` that the service does not have gives an empty page. */
export async function listReceivedTexts(
  db: Db,
  service: Owner,
  { olderThan = null, limit }: { olderThan?: string | null | undefined; limit: number },
): Promise<InboundMessage[]> {
  const rows = await db.query<SealedInboundMessage>`
    select ${COLUMNS}
    from inbound_messages m
    where m.service_id = ${service.id}
      and (${olderThan}::uuid is null or m.id < (
        select o.id from inbound_messages o where o.id = ${olderThan}::uuid and o.service_id = ${service.id}))
    order by m.id desc limit ${limit}`;
  return rows.map((row) => openInboundMessage(service, row));
}

/** Texts by id, of any service: for the flow, which has the ids from its own queue. */
export function getInboundMessages(db: Db, ids: readonly string[]): Promise<SealedInboundMessage[]> {
  return db.query<SealedInboundMessage>`select ${COLUMNS} from inbound_messages m where m.id = any(${ids}::uuid[])`;
}

export function openInboundMessage(
  service: Owner,
  { sealedContent, ...message }: SealedInboundMessage,
): InboundMessage {
  const opened = open({ key: service.dataKey, belongsTo: sealedAt.inboundMessage(message.id) }, sealedContent);
  return { ...message, ...(JSON.parse(opened.toString()) as Pick<InboundMessage, "userNumber" | "content">) };
}

/** Deletes up to `limit` texts that came before a moment; says how many. */
export async function deleteInboundMessages(
  db: Db,
  past: { serviceIds: readonly string[]; before: Date; limit: number },
): Promise<number> {
  const deleted = await db.query<{ id: string }>`
    delete from inbound_messages where id = any(array(
      select m.id from inbound_messages m
      where m.service_id = any(${past.serviceIds}::uuid[]) and m.id < ${firstIdAt(past.before)}::uuid limit ${past.limit}))
    returning id`;
  return deleted.length;
}
