/** What providers charge for one part of a text: by network where one is known and has a price, else by country; and what that is at home. */
import { type Decimal, decimal } from "./decimal.ts";
import type { ExchangeRates } from "./exchange-rates.ts";
import { MONEY_DECIMALS } from "./home-money.ts";
import { moneyWords } from "./money-words.ts";

export interface CarrierPriceRow {
  provider: string;
  /** In which it charges. */
  currency: string;
  countryPrefix: string;
  /** Country and network code (ITU-T E.212); undefined for all. */
  network?: string | undefined;
  /** "0.031" */
  price: string;
}

export interface CarrierPrice {
  amount: Decimal;
  currency: string;
  /** In the home's currency; undefined where there is no rate for its own. */
  atHome: Decimal | undefined;
  /** The same in millionths, to be compared for every message: prices have no more than six decimals, so that this is exact. */
  millionths: number | undefined;
}

export interface CarriedPlace {
  countryPrefix: string;
  network: string | undefined;
}

export interface CarrierPrices {
  /** Undefined: it has no price there. */
  of(provider: string, place: CarriedPlace): CarrierPrice | undefined;
  /** Undefined: it has no prices. */
  currencyOf(provider: string): string | undefined;
}

/** For commands: "€0.031 (£0.02666)".  chargeWords(undefined, "GBP") → "price not known" */
export function chargeWords(price: CarrierPrice | undefined, home: string): string {
  if (price === undefined) return "price not known";
  const { amount, currency, atHome } = price;
  const own = moneyWords(amount, currency);
  if (currency === home) return own;
  return `${own} (${atHome ? moneyWords(atHome, home) : "no exchange rate"})`;
}

/** As they are on one day. */
export function carrierPrices(rows: readonly CarrierPriceRow[], rates: ExchangeRates, day: string): CarrierPrices {
  const byProvider = new Map<string, Map<string, CarrierPrice>>();
  for (const { provider, currency, countryPrefix, network, price } of rows) {
    const own = byProvider.get(provider) ?? new Map<string, CarrierPrice>();
    const amount = decimal(price);
    const atHome = rates.atHome(amount, { currency, day });
    own.set(keyOf(countryPrefix, network), { amount, currency, atHome, millionths: atHome && millionthsOf(atHome) });
    byProvider.set(provider, own);
  }
  return {
    of: (provider, { countryPrefix, network }) => {
      const own = byProvider.get(provider);
      const ofNetwork = network === undefined ? undefined : own?.get(keyOf(countryPrefix, network));
      return ofNetwork ?? own?.get(countryPrefix);
    },
    currencyOf: (provider) => byProvider.get(provider)?.values().next().value?.currency,
  };
}

function millionthsOf({ units, decimals }: Decimal): number {
  return Number((units * 10n ** BigInt(MONEY_DECIMALS)) / 10n ** BigInt(decimals));
}

function keyOf(countryPrefix: string, network: string | undefined): string {
  return network === undefined ? countryPrefix : `${countryPrefix} ${network}`;
}
