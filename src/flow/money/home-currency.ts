/** In which currency an installation charges: chosen before there is anything in one, since an amount that is kept must go on meaning the same. */
import { decimal, decimalText } from "../../core/price/decimal.ts";
import { type HomeMoney, isInPounds, POUNDS, parseCurrency } from "../../core/price/home-money.ts";
import type { Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import { findKeptAmounts, getHomeMoney, type KeptAmounts, setHomeMoney } from "../../records/deployment/home-money.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";

/** Hours are counted within this time, for certain. */
const COUNTED_WITHIN_MS = 2 * 24 * 60 * 60 * 1000;
const RATE = /^(?!0+(\.0+)?$)\d{1,6}(\.\d{1,6})?$/;

/** As filled in. `pound`: what one pound is in it; empty for pounds. */
export interface HomeCurrencyForm {
  currency: string;
  pound: string;
}

/** Fields: those of the form. */
export async function changeHomeCurrency(
  { db, clock, prices }: Pick<App, "db" | "clock" | "prices">,
  actor: Actor,
  form: HomeCurrencyForm,
): Promise<void> {
  const wanted = readForm(form);
  await db.transaction(async (tx) => {
    const before = await getHomeMoney(tx);
    if (isSame(before, wanted)) return;
    await refuseIfKept(tx, { before, now: clock.now() });
    await setHomeMoney(tx, wanted);
    const deed = { action: "deployment.currency-changed", subject: "currency" };
    await recordDeed(tx, actor, { ...deed, before: moneyFields(before), after: moneyFields(wanted) });
  });
  prices.forget();
}

function readForm(form: HomeCurrencyForm): HomeMoney {
  const currency = parseCurrency(form.currency);
  const pound = currency === POUNDS.currency ? "1" : parsePound(form.pound);
  const problems: FieldProblem[] = [];
  if (currency === undefined)
    problems.push(wrong("currency", "Enter the three letters of a currency (ISO 4217), such as EUR"));
  if (pound === undefined) problems.push(wrong("pound", "Enter what one pound is in it, such as 1.15"));
  refuseProblems(problems);
  return { currency: currency ?? "", pound: decimal(pound ?? "1") };
}

function wrong(field: string, message: string): FieldProblem {
  return { field, problem: `home-${field}-wrong`, message };
}

/** More than nothing, with up to six decimals. */
export function parsePound(typed: string): string | undefined {
  const text = typed.trim();
  return RATE.test(text) ? text : undefined;
}

export function isSame(a: HomeMoney, b: HomeMoney): boolean {
  const [one, other] = [moneyFields(a), moneyFields(b)];
  return one.currency === other.currency && (isInPounds(a) || one.pound === other.pound);
}

/** As people, the log and files are told it. */
export function moneyFields({ currency, pound }: HomeMoney) {
  return { currency, pound: decimalText(pound) };
}

async function refuseIfKept(tx: Tx, { before, now }: { before: HomeMoney; now: Date }): Promise<void> {
  const words = await keptWords(tx, { before, now });
  if (words !== undefined) throw fieldRefusal("currency", "home-currency-kept", words);
}

/** Why the currency cannot be changed, in words; undefined where it can. */
export async function keptWords(
  tx: Tx,
  { before: { currency }, now }: { before: HomeMoney; now: Date },
): Promise<string | undefined> {
  const kept = await findKeptAmounts(tx, { id: firstIdAt(new Date(now.getTime() - COUNTED_WITHIN_MS)) });
  if (kept.hasCharged)
    return `Messages have been charged in ${currency}: the currency cannot be changed any more. Another needs an installation of its own`;
  if (kept.hasBalances)
    return `There are balances in ${currency}, with entries that stay: the currency cannot be changed any more. Another needs an installation of its own`;
  const things = removable(kept);
  return things.length === 0
    ? undefined
    : `There are amounts in ${currency}, which would mean something else. Remove these first: ${things.join(", ")}`;
}

function removable(kept: KeptAmounts): string[] {
  return [
    ...(kept.hasPrices ? ["prices of texts or chat messages"] : []),
    ...(kept.hasProviderPrices ? ["what providers charge"] : []),
    ...(kept.hasExchangeRates ? ["exchange rates"] : []),
    ...(kept.hasLimits
      ? ["budgets, spending limits, flood guards that count what is spent and alerts on balances"]
      : []),
  ];
}
