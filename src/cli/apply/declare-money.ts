/** What a file may say of money: exact amounts in quotes, since a number of YAML would be a binary fraction. */
import { networkCode } from "../../core/phone/network-facts.ts";
import { decimal, decimalText } from "../../core/price/decimal.ts";
import { parseCurrency } from "../../core/price/home-money.ts";
import { parseAmount } from "../../flow/money/balance.ts";
import { parseRate } from "../../flow/money/change-exchange-rates.ts";
import { parseDay, parsePrice, parsePricePrefix } from "../../flow/money/change-prices.ts";
import { parsePricedPlace } from "../../flow/platform/provider-charges.ts";
import { flag, integer, object, optional, orNone, parsed, type Read, recordOf, refuseAt, text } from "./read.ts";

const FRAGMENTS_MAX = 1_000_000_000;

const money = parsed((value) => {
  const amount = parseAmount(value);
  return amount && decimalText(decimal(amount)).replace(/\.0$/, "");
}, 'must be an amount in quotes, such as "250.50"');

export const BALANCE = object({ on: flag, credit_limit: optional(money), low_at: optional(orNone(money)) });

export const PRICE = object({
  prefix: parsed(
    parsePricePrefix,
    "must be a country's calling code in quotes, or the first digits of a network's numbers: \"3725\"",
  ),
  network: optional(text),
  network_code: optional(
    parsed(networkCode, 'must be a country code and a network code together, in quotes, such as "24801"'),
  ),
  from: parsed(parseDay, 'must be a date in quotes, such as "2026-06-01"'),
  fragments: optional(integer(0, FRAGMENTS_MAX)),
  price: parsed(parsePrice, 'must be a price in quotes, such as "0.031"'),
});

export const CURRENCY = parsed(parseCurrency, "must be the three letters of a currency, such as EUR");

/** What one unit of it is in the installation's own currency. */
export const EXCHANGE_RATE = object({
  currency: CURRENCY,
  from: parsed(parseDay, 'must be a date in quotes, such as "2026-06-01"'),
  rate: parsed(parseRate, 'must be a rate in quotes, such as "0.8612"'),
});

/** By calling code, or calling code and network ("372 24801"), exact: a number of YAML would be a binary fraction. */
export const pricesByPlace: Read<Record<string, string>> = (place) => {
  const prices = recordOf(
    parsed(
      (value) => (/^\d{1,5}(\.\d{1,6})?$/.test(value) ? value : undefined),
      'must be a price in quotes, such as "0.031"',
    ),
  )(place);
  const unknown = Object.keys(prices).find((name) => parsePricedPlace(name) !== name);
  if (unknown !== undefined)
    refuseAt(
      { ...place, path: [...place.path, unknown] },
      "is not a country's calling code, nor one with a network's code behind it (\"372 24801\")",
    );
  return Object.fromEntries(Object.entries(prices).map(([prefix, price]) => [prefix, plainPrice(price)]));
};

/** As the database writes it.  "0.0310" → "0.031", "2.00" → "2" */
function plainPrice(text: string): string {
  return decimalText(decimal(text)).replace(/\.0$/, "");
}
