/** An amount as people read it, where there is no page to format it: in emails, refusals and alerts. */
import { type Decimal, decimal, decimalText } from "./decimal.ts";

/** Finer than a penny where the amount is. */
const DECIMALS_MAX = 8;
const kept = new Map<string, Intl.NumberFormat>();

/** moneyWords("0.0245", "GBP") → "£0.0245"; moneyWords("5", "EUR") → "€5.00"; moneyWords("5", "JPY") → "JP¥5" */
export function moneyWords(amount: Decimal | string, currency: string): string {
  const text = decimalText(typeof amount === "string" ? decimal(amount) : amount);
  // A decimal as text is formatted without passing through a floating-point number (ECMA-402 since 2023).
  return formatOf(currency).format(text as unknown as number);
}

/** Without decimals that say nothing: for limits, which are whole.  wholeMoneyWords(50, "GBP") → "£50"; of 1000 in "JPY" → "JP¥1,000" */
export function wholeMoneyWords(amount: number, currency: string): string {
  return moneyWords(String(amount), currency).replace(/\.0+$/, "");
}

/** Making them costs far more than using them. */
function formatOf(currency: string): Intl.NumberFormat {
  const known = kept.get(currency);
  if (known) return known;
  const made = new Intl.NumberFormat("en-GB", { style: "currency", currency, maximumFractionDigits: DECIMALS_MAX });
  kept.set(currency, made);
  return made;
}

/** What people may write in front of an amount, or leave out: its symbol or its letters.  withoutCurrency("€ 5", "EUR") → "5" */
export function withoutCurrency(typed: string, currency: string): string {
  const text = typed.trim();
  const mark = [currencySymbol(currency), narrowSymbol(currency), currency].find((one) => text.startsWith(one));
  return mark === undefined ? text : text.slice(mark.length).trim();
}

/** As amounts show it.  currencySymbol("USD") → "US$" */
export function currencySymbol(currency: string): string {
  return symbolIn(formatOf(currency), currency);
}

function narrowSymbol(currency: string): string {
  return symbolIn(
    new Intl.NumberFormat("en-GB", { style: "currency", currency, currencyDisplay: "narrowSymbol" }),
    currency,
  );
}

function symbolIn(format: Intl.NumberFormat, currency: string): string {
  return format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? currency;
}
