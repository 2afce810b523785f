/** What providers charge, as it is on a day, in their currencies and at home. */
import { type CarrierPrices, carrierPrices } from "../../core/price/carrier-prices.ts";
import { exchangeRates } from "../../core/price/exchange-rates.ts";
import type { Db } from "../../platform/db.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import { listExchangeRates } from "../../records/prices/exchange-rate-store.ts";
import { listProviderPrices, type ProviderPrice } from "../../records/providers/price-store.ts";

export interface CarrierCharges {
  /** Of the home. */
  currency: string;
  rows: readonly (ProviderPrice & { currency: string })[];
  /** By the rates of a day, "2026-06-01". */
  on(day: string): CarrierPrices;
}

export async function readCarrierCharges(db: Db): Promise<CarrierCharges> {
  const [home, rates, prices] = await Promise.all([getHomeMoney(db), listExchangeRates(db), listProviderPrices(db)]);
  const { currency } = home;
  const rows = prices.map((row) => ({ ...row, currency: row.currency ?? currency }));
  const known = exchangeRates(rates, currency);
  return { currency, rows, on: (day) => carrierPrices(rows, known, day) };
}

export interface UnratedProvider {
  provider: string;
  currency: string;
}

/** Providers with prices in a currency for which there is no rate: routes by price take them last. */
export async function listUnrated(db: Db, day: string): Promise<UnratedProvider[]> {
  const charges = await readCarrierCharges(db);
  const prices = charges.on(day);
  const unrated = charges.rows.filter((row) => {
    const { provider, countryPrefix, network } = row;
    return prices.of(provider, { countryPrefix, network })?.atHome === undefined;
  });
  const byProvider = new Map(unrated.map(({ provider, currency }) => [provider, { provider, currency }]));
  return [...byProvider.values()];
}
