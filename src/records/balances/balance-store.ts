/** Balances and their entries. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { Balance, NewEntry } from "./balance.ts";

const COLUMNS = sqlConstant(`
  b.organisation_id, b.is_on, trim_scale(b.available)::text as available, trim_scale(b.held)::text as held,
  trim_scale(b.credit_limit)::text as credit_limit, trim_scale(b.low_at)::text as low_at`);

export async function findBalance(db: Db, organisationId: string): Promise<Balance | undefined> {
  const [balance] = await db.query<Balance>`
    select ${COLUMNS} from organisation_balances b where b.organisation_id = ${organisationId}`;
  return balance;
}

/** Made where there is none yet, and held until the transaction ends. */
export async function lockBalance(tx: Tx, organisationId: string): Promise<Balance> {
  await tx.query`insert into organisation_balances (organisation_id) values (${organisationId}) on conflict do nothing`;
  const [balance] = await tx.query<Balance>`
    select ${COLUMNS} from organisation_balances b where b.organisation_id = ${organisationId} for update`;
  if (!balance) throw new Error("a balance that was made is missing");
  return balance;
}

export type BalanceRules = Pick<Balance, "isOn" | "creditLimit" | "lowAt">;

export async function updateRules(
  tx: Tx,
  organisationId: string,
  { isOn, creditLimit, lowAt }: BalanceRules,
): Promise<void> {
  await tx.query`
    update organisation_balances set is_on = ${isOn}, credit_limit = ${creditLimit}::numeric, low_at = ${lowAt ?? null}::numeric,
      is_told_low = is_told_low and low_at is not distinct from ${lowAt ?? null}::numeric
    where organisation_id = ${organisationId}`;
}

/** Writes entries and what they come to, together. Rows of balances are taken in one order everywhere. */
export async function enter(tx: Tx, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const column = <Key extends keyof NewEntry>(key: Key) => entries.map((entry) => entry[key] ?? null);
  await tx.query`
    insert into balance_entries (id, organisation_id, at, kind, amount, held_change, texts, actor, note)
    select e.id, e.organisation_id, e.at, e.kind, e.amount, e.held_change, e.texts, e.actor, e.note
    from unnest(${column("id")}::uuid[], ${column("organisationId")}::uuid[], ${column("at")}::timestamptz[], ${column("kind")}::text[],
      ${column("amount")}::numeric[], ${column("heldChange")}::numeric[], ${column("texts")}::integer[], ${column("actor")}::text[],
      ${column("note")}::text[]) as e (id, organisation_id, at, kind, amount, held_change, texts, actor, note)`;
}

/** What a balance changes by: for entries whose money was not moved when it was held. */
export async function moveBalances(
  tx: Tx,
  moves: readonly { organisationId: string; amount: string; heldChange: string }[],
): Promise<void> {
  const ordered = moves.toSorted((a, b) => (a.organisationId < b.organisationId ? -1 : 1));
  for (const { organisationId, amount, heldChange } of ordered)
    await tx.query`
      update organisation_balances set available = available + ${amount}::numeric, held = held + ${heldChange}::numeric
      where organisation_id = ${organisationId}`;
}

export interface Entry extends NewEntry {
  /** Of the user who did it. */
  actorName: string | undefined;
}

/** Newest first, before one that was seen. */
export function listEntries(
  db: Db,
  organisationId: string,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<Entry[]> {
  return db.query<Entry>`
    select e.id, e.organisation_id, e.at, e.kind, trim_scale(e.amount)::text as amount, trim_scale(e.held_change)::text as held_change,
      e.texts, e.actor, e.note, u.name as actor_name
    from balance_entries e left join users u on u.id::text = e.actor
    where e.organisation_id = ${organisationId} and (${before ?? null}::uuid is null or e.id < ${before ?? null}::uuid)
    order by e.id desc limit ${limit}`;
}

/** What all entries of an organisation come to. */
export async function sumEntries(db: Db, organisationId: string): Promise<{ amount: string; heldChange: string }> {
  const [sums] = await db.query<{ amount: string; heldChange: string }>`
    select coalesce(sum(e.amount), 0)::text as amount, coalesce(sum(e.held_change), 0)::text as held_change
    from balance_entries e where e.organisation_id = ${organisationId}`;
  return sums ?? { amount: "0", heldChange: "0" };
}

export async function setBalance(
  tx: Tx,
  organisationId: string,
  known: { available: string; held: string },
): Promise<void> {
  await tx.query`
    update organisation_balances set available = ${known.available}::numeric, held = ${known.held}::numeric
    where organisation_id = ${organisationId}`;
}

export interface LowBalance extends Balance {
  organisationName: string;
}

/** Those that are low and whose people were not told yet; those that are low no longer may be told of again. */
export async function listNewlyLow(tx: Tx, limit: number): Promise<LowBalance[]> {
  await tx.query`update organisation_balances set is_told_low = false where is_told_low and (low_at is null or available >= low_at)`;
  return tx.query<LowBalance>`
    select ${COLUMNS}, o.name as organisation_name
    from organisation_balances b join organisations o on o.id = b.organisation_id
    where b.is_on and not b.is_told_low and b.available < b.low_at order by b.organisation_id limit ${limit}`;
}

export async function noteToldLow(tx: Tx, organisationId: string): Promise<void> {
  await tx.query`update organisation_balances set is_told_low = true where organisation_id = ${organisationId}`;
}

/** Of all organisations that have one, by name. */
export function listBalances(db: Db): Promise<LowBalance[]> {
  return db.query<LowBalance>`
    select ${COLUMNS}, o.name as organisation_name
    from organisation_balances b join organisations o on o.id = b.organisation_id order by o.name`;
}
