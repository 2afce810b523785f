/** Which notification a provider's message id stands for, until the provider has said what became of it. */
import type { Db, Tx } from "../../platform/db.ts";

export interface AwaitedReceipt {
  messageId: string;
  notificationId: string;
  /** How many parts the text went out in. */
  parts: number;
}

/** Remembers ids that a provider has just given. An id it has used before now stands for the newer message. */
export async function insertAwaitedReceipts(
  tx: Tx,
  provider: string,
  awaited: readonly AwaitedReceipt[],
): Promise<void> {
  if (awaited.length === 0) return;
  await tx.query`
    insert into awaited_receipts (provider, message_id, notification_id, parts)
    select ${provider}, a.message_id, a.notification_id, a.parts
    from unnest(
      ${awaited.map((a) => a.messageId)}::text[], ${awaited.map((a) => a.notificationId)}::uuid[],
      ${awaited.map((a) => a.parts)}::smallint[]
    ) as a (message_id, notification_id, parts)
    on conflict (provider, message_id) do update
      set notification_id = excluded.notification_id, parts = excluded.parts, created_at = now()`;
}

export function findAwaitedReceipts(
  db: Db,
  provider: string,
  messageIds: readonly string[],
): Promise<AwaitedReceipt[]> {
  return db.query<AwaitedReceipt>`
    select a.message_id, a.notification_id, a.parts from awaited_receipts a
    where a.provider = ${provider} and a.message_id = any(${messageIds}::text[])`;
}

export async function deleteAwaitedReceipts(tx: Tx, provider: string, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await tx.query`delete from awaited_receipts where provider = ${provider} and message_id = any(${messageIds}::text[])`;
}

/** Of texts in several parts: which still wait for the receipt of a part, when those of `messageIds` are no longer counted. */
export async function listStillAwaited(
  tx: Tx,
  notificationIds: readonly string[],
  messageIds: readonly string[],
): Promise<Set<string>> {
  if (notificationIds.length === 0) return new Set();
  const rows = await tx.query<{ notificationId: string }>`
    select distinct a.notification_id from awaited_receipts a
    where a.parts > 1 and a.notification_id = any(${notificationIds}::uuid[]) and not a.message_id = any(${messageIds}::text[])`;
  return new Set(rows.map((row) => row.notificationId));
}

/** Forgets ids nobody has reported on within the time a report may take. */
export async function deleteUnreported(db: Db, madeBefore: Date): Promise<void> {
  await db.query`delete from awaited_receipts where created_at < ${madeBefore}`;
}
