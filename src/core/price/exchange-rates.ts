/**
 * What amounts in other currencies are in the home's: by the latest rate whose day has come. What has no rate has no amount at home, and
 * nobody may take it for nothing.
 *
 *     const rates = exchangeRates([{ currency: "EUR", validFrom: "2026-06-01", rate: "0.86" }], "GBP");
 *     rates.atHome(decimal("0.031"), { currency: "EUR", day: "2026-06-02" }) → 0.02666
 */
import { type Decimal, decimal, roundedHalfEven, timesDecimal } from "./decimal.ts";
import { MONEY_DECIMALS } from "./home-money.ts";

export interface ExchangeRate {
  /** ISO 4217: "EUR". */
  currency: string;
  /** A day at home, "2026-06-01". */
  validFrom: string;
  /** What one unit of it is in the home's currency, exact: "0.8612". */
  rate: string;
}

export interface ExchangeRates {
  home: string;
  /**
   * Rounded once to six decimals, halves to the even neighbour: the price of one part, which is then multiplied exactly. Undefined without
   * a rate.
   */
  atHome(amount: Decimal, from: { currency: string; day: string }): Decimal | undefined;
}

export function exchangeRates(rows: readonly ExchangeRate[], home: string): ExchangeRates {
  const latestFirst = rows.toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : -1));
  return {
    home,
    atHome: (amount, { currency, day }) => {
      if (currency === home) return amount;
      const rate = latestFirst.find((row) => row.currency === currency && row.validFrom <= day)?.rate;
      return rate === undefined ? undefined : roundedHalfEven(timesDecimal(amount, decimal(rate)), MONEY_DECIMALS);
    },
  };
}
