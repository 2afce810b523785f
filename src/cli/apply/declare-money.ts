/** What a file may say of money: exact amounts in quotes, since a number of YAML would be a binary fraction. */
import { decimal, decimalText } from "../../core/price/decimal.ts";
import { parseAmount } from "../../flow/money/balance.ts";
import { parseDay, parsePrice, parsePricePrefix } from "../../flow/money/change-prices.ts";
import { flag, integer, object, optional, orNone, parsed, text } from "./read.ts";

const FRAGMENTS_MAX = 1_000_000_000;

const pounds = parsed((value) => {
  const amount = parseAmount(value);
  return amount && decimalText(decimal(amount)).replace(/\.0$/, "");
}, 'must be an amount in quotes, such as "250.50"');

export const BALANCE = object({ on: flag, credit_limit: optional(pounds), low_at: optional(orNone(pounds)) });

export const PRICE = object({
  prefix: parsed(
    parsePricePrefix,
    "must be a country's calling code in quotes, or the first digits of a network's numbers: \"3725\"",
  ),
  network: optional(text),
  from: parsed(parseDay, 'must be a date in quotes, such as "2026-06-01"'),
  fragments: optional(integer(0, FRAGMENTS_MAX)),
  price: parsed(parsePrice, 'must be a price in quotes, such as "0.031"'),
});
