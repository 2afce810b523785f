/** Texts from the public as conversations: by who wrote, the latest first, with what the service wrote to them. */
import { type Db, sqlConstant } from "../../platform/db.ts";
import type { SealedInboundMessage } from "./inbound-message-store.ts";

const COLUMNS = sqlConstant("m.id, m.service_id, m.notify_number, m.sealed_content, m.sent_at, m.created_at");
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

export type LatestText = SealedInboundMessage & { senderIndex: Buffer; texts: number };

/** The newest text of everybody who wrote, newest first; `olderThan` is the last text of the page before. */
export function listConversations(
  db: Db,
  { serviceId, olderThan = LAST_ID, limit }: { serviceId: string; olderThan?: string | undefined; limit: number },
): Promise<LatestText[]> {
  return db.query<LatestText>`
    select ${COLUMNS}, m.sender_index, (
      select count(*)::integer from inbound_messages a
      where a.service_id = m.service_id and a.sender_index = m.sender_index) as texts
    from inbound_messages m
    where m.service_id = ${serviceId} and m.id < ${olderThan}::uuid
      and not exists (
        select 1 from inbound_messages l
        where l.service_id = m.service_id and l.sender_index = m.sender_index and l.id > m.id)
    order by m.id desc limit ${limit}`;
}

/** One text of a service, with the index of who wrote it. */
export async function findReceivedText(
  db: Db,
  serviceId: string,
  id: string,
): Promise<(SealedInboundMessage & { senderIndex: Buffer }) | undefined> {
  const [text] = await db.query<SealedInboundMessage & { senderIndex: Buffer }>`
    select ${COLUMNS}, m.sender_index from inbound_messages m where m.id = ${id} and m.service_id = ${serviceId}`;
  return text;
}

/** What one person wrote, newest first. */
export function listTextsFrom(
  db: Db,
  { serviceId, senderIndex, limit }: { serviceId: string; senderIndex: Buffer; limit: number },
): Promise<SealedInboundMessage[]> {
  return db.query<SealedInboundMessage>`
    select ${COLUMNS} from inbound_messages m
    where m.service_id = ${serviceId} and m.sender_index = ${senderIndex} order by m.id desc limit ${limit}`;
}

/** How many texts a service has received since a moment (its first id), and when the newest came. */
export async function countReceivedTexts(
  db: Db,
  serviceId: string,
  firstId: string,
): Promise<{ texts: number; newestAt: Date | undefined }> {
  const [row] = await db.query<{ texts: number; newestAt: Date | undefined }>`
    select count(*)::integer as texts, max(m.created_at) as newest_at
    from inbound_messages m where m.service_id = ${serviceId} and m.id >= ${firstId}::uuid`;
  return row ?? { texts: 0, newestAt: undefined };
}
