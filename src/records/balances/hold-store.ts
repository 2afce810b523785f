/** Money that is held for texts under way, in the transaction that accepts them. */
import type { Db, Tx } from "../../platform/db.ts";
import type { Hold, NewHold } from "./balance.ts";

/** The constraint that refuses a transaction which would spend more than there is (SQLSTATE 23514). */
const BALANCE_CONSTRAINT = "within_balance";

/**
 * Holds what a flight's texts cost, in one statement for all of them. The database guards the balance: the statement fails on
 * `within_balance` when it would go below its credit, whichever process asks first. Rows are locked in one order everywhere.
 */
export async function holdFromBalances(tx: Tx, holds: readonly NewHold[]): Promise<void> {
  if (holds.length === 0) return;
  await tx.query`
    with held as (
      insert into balance_holds (notification_id, organisation_id, amount, held_at, look_at)
      select h.notification_id, h.organisation_id, h.amount, h.held_at, h.look_at
      from unnest(${holds.map((hold) => hold.notificationId)}::uuid[], ${holds.map((hold) => hold.organisationId)}::uuid[],
        ${holds.map((hold) => hold.amount)}::numeric[], ${holds.map((hold) => hold.heldAt)}::timestamptz[],
        ${holds.map((hold) => hold.lookAt)}::timestamptz[]) as h (notification_id, organisation_id, amount, held_at, look_at)
      returning organisation_id, amount
    ), locked as (
      select b.organisation_id from organisation_balances b
      where b.organisation_id = any(${[...new Set(holds.map((hold) => hold.organisationId))]}::uuid[])
      order by b.organisation_id for update
    )
    update organisation_balances b set available = b.available - s.amount, held = b.held + s.amount
    from (select h.organisation_id, sum(h.amount) as amount from held h group by h.organisation_id) s
    where b.organisation_id = s.organisation_id and b.organisation_id = any(array(select l.organisation_id from locked l))`;
}

/** Whether a transaction failed because a balance does not cover it. */
export function isNotCovered(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === "23514" && constraint === BALANCE_CONSTRAINT;
}

/** Those to look at now, oldest first, for the transaction that settles them. */
export function lockDueHolds(tx: Tx, { now, limit }: { now: Date; limit: number }): Promise<Hold[]> {
  return tx.query<Hold>`
    select h.notification_id, h.organisation_id, h.amount::text as amount, h.held_at, h.look_at, h.is_entered
    from balance_holds h where h.look_at <= ${now} order by h.look_at limit ${limit} for update skip locked`;
}

export async function deleteHolds(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query`delete from balance_holds where notification_id = any(${ids}::uuid[])`;
}

/** They are in the entries now, and looked at again. */
export async function postponeHolds(tx: Tx, holds: readonly { notificationId: string; lookAt: Date }[]): Promise<void> {
  if (holds.length === 0) return;
  await tx.query`
    update balance_holds h set is_entered = true, look_at = l.look_at
    from unnest(${holds.map((hold) => hold.notificationId)}::uuid[], ${holds.map((hold) => hold.lookAt)}::timestamptz[])
      as l (notification_id, look_at)
    where h.notification_id = l.notification_id`;
}

/** Of one organisation, for its balance to be held against. */
export async function sumHolds(db: Db, organisationId: string): Promise<{ all: string; notEntered: string }> {
  const [sums] = await db.query<{ all: string; notEntered: string }>`
    select coalesce(sum(h.amount), 0)::text as all, coalesce(sum(h.amount) filter (where not h.is_entered), 0)::text as not_entered
    from balance_holds h where h.organisation_id = ${organisationId}`;
  return sums ?? { all: "0", notEntered: "0" };
}
