/** What an installation charges in: a currency of ISO 4217, and what the rates that come with the product amount to in it. */
import { type Decimal, decimal, roundedHalfEven, timesDecimal } from "./decimal.ts";

export interface HomeMoney {
  /** Three letters: "GBP". */
  readonly currency: string;
  /** What one pound of the house rates is in it: they are kept in pounds. */
  readonly pound: Decimal;
}

export const POUNDS: HomeMoney = { currency: "GBP", pound: decimal("1") };

/** As fine as every price and amount is kept. */
export const MONEY_DECIMALS = 6;

/** Its letters in capitals, if it is a currency.  parseCurrency(" eur") → "EUR" */
export function parseCurrency(typed: string): string | undefined {
  const code = typed.trim().toUpperCase();
  return listCurrencies().includes(code) ? code : undefined;
}

/** Those that are in use (ISO 4217, as this machine's tables have them). */
export function listCurrencies(): readonly string[] {
  return Intl.supportedValuesOf("currency");
}

export function isInPounds({ currency }: Pick<HomeMoney, "currency">): boolean {
  return currency === POUNDS.currency;
}

/** A house rate, which is in pounds, in the home's currency: rounded once, so that it can be multiplied exactly from there on. */
export function atHome(pounds: Decimal, home: HomeMoney): Decimal {
  return isInPounds(home) ? pounds : roundedHalfEven(timesDecimal(pounds, home.pound), MONEY_DECIMALS);
}
