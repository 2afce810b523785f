/** What providers charge for one part of a text, by country and network: a cost, in a currency of theirs. Exact decimals, as text. */
import type { Db, Tx } from "../../platform/db.ts";

export interface ProviderPrice {
  provider: string;
  /** Undefined: the deployment's own. */
  currency?: string | undefined;
  countryPrefix: string;
  /** Country and network code (ITU-T E.212); undefined for all. */
  network?: string | undefined;
  /** "0.031" */
  price: string;
}

export function listProviderPrices(db: Db): Promise<ProviderPrice[]> {
  return db.query<ProviderPrice>`
    select p.name as provider, p.currency, c.country_prefix, nullif(c.network, '') as network, trim_scale(c.price)::text as price
    from provider_prices c join providers p on p.id = c.provider_id order by p.name, c.country_prefix, c.network`;
}

/** By calling code, or by calling code and network: `{ "372": "0.041", "372 24801": "0.036" }`. */
export type PricesByPlace = Readonly<Record<string, string>>;

export interface Charges {
  /** Undefined: the deployment's own. */
  currency: string | undefined;
  prices: PricesByPlace;
}

const NOTHING: Charges = { currency: undefined, prices: {} };

/** By provider; those that charge in the deployment's currency and have no prices are missing. */
export async function listCharges(db: Db): Promise<{ of(provider: string): Charges }> {
  const currencies = await db.query<{ name: string; currency: string | undefined }>`
    select p.name, p.currency from providers p`;
  const prices = await listProviderPrices(db);
  const charges = new Map(
    currencies.map(({ name, currency }) => {
      const own = prices.filter(({ provider }) => provider === name);
      return [name, { currency, prices: Object.fromEntries(own.map((one) => [placeName(one), one.price])) }];
    }),
  );
  return { of: (provider) => charges.get(provider) ?? NOTHING };
}

function placeName({ countryPrefix, network }: ProviderPrice): string {
  return network === undefined ? countryPrefix : `${countryPrefix} ${network}`;
}

/** The whole list takes the place of the one before. */
export async function replaceCharges(tx: Tx, providerId: string, { currency, prices }: Charges): Promise<void> {
  await tx.query`update providers set currency = ${currency ?? null} where id = ${providerId}`;
  await tx.query`delete from provider_prices where provider_id = ${providerId}`;
  const places = Object.keys(prices).map((place) => place.split(" "));
  await tx.query`
    insert into provider_prices (provider_id, country_prefix, network, price)
    select ${providerId}, n.country_prefix, n.network, n.price::numeric
    from unnest(${places.map(([prefix = ""]) => prefix)}::text[], ${places.map(([, network = ""]) => network)}::text[],
      ${Object.values(prices)}::text[]) as n (country_prefix, network, price)`;
}
