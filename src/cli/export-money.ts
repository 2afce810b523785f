/** What a file says of money: currency, prices, what providers charge, and the rules of balances. */
import { decimalText } from "../core/price/decimal.ts";
import { isInPounds } from "../core/price/home-money.ts";
import type { Db } from "../platform/db.ts";
import { listBalances } from "../records/balances/balance-store.ts";
import { getHomeMoney } from "../records/deployment/home-money.ts";
import type { Organisation } from "../records/organisations/organisation-store.ts";
import { listExchangeRates } from "../records/prices/exchange-rate-store.ts";
import { listPrices } from "../records/prices/price-list-store.ts";
import { NONE } from "./apply/read.ts";

export async function currencyOf(db: Db) {
  const home = await getHomeMoney(db);
  return { currency: home.currency, ...(isInPounds(home) ? {} : { pound: decimalText(home.pound) }) };
}

/** A balance's rules, where there is one; what is in it stays here. */
export async function organisationsOf(db: Db, organisations: readonly Organisation[]) {
  const balances = new Map((await listBalances(db)).map((balance) => [balance.organisationId, balance]));
  return organisations.map(({ id, name }) => {
    const balance = balances.get(id);
    if (!balance) return { id, name };
    const { isOn, creditLimit, lowAt } = balance;
    return { id, name, balance: { on: isOn, credit_limit: creditLimit, low_at: lowAt ?? NONE } };
  });
}

export async function pricesOf(db: Db) {
  return (await listPrices(db)).map(({ prefix, network, label, validFrom, fromFragments, price }) => {
    const code = network === undefined ? {} : { network_code: network };
    return {
      prefix,
      ...code,
      ...(label === "" ? {} : { network: label }),
      from: validFrom,
      fragments: fromFragments,
      price,
    };
  });
}

export async function exchangeRatesOf(db: Db) {
  return (await listExchangeRates(db)).map(({ currency, validFrom: from, rate }) => ({ currency, from, rate }));
}
