/** What this installation charges in, and whether anything is kept in it already. */
import { decimal, decimalText } from "../../core/price/decimal.ts";
import { type HomeMoney, POUNDS } from "../../core/price/home-money.ts";
import type { Db, Tx } from "../../platform/db.ts";

export async function getHomeMoney(db: Db): Promise<HomeMoney> {
  const [row] = await db.query<{ currency: string | undefined; pound: string | undefined }>`
    select d.settings ->> 'currency' as currency, d.settings ->> 'pound' as pound from deployment d`;
  const { currency = POUNDS.currency, pound } = row ?? {};
  return { currency, pound: pound === undefined ? POUNDS.pound : decimal(pound) };
}

export async function setHomeMoney(tx: Tx, { currency, pound }: HomeMoney): Promise<void> {
  const rows = await tx.query<{ id: string }>`
    update deployment set settings = settings || ${JSON.stringify({ currency, pound: decimalText(pound) })}::jsonb returning id`;
  if (rows.length === 0) throw new Error("the deployment row is missing");
}

/** What there is in the home's currency. */
export interface KeptAmounts {
  /** Live or team keys have sent what is charged for: that cannot be taken back. */
  hasCharged: boolean;
  /** Money has come into a balance, or gone: entries are only added. */
  hasBalances: boolean;
  hasPrices: boolean;
  hasProviderPrices: boolean;
  hasExchangeRates: boolean;
  /** Budgets and limits of services, guards that count what is spent, alerts about balances. */
  hasLimits: boolean;
}

/** What was accepted from `since` on is looked at one by one, since it is not counted yet. */
export async function findKeptAmounts(tx: Tx, since: { id: string }): Promise<KeptAmounts> {
  const [kept] = await tx.query<KeptAmounts>`
    select
      exists (select from daily_statistics s where s.channel <> 'email' and s.key_kind <> 'test')
        or exists (select from hourly_statistics s where s.channel <> 'email' and s.key_kind <> 'test')
        or exists (select from notifications n where n.id >= ${since.id} and n.channel <> 'email' and n.key_kind <> 'test') as has_charged,
      exists (select from balance_entries)
        or exists (select from organisation_balances b where b.credit_limit > 0 or b.low_at is not null) as has_balances,
      exists (select from prices)
        or exists (select from deployment d where coalesce(d.settings -> 'chatPrices', '{}') <> '{}') as has_prices,
      exists (select from provider_prices c join providers p on p.id = c.provider_id where p.currency is null) as has_provider_prices,
      exists (select from exchange_rates) as has_exchange_rates,
      exists (select from services s
          where s.monthly_budget is not null or s.daily_spend_limit is not null or s.release_above_pounds > 0)
        or exists (select from flood_rules f where f.counts_by = 'spend')
        or exists (select from alert_rules a where a.kind = 'balance') as has_limits`;
  if (!kept) throw new Error("a query without rows");
  return kept;
}
