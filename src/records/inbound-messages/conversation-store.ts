/** Texts from the public as conversations: by who wrote, the latest first, with how far the team is with each. */
import { type Db, type SqlPiece, sqlConstant, sqlPiece } from "../../platform/db.ts";
import type { SealedInboundMessage } from "./inbound-message-store.ts";

const COLUMNS = sqlConstant("m.id, m.service_id, m.notify_number, m.sealed_content, m.app, m.sent_at, m.created_at");
const IS_UNREAD = sqlConstant("(c.read_up_to_id is null or c.read_up_to_id < c.newest_text_id)");
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";
/** Of the newest conversations: more are counted as more. */
export const CONVERSATIONS_COUNTED_MAX = 10_000;

/** Which conversations; all but the closed ones are open. */
export const INBOX_TABS = ["open", "unread", "own", "unassigned", "closed"] as const;
export type InboxTab = (typeof INBOX_TABS)[number];

export interface ConversationState {
  /** Texts that nobody of the team has read. */
  unread: number;
  assigneeId: string | undefined;
  assigneeName: string | undefined;
  closedAt: Date | undefined;
}

export type LatestText = SealedInboundMessage & ConversationState & { senderIndex: Buffer; texts: number };

export interface ConversationsWanted {
  serviceId: string;
  /** Who asks: some are theirs. */
  userId: string;
  /** Undefined for all, open or closed. */
  tab: InboxTab | undefined;
  /** Of this sender alone. */
  senderIndex?: Buffer | undefined;
  /** The last text of the page before. */
  olderThan?: string | undefined;
  limit: number;
}

/** Conversations by their newest texts, newest first. */
export function listConversations(db: Db, wanted: ConversationsWanted): Promise<LatestText[]> {
  const { serviceId, senderIndex = null, olderThan = LAST_ID, limit } = wanted;
  return db.query<LatestText>`
    select ${COLUMNS}, c.sender_index, c.closed_at, c.assignee_id, u.name as assignee_name, (
      select count(*)::integer from inbound_messages a
      where a.service_id = c.service_id and a.sender_index = c.sender_index) as texts, (
      select count(*)::integer from inbound_messages a
      where a.service_id = c.service_id and a.sender_index = c.sender_index
        and (c.read_up_to_id is null or a.id > c.read_up_to_id)) as unread
    from conversations c
    join inbound_messages m on m.id = c.newest_text_id
    left join users u on u.id = c.assignee_id
    where c.service_id = ${serviceId} and c.newest_text_id < ${olderThan}::uuid
      and (${senderIndex}::bytea is null or c.sender_index = ${senderIndex}) and ${isUnder(wanted)}
    order by c.newest_text_id desc limit ${limit}`;
}

function isUnder({ tab = null, userId }: { tab?: InboxTab | null | undefined; userId: string }): SqlPiece {
  return sqlPiece`case ${tab}::text
    when 'open' then c.closed_at is null
    when 'unread' then c.closed_at is null and (c.read_up_to_id is null or c.read_up_to_id < c.newest_text_id)
    when 'own' then c.closed_at is null and c.assignee_id = ${userId}::uuid
    when 'unassigned' then c.closed_at is null and c.assignee_id is null
    when 'closed' then c.closed_at is not null
    else true end`;
}

/** How many there are under each tab, of the newest `CONVERSATIONS_COUNTED_MAX`. */
export async function countConversations(
  db: Db,
  { serviceId, userId }: { serviceId: string; userId: string },
): Promise<Record<InboxTab, number>> {
  const [counts] = await db.query<Record<InboxTab, number>>`
    select count(*) filter (where c.closed_at is null)::integer as open,
      count(*) filter (where c.closed_at is null and ${IS_UNREAD})::integer as unread,
      count(*) filter (where c.closed_at is null and c.assignee_id = ${userId})::integer as own,
      count(*) filter (where c.closed_at is null and c.assignee_id is null)::integer as unassigned,
      count(*) filter (where c.closed_at is not null)::integer as closed
    from (
      select a.newest_text_id, a.read_up_to_id, a.assignee_id, a.closed_at from conversations a
      where a.service_id = ${serviceId} order by a.newest_text_id desc limit ${CONVERSATIONS_COUNTED_MAX}) c`;
  return counts ?? { open: 0, unread: 0, own: 0, unassigned: 0, closed: 0 };
}

/** Open ones with a text that nobody of the team has read, of the newest `CONVERSATIONS_COUNTED_MAX`. */
export async function countUnreadConversations(db: Db, serviceId: string): Promise<number> {
  const [counted] = await db.query<{ unread: number }>`
    select count(*)::integer as unread
    from (
      select a.newest_text_id, a.read_up_to_id, a.closed_at from conversations a
      where a.service_id = ${serviceId} order by a.newest_text_id desc limit ${CONVERSATIONS_COUNTED_MAX}) c
    where c.closed_at is null and ${IS_UNREAD}`;
  return counted?.unread ?? 0;
}

/** How far the team is with a conversation. */
export async function findConversation(
  db: Db,
  { serviceId, senderIndex }: { serviceId: string; senderIndex: Buffer },
): Promise<ConversationState | undefined> {
  const [state] = await db.query<ConversationState>`
    select c.closed_at, c.assignee_id, u.name as assignee_name, (
      select count(*)::integer from inbound_messages a
      where a.service_id = c.service_id and a.sender_index = c.sender_index
        and (c.read_up_to_id is null or a.id > c.read_up_to_id)) as unread
    from conversations c left join users u on u.id = c.assignee_id
    where c.service_id = ${serviceId} and c.sender_index = ${senderIndex}`;
  return state;
}

/** Differs whenever anybody has written, or anybody of the team has done something about it. */
export async function findLastChange(
  db: Db,
  serviceId: string,
): Promise<{ newestTextId: string | undefined; changedAt: Date | undefined }> {
  const [change] = await db.query<{ newestTextId: string | undefined; changedAt: Date | undefined }>`
    select (
      select c.newest_text_id from conversations c where c.service_id = ${serviceId} order by c.newest_text_id desc limit 1
    ) as newest_text_id, (
      select c.changed_at from conversations c where c.service_id = ${serviceId} order by c.changed_at desc limit 1
    ) as changed_at`;
  return change ?? { newestTextId: undefined, changedAt: undefined };
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
