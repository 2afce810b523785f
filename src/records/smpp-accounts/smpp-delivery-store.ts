/** What is to be brought to customers' systems: receipts and texts from the public, each until it is acknowledged. */
import type { Db, Tx } from "../../platform/db.ts";
import { firstIdAt, newId } from "../../platform/ids.ts";

/** What a receipt says, in the words of SMPP 3.4 Appendix B; moments in ISO 8601, as JSON keeps them. */
export interface SmppReport {
  stat: string;
  /** The network's own code, three digits. */
  err: string;
  submittedAt: string;
  doneAt: string;
  /** The message is still on its way. */
  isIntermediate: boolean;
}

export interface NewSmppDelivery {
  accountId: string;
  kind: "receipt" | "text";
  /** A submit's message id, or a text from the public. */
  subjectId: string;
  report: SmppReport | undefined;
  sealedSubmit: Buffer | undefined;
}

export interface SmppDelivery extends NewSmppDelivery {
  id: string;
  /** This one included. */
  tries: number;
}

export async function insertSmppDeliveries(tx: Tx, rows: readonly NewSmppDelivery[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <Key extends keyof NewSmppDelivery>(key: Key) => rows.map((row) => row[key] ?? null);
  await tx.query`
    insert into smpp_deliveries (id, account_id, kind, subject_id, report, sealed_submit)
    select d.id, d.account_id, d.kind, d.subject_id, d.report, d.sealed_submit
    from unnest(
      ${rows.map(() => newId())}::uuid[], ${column("accountId")}::uuid[], ${column("kind")}::text[],
      ${column("subjectId")}::uuid[], ${rows.map(({ report }) => (report ? JSON.stringify(report) : null))}::jsonb[],
      ${column("sealedSubmit")}::bytea[]
    ) as d (id, account_id, kind, subject_id, report, sealed_submit)`;
}

/** How many more an account's system can be brought. */
export interface DeliveryRoom {
  accountId: string;
  room: number;
}

/** Takes the oldest of each account, as many as there is room for; nobody else takes them before the lease ends. Oldest first. */
export async function leaseSmppDeliveries(
  db: Db,
  { rooms, leaseMs }: { rooms: readonly DeliveryRoom[]; leaseMs: number },
): Promise<SmppDelivery[]> {
  const leased = await db.query<SmppDelivery>`
    update smpp_deliveries d set not_before = now() + ${leaseMs}::integer * interval '1 ms', tries = d.tries + 1
    where d.id = any(array(
      select due.id from unnest(${rooms.map(({ accountId }) => accountId)}::uuid[], ${rooms.map(({ room }) => room)}::integer[])
        as a (id, room)
      cross join lateral (
        select w.id from smpp_deliveries w
        where w.account_id = a.id and (w.not_before is null or w.not_before <= now())
        order by w.id limit a.room for update skip locked) as due))
    returning d.id, d.account_id, d.kind, d.subject_id, d.report, d.sealed_submit, d.tries`;
  return leased.sort((one, other) => (one.id < other.id ? -1 : 1));
}

export async function deleteSmppDeliveries(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.query`delete from smpp_deliveries where id = any(${ids}::uuid[])`;
}

/** They are brought again later, each at its own time. */
export async function putOffSmppDeliveries(db: Db, rows: readonly { id: string; waitMs: number }[]): Promise<void> {
  if (rows.length === 0) return;
  await db.query`
    update smpp_deliveries d set not_before = now() + o.wait_ms * interval '1 ms'
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ waitMs }) => waitMs)}::integer[]) as o (id, wait_ms)
    where d.id = o.id`;
}

export async function deleteSmppDeliveriesBefore(db: Db, before: Date, limit: number): Promise<number> {
  const deleted = await db.query<{ id: string }>`
    delete from smpp_deliveries where id = any(array(
      select d.id from smpp_deliveries d where d.id < ${firstIdAt(before)}::uuid limit ${limit}))
    returning id`;
  return deleted.length;
}
