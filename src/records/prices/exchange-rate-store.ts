/** What other currencies are in the installation's own, as platform administrators write it. */
import type { ExchangeRate } from "../../core/price/exchange-rates.ts";
import type { Db, Tx } from "../../platform/db.ts";

export const EXCHANGE_RATES_MAX = 5_000;

/** By currency, then the latest first. */
export function listExchangeRates(db: Db): Promise<ExchangeRate[]> {
  return db.query<ExchangeRate>`
    select r.currency, r.valid_from::text as valid_from, trim_scale(r.rate)::text as rate
    from exchange_rates r order by r.currency, r.valid_from desc limit ${EXCHANGE_RATES_MAX}`;
}

export async function putExchangeRate(tx: Tx, { currency, validFrom, rate }: ExchangeRate): Promise<void> {
  await tx.query`
    insert into exchange_rates (currency, valid_from, rate) values (${currency}, ${validFrom}::date, ${rate}::numeric)
    on conflict (currency, valid_from) do update set rate = excluded.rate`;
}

export type ExchangeRateName = Pick<ExchangeRate, "currency" | "validFrom">;

/** What was removed, if it was there. */
export async function deleteExchangeRate(
  tx: Tx,
  { currency, validFrom }: ExchangeRateName,
): Promise<ExchangeRate | undefined> {
  const [removed] = await tx.query<ExchangeRate>`
    delete from exchange_rates where currency = ${currency} and valid_from = ${validFrom}::date
    returning currency, valid_from::text as valid_from, trim_scale(rate)::text as rate`;
  return removed;
}
