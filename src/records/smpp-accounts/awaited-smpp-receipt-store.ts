/** Submits whose system wants to hear what becomes of them, until it has been told. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";

export interface AwaitedSmppReceipt {
  /** As the system knows it. */
  messageId: string;
  notificationId: string;
  accountId: string;
  /** As the submit had it (SMPP 3.4 §5.2.17). */
  registeredDelivery: number;
  /** Its network never reports, so that having been sent is its end. */
  endsWhenSent: boolean;
  sealedSubmit: Buffer;
}

const COLUMNS = sqlConstant(
  "r.message_id, r.notification_id, r.account_id, r.registered_delivery, r.ends_when_sent, r.sealed_submit",
);

export async function insertAwaitedSmppReceipts(tx: Tx, rows: readonly AwaitedSmppReceipt[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <Key extends keyof AwaitedSmppReceipt>(key: Key) => rows.map((row) => row[key]);
  await tx.query`
    insert into smpp_awaited_receipts (message_id, notification_id, account_id, registered_delivery, ends_when_sent, sealed_submit)
    select r.message_id, r.notification_id, r.account_id, r.registered_delivery, r.ends_when_sent, r.sealed_submit
    from unnest(
      ${column("messageId")}::uuid[], ${column("notificationId")}::uuid[], ${column("accountId")}::uuid[],
      ${column("registeredDelivery")}::smallint[], ${column("endsWhenSent")}::boolean[], ${column("sealedSubmit")}::bytea[]
    ) as r (message_id, notification_id, account_id, registered_delivery, ends_when_sent, sealed_submit)`;
}

/** Of notifications that are not at their end yet. */
export function listAwaitedSmppReceipts(db: Db, notificationIds: readonly string[]): Promise<AwaitedSmppReceipt[]> {
  return db.query<AwaitedSmppReceipt>`
    select ${COLUMNS} from smpp_awaited_receipts r where r.notification_id = any(${notificationIds}::uuid[])
    order by r.message_id`;
}

/** Of notifications that are: nothing more will be told of them. */
export function takeAwaitedSmppReceipts(tx: Tx, notificationIds: readonly string[]): Promise<AwaitedSmppReceipt[]> {
  return tx.query<AwaitedSmppReceipt>`
    delete from smpp_awaited_receipts r where r.notification_id = any(${notificationIds}::uuid[]) returning ${COLUMNS}`;
}

/** The notification that a message id stands for. */
export async function findNotificationOfSubmit(
  db: Db,
  accountId: string,
  messageId: string,
): Promise<string | undefined> {
  const [row] = await db.query<{ notificationId: string }>`
    select r.notification_id from smpp_awaited_receipts r where r.message_id = ${messageId} and r.account_id = ${accountId}`;
  return row?.notificationId;
}

/** Notifications that have been sent to networks that never report. */
export async function listSilentlySent(db: Db, limit: number): Promise<{ notificationId: string; sentAt: Date }[]> {
  return db.query<{ notificationId: string; sentAt: Date }>`
    select distinct n.id as notification_id, n.sent_at
    from smpp_awaited_receipts r join notifications n on n.id = r.notification_id
    where r.ends_when_sent and n.status = 'sent' limit ${limit}`;
}

/** Those of which nothing has been heard since a moment. */
export async function deleteAwaitedSmppReceipts(db: Db, madeBefore: Date, limit: number): Promise<number> {
  const deleted = await db.query<{ messageId: string }>`
    delete from smpp_awaited_receipts where message_id = any(array(
      select r.message_id from smpp_awaited_receipts r where r.message_id < ${firstIdAt(madeBefore)}::uuid limit ${limit}))
    returning message_id`;
  return deleted.length;
}
