/** What providers charge for one part of a text, by country: a cost, in the currency of the deployment. Exact decimals, as text. */
import type { Db, Tx } from "../../platform/db.ts";

export interface ProviderPrice {
  provider: string;
  countryPrefix: string;
  /** "0.031" */
  price: string;
}

export function listProviderPrices(db: Db): Promise<ProviderPrice[]> {
  return db.query<ProviderPrice>`
    select p.name as provider, c.country_prefix, trim_scale(c.price)::text as price
    from provider_prices c join providers p on p.id = c.provider_id order by p.name, c.country_prefix`;
}

/** The whole list takes the place of the one before. */
export async function replaceProviderPrices(
  tx: Tx,
  providerId: string,
  prices: Readonly<Record<string, string>>,
): Promise<void> {
  await tx.query`delete from provider_prices where provider_id = ${providerId}`;
  await tx.query`
    insert into provider_prices (provider_id, country_prefix, price)
    select ${providerId}, n.country_prefix, n.price::numeric
    from unnest(${Object.keys(prices)}::text[], ${Object.values(prices)}::text[]) as n (country_prefix, price)`;
}
