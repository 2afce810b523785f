/** Who talks with which service through a chat provider, and what that lets us send them. Nobody is named: rows go by blind index. */
import type { ApprovedTemplate } from "../../core/chat/approved-template.ts";
import type { Db, Tx } from "../../platform/db.ts";

/** Messages that a provider has just taken: what their recipients write next is for the services they are from. */
export async function noteWrittenTo(
  tx: Tx,
  { provider, ids, at }: { provider: string; ids: readonly string[]; at: Date },
): Promise<void> {
  const { first, last } = boundsOf(ids);
  await tx.query`
    insert into chat_contacts (provider, recipient_index, service_id, written_to_at, changed_at)
    select distinct on (n.recipient_index) ${provider}, n.recipient_index, n.service_id, ${at}::timestamptz, ${at}::timestamptz
    from notifications n where n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid
    order by n.recipient_index, n.id desc
    on conflict (recipient_index, provider) do update
      set service_id = excluded.service_id, written_to_at = excluded.written_to_at, changed_at = excluded.changed_at`;
}

export interface ChatContact {
  provider: string;
  recipientIndex: Buffer;
}

/** The service that somebody talks with; undefined for who has not been written to. */
export async function findChatPartner(db: Db, { provider, recipientIndex }: ChatContact): Promise<string | undefined> {
  const [contact] = await db.query<{ serviceId: string }>`
    select c.service_id from chat_contacts c where c.provider = ${provider} and c.recipient_index = ${recipientIndex}`;
  return contact?.serviceId;
}

/** Somebody has written. */
export async function noteWrote(
  tx: Tx,
  { provider, recipientIndex, serviceId, at }: ChatContact & { serviceId: string; at: Date },
): Promise<void> {
  await tx.query`
    insert into chat_contacts (provider, recipient_index, service_id, wrote_at, changed_at)
    values (${provider}, ${recipientIndex}, ${serviceId}, ${at}, ${at})
    on conflict (recipient_index, provider) do update
      set service_id = excluded.service_id, wrote_at = greatest(chat_contacts.wrote_at, excluded.wrote_at), changed_at = excluded.changed_at`;
}

export interface ChatFacts {
  id: string;
  /** Of the message's template. */
  approved: ApprovedTemplate | undefined;
  /** Through which its recipient has written since a moment. */
  answerableBy: readonly string[];
  /** Through which its recipient has written to its service, the latest first. */
  wroteBy: readonly string[];
}

/** What it depends on in which form messages may be sent, all of them in one statement. */
export function listChatFacts(db: Db, ids: readonly string[], wroteSince: Date): Promise<ChatFacts[]> {
  const { first, last } = boundsOf(ids);
  return db.query<ChatFacts>`
    select n.id, t.whatsapp as approved, array(
      select c.provider from chat_contacts c
      where c.recipient_index = n.recipient_index and c.wrote_at > ${wroteSince}) as answerable_by,
      array(
        select c.provider from chat_contacts c
        where c.recipient_index = n.recipient_index and c.service_id = n.service_id and c.wrote_at is not null
        order by c.wrote_at desc) as wrote_by
    from notifications n join templates t on t.id = n.template_id
    where n.id = any(${ids}::uuid[]) and n.id >= ${first}::uuid and n.id <= ${last}::uuid`;
}

/** Forgets up to `limit` whose last word was before a moment; says how many. */
export async function deleteChatContacts(db: Db, before: Date, limit: number): Promise<number> {
  const deleted = await db.query<{ provider: string }>`
    delete from chat_contacts where (recipient_index, provider) in (
      select c.recipient_index, c.provider from chat_contacts c where c.changed_at < ${before} limit ${limit})
      and changed_at < ${before}
    returning provider`;
  return deleted.length;
}

/** Ids are in the order of time, and only the days between the first and the last of them are read. */
function boundsOf(ids: readonly string[]): { first: string; last: string } {
  const sorted = ids.toSorted();
  return { first: sorted[0] ?? "", last: sorted.at(-1) ?? "" };
}
