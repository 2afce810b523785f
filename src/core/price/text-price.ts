/** What one fragment of a text costs, and the whole of it: by the price list where it says something, else by the house rates. */
import { type Decimal, times } from "./decimal.ts";
import { atHome, type HomeMoney, POUNDS } from "./home-money.ts";
import { smsRateOn } from "./sms-rates.ts";

export interface PricedText {
  fragments: number;
  rateMultiplier: number;
  /** The listed price of one fragment; undefined for the house rate. */
  unitPrice: Decimal | undefined;
  createdAt: Date;
  /** Left out where texts have a price of their own unless the home counts in pounds: `Prices.listed` sees to that when they are accepted. */
  home?: HomeMoney;
}

export function priceOfFragment({
  unitPrice,
  rateMultiplier,
  createdAt,
  home = POUNDS,
}: Omit<PricedText, "fragments">): Decimal {
  return unitPrice ?? times(atHome(smsRateOn(createdAt), home), rateMultiplier);
}

/** Exact: a price is multiplied by whole fragments alone, so nothing is ever rounded. */
export function priceOfWholeText(text: PricedText): Decimal {
  return times(priceOfFragment(text), text.fragments);
}
