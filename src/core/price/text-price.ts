/** What one fragment of a text costs, and the whole of it: by the price list where it says something, else by the house rates. */
import { type Decimal, times } from "./decimal.ts";
import { smsRateOn } from "./sms-rates.ts";

export interface PricedText {
  fragments: number;
  rateMultiplier: number;
  /** The listed price of one fragment; undefined for the house rate. */
  unitPrice: Decimal | undefined;
  createdAt: Date;
}

export function priceOfFragment({ unitPrice, rateMultiplier, createdAt }: Omit<PricedText, "fragments">): Decimal {
  return unitPrice ?? times(smsRateOn(createdAt), rateMultiplier);
}

/** Exact: a price is multiplied by whole fragments alone, so nothing is ever rounded. */
export function priceOfWholeText(text: PricedText): Decimal {
  return times(priceOfFragment(text), text.fragments);
}
