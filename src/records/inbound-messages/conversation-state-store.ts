/** What changes how far a service's team is with a conversation. */
import type { Db, Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";

export interface ConversationKey {
  serviceId: string;
  senderIndex: Buffer;
}

/** Somebody has written: to a conversation that was closed as well. */
export async function noteNewText(
  tx: Tx,
  { serviceId, senderIndex, id, createdAt }: ConversationKey & { id: string; createdAt: Date },
): Promise<void> {
  await tx.query`
    insert into conversations (service_id, sender_index, newest_text_id, changed_at)
    values (${serviceId}, ${senderIndex}, ${id}, ${createdAt})
    on conflict (service_id, sender_index) do update
      set newest_text_id = greatest(conversations.newest_text_id, excluded.newest_text_id), closed_at = null,
        changed_at = excluded.changed_at`;
}

/** How it is, for the rest of the transaction. */
export async function lockConversation(
  tx: Tx,
  { serviceId, senderIndex }: ConversationKey,
): Promise<{ newestTextId: string; assigneeId: string | undefined; closedAt: Date | undefined } | undefined> {
  const [conversation] = await tx.query<{
    newestTextId: string;
    assigneeId: string | undefined;
    closedAt: Date | undefined;
  }>`
    select c.newest_text_id, c.assignee_id, c.closed_at from conversations c
    where c.service_id = ${serviceId} and c.sender_index = ${senderIndex} for update`;
  return conversation;
}

/** Read up to a text. What has come since, and what was read already, stays so. */
export async function markReadUpTo(
  tx: Tx,
  { serviceId, senderIndex, textId, at }: ConversationKey & { textId: string; at: Date },
): Promise<void> {
  await tx.query`
    update conversations c set read_up_to_id = greatest(c.read_up_to_id, least(${textId}::uuid, c.newest_text_id)), changed_at = ${at}
    where c.service_id = ${serviceId} and c.sender_index = ${senderIndex}
      and (c.read_up_to_id is null or c.read_up_to_id < least(${textId}::uuid, c.newest_text_id))`;
}

/** As if nobody had read the newest text yet. */
export async function markUnread(
  tx: Tx,
  { serviceId, senderIndex, at }: ConversationKey & { at: Date },
): Promise<void> {
  await tx.query`
    update conversations c set changed_at = ${at}, read_up_to_id = (
      select m.id from inbound_messages m
      where m.service_id = c.service_id and m.sender_index = c.sender_index and m.id < c.newest_text_id
      order by m.id desc limit 1)
    where c.service_id = ${serviceId} and c.sender_index = ${senderIndex}`;
}

export async function updateAssignee(
  tx: Tx,
  { serviceId, senderIndex, assigneeId, at }: ConversationKey & { assigneeId: string | undefined; at: Date },
): Promise<void> {
  await tx.query`
    update conversations c set assignee_id = ${assigneeId ?? null}, changed_at = ${at}
    where c.service_id = ${serviceId} and c.sender_index = ${senderIndex}`;
}

export async function updateClosed(
  tx: Tx,
  { serviceId, senderIndex, isClosed, at }: ConversationKey & { isClosed: boolean; at: Date },
): Promise<void> {
  await tx.query`
    update conversations c set closed_at = ${isClosed ? at : null}, changed_at = ${at}
    where c.service_id = ${serviceId} and c.sender_index = ${senderIndex}`;
}

/** Nobody sees to what this one saw to: they have left the team, or may not see the inbox any more. */
export async function leaveConversations(
  tx: Tx,
  { serviceId, userId }: { serviceId: string; userId: string },
): Promise<void> {
  await tx.query`
    update conversations c set assignee_id = null where c.service_id = ${serviceId} and c.assignee_id = ${userId}`;
}

/** Deletes conversations whose texts all came before a moment: not one to which a text comes meanwhile. Says how many. */
export async function deleteConversations(
  db: Db,
  past: { serviceIds: readonly string[]; before: Date; limit: number },
): Promise<number> {
  const firstId = firstIdAt(past.before);
  const deleted = await db.query<{ newestTextId: string }>`
    delete from conversations d where (d.service_id, d.sender_index) in (
        select c.service_id, c.sender_index from conversations c
        where c.service_id = any(${past.serviceIds}::uuid[]) and c.newest_text_id < ${firstId}::uuid limit ${past.limit})
      and d.newest_text_id < ${firstId}::uuid
    returning d.newest_text_id`;
  return deleted.length;
}
