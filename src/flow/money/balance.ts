/** An organisation's balance as platform administrators keep it: what comes in, what is put right, and its rules. */
import { type Decimal, decimal, decimalText, plus } from "../../core/price/decimal.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import type { Balance } from "../../records/balances/balance.ts";
import {
  type BalanceRules,
  enter,
  findBalance,
  lockBalance,
  moveBalances,
  updateRules,
} from "../../records/balances/balance-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";

/** "1,234.56"; up to a billion, and as fine as a price. */
const AMOUNT = /^(\d{1,3}(?:,\d{3}){0,2}|\d{1,9})(\.\d{1,6})?$/;
const NOTE_MAX_CHARACTERS = 200;

/** As people write it, without a currency; undefined for what is no amount.  parseAmount("1,250.5") → "1250.5" */
export function parseAmount(typed: string): string | undefined {
  const match = AMOUNT.exec(typed.trim());
  return match ? `${match[1]?.replaceAll(",", "")}${match[2] ?? ""}` : undefined;
}

export interface BalanceForm {
  organisationId: string;
  amount: string;
  note: string;
}

/** Money that has come in. Fields: `amount`, `note`. */
export async function topUp(app: Pick<App, "db" | "clock">, actor: Actor, form: BalanceForm): Promise<void> {
  const amount = readAmount(form.amount);
  if (isNothing(amount)) throw amountRefusal("Enter an amount of more than nothing");
  await change(app, actor, { ...form, kind: "top-up", amount });
}

/** Puts right what is wrong, either way: "-5" takes away. Why must be said. Fields: `amount`, `note`. */
export async function adjustBalance(app: Pick<App, "db" | "clock">, actor: Actor, form: BalanceForm): Promise<void> {
  const typed = form.amount.trim().replace(/^[−-]/, "");
  const size = readAmount(typed);
  if (isNothing(size)) throw amountRefusal("Enter an amount of more or less than nothing");
  if (form.note.trim() === "") throw fieldRefusal("note", "balance-note-missing", "Say why");
  const isLess = typed !== form.amount.trim();
  const amount = isLess ? { units: -size.units, decimals: size.decimals } : size;
  await change(app, actor, { ...form, kind: "adjustment", amount });
}

function readAmount(typed: string): Decimal {
  const amount = parseAmount(typed);
  if (amount === undefined) throw amountRefusal("Enter an amount, such as 250 or 99.50");
  return decimal(amount);
}

function amountRefusal(message: string) {
  return fieldRefusal("amount", "balance-amount-wrong", message);
}

function isNothing({ units }: Decimal): boolean {
  return units === 0n;
}

interface Change {
  organisationId: string;
  kind: "top-up" | "adjustment";
  amount: Decimal;
  note: string;
}

async function change({ db, clock }: Pick<App, "db" | "clock">, actor: Actor, wanted: Change): Promise<void> {
  const { organisationId, kind } = wanted;
  const note = wanted.note.trim();
  if (note.length > NOTE_MAX_CHARACTERS)
    throw fieldRefusal("note", "balance-note-long", `Use ${NOTE_MAX_CHARACTERS} characters or fewer`);
  await db.transaction(async (tx) => {
    const before = await lockBalance(tx, organisationId);
    const available = plus(decimal(before.available), wanted.amount);
    refuseBelowCredit(before, available);
    const move = { organisationId, amount: decimalText(wanted.amount), heldChange: "0" };
    await enter(tx, [{ ...move, id: newId(), at: clock.now(), kind, texts: 0, actor: actor.userId, note }]);
    await moveBalances(tx, [move]);
    await recordDeed(tx, actor, {
      action: `balance.${kind}`,
      subject: `organisation ${organisationId}`,
      before: { available: before.available },
      after: { available: decimalText(available), note },
    });
  });
}

/** What is spent already cannot be taken away. */
function refuseBelowCredit({ isOn, creditLimit }: Pick<Balance, "isOn" | "creditLimit">, available: Decimal): void {
  if (isOn && plus(available, decimal(creditLimit)).units < 0n)
    throw amountRefusal("That would take the balance below its credit limit");
}

/** Whether texts are paid from it, how far it may go below nothing, and when its people are told. Fields: `creditLimit`, `lowAt`. */
export async function setBalanceRules(
  { db }: Pick<App, "db">,
  actor: Actor,
  wanted: { organisationId: string; isOn: boolean; creditLimit: string; lowAt: string },
): Promise<void> {
  const { organisationId, isOn } = wanted;
  const creditLimit = parseAmount(wanted.creditLimit.trim() || "0");
  const lowAt = wanted.lowAt.trim() === "" ? undefined : (parseAmount(wanted.lowAt) ?? "");
  const message = "Enter an amount, such as 250 or 99.50";
  if (creditLimit === undefined) throw fieldRefusal("creditLimit", "balance-amount-wrong", message);
  if (lowAt === "") throw fieldRefusal("lowAt", "balance-amount-wrong", message);
  const rules: BalanceRules = { isOn, creditLimit, lowAt };
  await db.transaction(async (tx) => {
    const before = await lockBalance(tx, organisationId);
    if (isOn && plus(decimal(before.available), decimal(creditLimit)).units < 0n)
      throw fieldRefusal("creditLimit", "balance-credit-low", "More than that is spent already: top up first");
    await updateRules(tx, organisationId, rules);
    await recordDeed(tx, actor, {
      action: "balance.rules-changed",
      subject: `organisation ${organisationId}`,
      before: { isOn: before.isOn, creditLimit: before.creditLimit, lowAt: before.lowAt ?? null },
      after: { isOn, creditLimit, lowAt: lowAt ?? null },
    });
  });
}

/** For those who send: refuses where nothing is paid from a balance. */
export async function getBalance({ db }: Pick<App, "db">, organisationId: string | undefined): Promise<Balance> {
  const balance = organisationId === undefined ? undefined : await findBalance(db, organisationId);
  if (balance?.isOn) return balance;
  throw new Refusal("not-found", "This service’s organisation does not pay from a balance");
}
