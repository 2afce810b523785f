/** What a fragment costs a service in each country, by the price list where that says something: for the editor, which multiplies it. */
import { countryPrices } from "../../../core/price/country-prices.ts";
import { compareDecimals, type Decimal, decimal, decimalText, times } from "../../../core/price/decimal.ts";
import { priceOfFragment } from "../../../core/price/text-price.ts";
import type { ServiceVisit } from "../http/visit.ts";

/** Of one fragment, exact, in decimal notation. */
export interface TextPrices {
  home: string;
  /** The cheapest first. */
  abroad: readonly { unit: string; countries: string }[];
}

export async function textPricesOf(visit: ServiceVisit): Promise<TextPrices> {
  const places = countryPrices(1, visit.now);
  const priced: { country: string; unit: Decimal }[] = [];
  for (const { country, prefix, multiplier } of places)
    priced.push({ country, unit: await unitPriceOf(visit, { prefix, multiplier }) });
  const [home, ...abroad] = priced.map(({ country, unit }) => ({ country, unit: decimalText(unit) }));
  const units = [...new Set(abroad.map(({ unit }) => unit))];
  units.sort((a, b) => compareDecimals(decimal(a), decimal(b)));
  return {
    home: home?.unit ?? "0.0",
    abroad: units.map((unit) => {
      const alike = abroad.filter((one) => one.unit === unit);
      return { unit, countries: alike.map(({ country }) => country).join(", ") };
    }),
  };
}

/** Of a number of which nothing but its country is known. */
async function unitPriceOf(
  { app, service, now: createdAt }: ServiceVisit,
  { prefix, multiplier: rateMultiplier }: { prefix: string; multiplier: number },
): Promise<Decimal> {
  const unitPrice = await app.prices.listed(service, { digits: prefix, network: undefined, rateMultiplier });
  return priceOfFragment({ unitPrice, rateMultiplier, createdAt });
}

/** What a text of so many fragments costs at home now, as money. */
export async function homePrice(visit: ServiceVisit, fragments: number): Promise<string> {
  const [home] = countryPrices(1, visit.now);
  const unit = await unitPriceOf(visit, { prefix: home?.prefix ?? "", multiplier: home?.multiplier ?? 1 });
  return visit.formats.money(decimalText(times(unit, fragments)));
}
