/** What a provider charges, as platform administrators write it: its currency, and a price on each line. */
import { listCountries } from "../../core/phone/international-rates.ts";
import { networkCode } from "../../core/phone/network-facts.ts";
import { parseCurrency } from "../../core/price/home-money.ts";
import type { Charges } from "../../records/providers/price-store.ts";
import type { FieldProblem } from "../form-refusal.ts";
import { parsePrice } from "../money/change-prices.ts";

const PRICES_MAX = 2_000;

/** Fields: `currency`, `prices`. */
export function readCharges(form: { currency: string; prices: string }): Charges & { problems: FieldProblem[] } {
  const typed = form.currency.trim();
  const currency = typed === "" ? undefined : parseCurrency(typed);
  const prices = readPrices(form.prices);
  const wrong = (field: string, message: string) => ({ field, problem: "provider-setting-wrong", message });
  return {
    currency,
    prices: typeof prices === "string" ? {} : prices,
    problems: [
      ...(typed !== "" && currency === undefined
        ? [wrong("currency", "Enter the three letters of a currency, such as EUR, or nothing")]
        : []),
      ...(typeof prices === "string" ? [wrong("prices", prices)] : []),
    ],
  };
}

/** Or what is wrong with them. */
function readPrices(text: string): Record<string, string> | string {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  if (lines.length > PRICES_MAX) return `Enter up to ${PRICES_MAX} prices`;
  const prices: Record<string, string> = {};
  for (const line of lines) {
    const words = line.trim().split(/[\s,;:]+/);
    const [place, price] = [parsePricedPlace(words.slice(0, -1).join(" ")), parsePrice(words.at(-1) ?? "")];
    if (place === undefined || price === undefined)
      return "Enter a country’s calling code, a network’s code if it is for one network, and a price on each line, such as 372 0.041 or 372 24801 0.036";
    if (Object.hasOwn(prices, place)) return `Enter one price for ${place}`;
    prices[place] = price;
  }
  return prices;
}

/** parsePricedPlace("+372 24801") → "372 24801" */
export function parsePricedPlace(typed: string): string | undefined {
  const [prefix = "", network, ...more] = typed.trim().replace(/^\+/, "").split(/\s+/);
  const isCountry = listCountries().some((one) => one.prefix === prefix);
  if (!isCountry || more.length > 0) return undefined;
  if (network === undefined) return prefix;
  return networkCode(network) === undefined ? undefined : `${prefix} ${network}`;
}
