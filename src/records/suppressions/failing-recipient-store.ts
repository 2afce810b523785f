/** How often in a row messages to somebody have failed for good: kept only of services that suppress after some. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import type { Db } from "../../platform/db.ts";

/** To whom a notification went, as the blind index has it. */
export interface ReachedRecipient {
  id: string;
  serviceId: string;
  channel: DispatchedChannel;
  recipientIndex: Buffer;
  sender: string | undefined;
  sealedContent: Buffer | undefined;
}

/** Those not sent with test keys, which reach nobody. */
export function listReached(db: Db, ids: readonly string[]): Promise<ReachedRecipient[]> {
  const sorted = ids.toSorted();
  return db.query<ReachedRecipient>`
    select n.id, n.service_id, n.channel, n.recipient_index, n.sealed_content, n.sender from notifications n
    where n.id = any(${ids}::uuid[]) and n.id >= ${sorted[0] ?? ""}::uuid and n.id <= ${sorted.at(-1) ?? ""}::uuid
      and n.key_kind <> 'test' and n.channel in ('sms', 'email', 'chat')`;
}

interface Recipients {
  serviceId: string;
  channel: DispatchedChannel;
  recipientIndexes: readonly Buffer[];
}

/** One more failure of each, as often as it is named; answers those that have had as many as `failuresMax`, and forgets their counts. */
export async function countFailures(
  db: Db,
  { serviceId, channel, recipientIndexes }: Recipients,
  { failuresMax, at }: { failuresMax: number; at: Date },
): Promise<Buffer[]> {
  const counted = await db.query<{ recipientIndex: Buffer; failures: number }>`
    insert into failing_recipients as f (service_id, channel, recipient_index, failures, latest_at)
    select ${serviceId}::uuid, ${channel}, r.recipient_index, count(*), ${at}::timestamptz
    from unnest(${recipientIndexes}::bytea[]) as r (recipient_index) group by r.recipient_index order by r.recipient_index
    on conflict (service_id, channel, recipient_index) do update
    set failures = least(f.failures + excluded.failures, 1000), latest_at = excluded.latest_at
    returning f.recipient_index, f.failures`;
  const full = counted.filter(({ failures }) => failures >= failuresMax).map(({ recipientIndex }) => recipientIndex);
  await forgetFailures(db, { serviceId, channel, recipientIndexes: full });
  return full;
}

/** They were reached, or are counted no more. Rows are taken in one order, so that two batches do not wait for each other in a circle. */
export async function forgetFailures(db: Db, { serviceId, channel, recipientIndexes }: Recipients): Promise<void> {
  if (recipientIndexes.length === 0) return;
  await db.query`
    delete from failing_recipients d where d.ctid = any(array(
      select f.ctid from failing_recipients f
      where f.service_id = ${serviceId} and f.channel = ${channel} and f.recipient_index = any(${recipientIndexes}::bytea[])
      order by f.recipient_index for update))`;
}

export async function deletePastFailures(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const deleted = await db.query<{ serviceId: string }>`
    delete from failing_recipients d where d.ctid = any(array(
      select f.ctid from failing_recipients f where f.latest_at < ${before} limit ${limit}))
    returning d.service_id`;
  return deleted.length;
}
