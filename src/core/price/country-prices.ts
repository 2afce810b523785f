/** What a text costs in each country, for a list or a calculator. */
import rates from "../phone/international-rates.json" with { type: "json" };
import { decimalText, times } from "./decimal.ts";
import { smsRateOn } from "./sms-rates.ts";

export interface CountryPrice {
  country: string;
  /** The calling code, or the four digits that set an island apart. */
  prefix: string;
  multiplier: number;
  /** Pounds for the whole text, exact, in decimal notation. */
  pounds: string;
}

const HOME: Omit<CountryPrice, "pounds"> = { country: "United Kingdom", prefix: "44", multiplier: 1 };

/** Home first, then by country. `at` decides the rate.  countryPrices(2, new Date("2026-06-01"))[0] → { pounds: "0.048", … } */
export function countryPrices(fragments: number, at: Date): CountryPrice[] {
  const rate = smsRateOn(at);
  const priced = (place: Omit<CountryPrice, "pounds">): CountryPrice => ({
    ...place,
    pounds: decimalText(times(rate, fragments * place.multiplier)),
  });
  const abroad = Object.entries(rates).flatMap(([prefix, { countries, multiplier }]) =>
    countries.map((country) => priced({ country, prefix, multiplier })),
  );
  return [priced(HOME), ...abroad.sort((a, b) => a.country.localeCompare(b.country, "en"))];
}
