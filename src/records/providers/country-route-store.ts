/** Which providers are tried first for texts to a country. */
import type { Db, Tx } from "../../platform/db.ts";

export interface CountryOrder {
  /** As in the table of rates: "33", or four digits where islands share a calling code. */
  countryPrefix: string;
  /** Names, the first tried first. */
  providers: readonly string[];
}

/** Of every country that has an order, those switched off as well: they are not available, and so passed over. */
export function listCountryOrders(db: Db): Promise<CountryOrder[]> {
  return db.query<CountryOrder>`
    select c.country_prefix, array_agg(p.name order by c.position) as providers
    from country_routes c join providers p on p.id = c.provider_id group by c.country_prefix order by c.country_prefix`;
}

/** Changes of one country's order come one after the other. Answers the names as they are. */
export async function lockCountryOrder(tx: Tx, countryPrefix: string): Promise<readonly string[]> {
  await tx.query`select pg_advisory_xact_lock(hashtext(${`country order ${countryPrefix}`}))`;
  const rows = await tx.query<{ name: string }>`
    select p.name from country_routes c join providers p on p.id = c.provider_id
    where c.country_prefix = ${countryPrefix} order by c.position`;
  return rows.map(({ name }) => name);
}

/** None named: the country is like any other. A name that no provider has is left out. */
export async function replaceCountryOrder(tx: Tx, { countryPrefix, providers }: CountryOrder): Promise<void> {
  await tx.query`delete from country_routes where country_prefix = ${countryPrefix}`;
  await tx.query`
    insert into country_routes (country_prefix, position, provider_id)
    select ${countryPrefix}, n.position, p.id
    from unnest(${providers}::text[]) with ordinality as n (name, position) join providers p on p.name = n.name`;
}
