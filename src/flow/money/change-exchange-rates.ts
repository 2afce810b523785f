/** What other currencies are in the installation's own, as platform administrators write it: checked, kept, and said in the log. */
import type { ExchangeRate } from "../../core/price/exchange-rates.ts";
import { parseCurrency } from "../../core/price/home-money.ts";
import { Refusal } from "../../core/refusal.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import {
  deleteExchangeRate,
  EXCHANGE_RATES_MAX,
  type ExchangeRateName,
  listExchangeRates,
  putExchangeRate,
} from "../../records/prices/exchange-rate-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { parseDay } from "./change-prices.ts";

/** As filled in. */
export interface ExchangeRateForm {
  currency: string;
  validFrom: string;
  rate: string;
}

/** Enough for a currency of which millions make one at home. */
const RATE = /^(?!0+(?:\.0+)?$)\d{1,7}(?:\.\d{1,10})?$/;

/** In the place of the one of the same currency and day. Fields: those of the form. */
export async function saveExchangeRate({ db }: Pick<App, "db">, actor: Actor, form: ExchangeRateForm): Promise<void> {
  const wanted = readForm(form);
  await db.transaction(async (tx) => {
    const home = await getHomeMoney(tx);
    if (wanted.currency === home.currency)
      throw fieldRefusal("currency", "rate-of-home", `${home.currency} is what this installation charges in`);
    const all = await listExchangeRates(tx);
    const before = all.find((one) => isSameName(one, wanted));
    if (!before && all.length >= EXCHANGE_RATES_MAX)
      throw fieldRefusal("currency", "rates-full", `There are ${EXCHANGE_RATES_MAX} rates: remove some first`);
    await putExchangeRate(tx, wanted);
    const deed = { action: "exchange-rate.saved", subject: subjectOf(wanted) };
    await recordDeed(tx, actor, { ...deed, ...(before ? { before: { ...before } } : {}), after: { ...wanted } });
  });
}

export async function removeExchangeRate(
  { db }: Pick<App, "db">,
  actor: Actor,
  { currency, validFrom }: ExchangeRateName,
): Promise<void> {
  await db.transaction(async (tx) => {
    const day = parseDay(validFrom);
    const removed = day && (await deleteExchangeRate(tx, { currency, validFrom: day }));
    if (!removed) throw new Refusal("not-found", "There is no such rate");
    const deed = { action: "exchange-rate.removed", subject: subjectOf(removed) };
    await recordDeed(tx, actor, { ...deed, before: { ...removed } });
  });
}

function isSameName(a: ExchangeRateName, b: ExchangeRateName): boolean {
  return a.currency === b.currency && a.validFrom === b.validFrom;
}

function subjectOf({ currency }: ExchangeRateName): string {
  return `exchange rate ${currency}`;
}

function readForm(form: ExchangeRateForm): ExchangeRate {
  const [currency, validFrom, rate] = [parseCurrency(form.currency), parseDay(form.validFrom), parseRate(form.rate)];
  const wrong = (field: string, message: string): FieldProblem => ({ field, problem: `rate-${field}-wrong`, message });
  refuseProblems([
    ...(currency === undefined ? [wrong("currency", "Enter the three letters of a currency, such as EUR")] : []),
    ...(validFrom === undefined ? [wrong("validFrom", "Enter a date, such as 2026-06-01")] : []),
    ...(rate === undefined ? [wrong("rate", "Enter more than nothing, with up to 10 decimals, such as 0.8612")] : []),
  ]);
  return { currency: currency ?? "", validFrom: validFrom ?? "", rate: rate ?? "" };
}

/** As the database writes it.  "0.8600" → "0.86", "2.0" → "2" */
export function parseRate(typed: string): string | undefined {
  const text = typed.trim();
  if (!RATE.test(text)) return undefined;
  const [whole = "", fraction = ""] = text.split(".");
  const digits = fraction.replace(/0+$/, "");
  return `${Number(whole)}${digits === "" ? "" : `.${digits}`}`;
}
