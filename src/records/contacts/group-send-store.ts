/** Messages to groups, and how far each has come. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { StoredContact } from "./contact.ts";
import type { GroupSendCounts, GroupSendMessage, StoredGroupSend } from "./group-send.ts";

const COLUMNS = sqlConstant(`
  g.id, g.service_id, g.group_id, g.api_key_id, g.created_by_name, g.template_id, g.channel, g.sealed_request, g.status, g.stopped_because,
  g.cursor, g.members, g.accepted, g.suppressed, g.unreachable, g.without_consent, g.outside, g.without_position, g.refused, g.key_hash, g.body_hash, g.created_at, g.finished_at`);

export type NewGroupSend = Omit<
  StoredGroupSend,
  "status" | "stoppedBecause" | "cursor" | "finishedAt" | "members" | keyof GroupSendCounts
>;

/** False where the service has begun one under the same name. */
export async function insertGroupSend(tx: Tx, send: NewGroupSend): Promise<boolean> {
  const made = await tx.query<{ id: string }>`
    insert into group_sends (id, service_id, group_id, api_key_id, created_by_name, template_id, channel, sealed_request, key_hash, body_hash,
      created_at, members)
    values (${send.id}, ${send.serviceId}, ${send.groupId}, ${send.apiKeyId ?? null}, ${send.createdByName ?? null}, ${send.templateId},
      ${send.channel}, ${send.sealedRequest}, ${send.keyHash ?? null}, ${send.bodyHash ?? null}, ${send.createdAt},
      (select count(*) from contact_group_members m where m.group_id = ${send.groupId}))
    on conflict (service_id, key_hash) do nothing
    returning id`;
  return made.length > 0;
}

export async function findGroupSend(
  db: Db,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<StoredGroupSend | undefined> {
  const [found] = await db.query<StoredGroupSend>`
    select ${COLUMNS} from group_sends g where g.id = ${id} and g.service_id = ${serviceId}`;
  return found;
}

export async function findGroupSendByKey(
  db: Db,
  { serviceId, keyHash }: { serviceId: string; keyHash: Buffer },
): Promise<StoredGroupSend | undefined> {
  const [found] = await db.query<StoredGroupSend>`
    select ${COLUMNS} from group_sends g where g.service_id = ${serviceId} and g.key_hash = ${keyHash}`;
  return found;
}

/** Of a group, the newest first. */
export function listGroupSends(
  db: Db,
  { serviceId, groupId, limit }: { serviceId: string; groupId: string; limit: number },
): Promise<StoredGroupSend[]> {
  return db.query<StoredGroupSend>`
    select ${COLUMNS} from group_sends g where g.group_id = ${groupId} and g.service_id = ${serviceId} order by g.id desc limit ${limit}`;
}

export interface NextMember extends StoredContact {
  hasConsent: boolean;
  /** By this very sending. */
  isSentTo: boolean;
}

/** Those who come after the cursor, of those who were in the group when it was asked for. */
export function listNextMembers(
  db: Db,
  { send, purpose, limit }: { send: StoredGroupSend; purpose: string | undefined; limit: number },
): Promise<NextMember[]> {
  return db.query<NextMember>`
    select c.id, c.service_id, c.number_index, c.address_index, c.sealed_details, c.created_at, c.updated_at,
      exists (select from contact_consents n
        where n.contact_id = c.id and n.purpose = ${purpose ?? ""} and n.withdrawn_at is null) as has_consent,
      exists (select from group_send_messages s where s.send_id = ${send.id} and s.contact_id = c.id) as is_sent_to
    from contact_group_members m join contacts c on c.id = m.contact_id
    where m.group_id = ${send.groupId} and (${send.cursor ?? null}::uuid is null or m.contact_id > ${send.cursor ?? null})
      and m.added_at <= ${send.createdAt}
    order by m.contact_id limit ${limit}`;
}

/** The same of a message that is not there yet: everybody who is in the group now. */
export function listMembersAfter(
  db: Db,
  {
    groupId,
    cursor,
    purpose,
    limit,
  }: { groupId: string; cursor: string | undefined; purpose: string | undefined; limit: number },
): Promise<Omit<NextMember, "isSentTo">[]> {
  return db.query<Omit<NextMember, "isSentTo">>`
    select c.id, c.service_id, c.number_index, c.address_index, c.sealed_details, c.created_at, c.updated_at,
      exists (select from contact_consents n
        where n.contact_id = c.id and n.purpose = ${purpose ?? ""} and n.withdrawn_at is null) as has_consent
    from contact_group_members m join contacts c on c.id = m.contact_id
    where m.group_id = ${groupId} and (${cursor ?? null}::uuid is null or m.contact_id > ${cursor ?? null})
    order by m.contact_id limit ${limit}`;
}

/** Written with the messages themselves: somebody who has had this one makes the whole flight fail. */
export async function insertGroupSendMessages(tx: Tx, messages: readonly GroupSendMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await tx.query`
    insert into group_send_messages (send_id, contact_id, notification_id)
    select s.send_id, s.contact_id, s.notification_id
    from unnest(
      ${messages.map(({ sendId }) => sendId)}::uuid[], ${messages.map(({ contactId }) => contactId)}::uuid[],
      ${messages.map(({ notificationId }) => notificationId)}::uuid[]
    ) as s (send_id, contact_id, notification_id)`;
}

export const GROUP_SEND_MESSAGE_CONSTRAINT = "group_send_messages_once";

/** Only from where it was read, and only while it is to go on; false where somebody else has moved it, or ended it. */
export async function advanceGroupSend(
  tx: Tx,
  { id, from, to, counts }: { id: string; from: string | undefined; to: string; counts: GroupSendCounts },
): Promise<boolean> {
  const moved = await tx.query<{ id: string }>`
    update group_sends set cursor = ${to}, accepted = accepted + ${counts.accepted}, suppressed = suppressed + ${counts.suppressed},
      unreachable = unreachable + ${counts.unreachable}, without_consent = without_consent + ${counts.withoutConsent},
      outside = outside + ${counts.outside}, without_position = without_position + ${counts.withoutPosition},
      refused = refused + ${counts.refused}
    where id = ${id} and status = 'sending' and cursor is not distinct from ${from ?? null}::uuid
    returning id`;
  return moved.length > 0;
}

/** Whether it was under way until now. */
export async function endGroupSend(
  db: Db,
  end: { serviceId: string; id: string; status: "sent" | "stopped" | "cancelled"; because?: string; at: Date },
): Promise<boolean> {
  const { serviceId, id, status, because = null, at } = end;
  const ended = await db.query<{ id: string }>`
    update group_sends set status = ${status}, stopped_because = ${because}, finished_at = ${at},
      accepted = greatest(accepted, (select count(*) from group_send_messages s where s.send_id = ${id})::integer)
    where id = ${id} and service_id = ${serviceId} and status = 'sending' returning id`;
  return ended.length > 0;
}

/**
 * Lets one that was stopped go on from its cursor. Of those who were sent to, only they count who come before it: whoever comes after
 * counts once their batch is dealt with. False where it is not stopped, or was before `stoppedSince`.
 */
export async function resumeGroupSend(
  tx: Tx,
  { serviceId, id, stoppedSince }: { serviceId: string; id: string; stoppedSince: Date },
): Promise<boolean> {
  const resumed = await tx.query<{ id: string }>`
    update group_sends set status = 'sending', stopped_because = null, finished_at = null,
      accepted = (select count(*) from group_send_messages s where s.send_id = ${id} and s.contact_id <= group_sends.cursor)
    where id = ${id} and service_id = ${serviceId} and status = 'stopped' and finished_at >= ${stoppedSince} returning id`;
  return resumed.length > 0;
}

/** Who was sent to is forgotten some time after the end; how many stays. */
export async function forgetGroupSendMessages(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const deleted = await db.query<{ sendId: string }>`
    delete from group_send_messages d where d.ctid = any(array(
      select s.ctid from group_send_messages s join group_sends g on g.id = s.send_id
      where g.finished_at < ${before} limit ${limit}))
    returning d.send_id`;
  return deleted.length;
}
