/** The price list of the deployment, as platform administrators write it. */
import type { PriceRow } from "../../core/price/price-list.ts";
import type { Db, Tx } from "../../platform/db.ts";

export const PRICES_MAX = 5_000;

/** By beginning and network, then the latest first. */
export function listPrices(db: Db): Promise<PriceRow[]> {
  return db.query<PriceRow>`
    select p.prefix, nullif(p.network, '') as network, p.valid_from::text as valid_from, p.from_fragments, trim_scale(p.price)::text as price, p.label
    from prices p order by p.prefix, p.network, p.valid_from desc, p.from_fragments limit ${PRICES_MAX}`;
}

export async function putPrice(
  tx: Tx,
  { prefix, network = "", validFrom, fromFragments, price, label }: PriceRow,
): Promise<void> {
  await tx.query`
    insert into prices (prefix, network, valid_from, from_fragments, price, label)
    values (${prefix}, ${network}, ${validFrom}::date, ${fromFragments}, ${price}::numeric, ${label})
    on conflict (prefix, network, valid_from, from_fragments) do update set price = excluded.price, label = excluded.label`;
}

export type PriceName = Pick<PriceRow, "prefix" | "network" | "validFrom" | "fromFragments">;

/** What was removed, if it was there. */
export async function deletePrice(
  tx: Tx,
  { prefix, network = "", validFrom, fromFragments }: PriceName,
): Promise<PriceRow | undefined> {
  const [removed] = await tx.query<PriceRow>`
    delete from prices where prefix = ${prefix} and network = ${network} and valid_from = ${validFrom}::date and from_fragments = ${fromFragments}
    returning prefix, nullif(network, '') as network, valid_from::text as valid_from, from_fragments, trim_scale(price)::text as price, label`;
  return removed;
}
