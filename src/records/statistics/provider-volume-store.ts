/** Texts that providers were asked to carry, by the hour they were accepted in. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import type { Db, Tx } from "../../platform/db.ts";
import type { Days } from "./counted-days.ts";

export interface ProviderVolume {
  provider: string;
  rateMultiplier: number;
  messages: number;
  fragments: number;
  /** In which the provider charges; empty where nothing was priced. */
  currency: string;
  /** What it charges, in its currency, exact. */
  charged: string;
  /** The same in the deployment's currency, as far as there are rates. */
  cost: string;
  /** Fragments that have no price, or no rate: they are not in the cost. */
  unpricedFragments: number;
  /** Texts that may have been sent twice, the second time through this provider. */
  repeatedMessages: number;
  /** What it charges for these, in the deployment's currency. */
  repeatedCost: string;
}

/**
 * Puts new counts of an hour in the place of the old. Fewer texts than were there are those of an hour whose messages are being deleted:
 * what was counted stays.
 */
export async function replaceProviderVolumes(tx: Tx, hour: Date, volumes: readonly ProviderVolume[]): Promise<void> {
  if (volumes.length === 0) return;
  const [known] = await tx.query<{ messages: number }>`
    select coalesce(sum(v.messages), 0)::integer as messages from provider_volumes v where v.hour = ${hour}`;
  const messages = volumes.reduce((sum, volume) => sum + volume.messages, 0);
  if (messages < (known?.messages ?? 0)) return;
  await tx.query`delete from provider_volumes where hour = ${hour}`;
  await tx.query`
    insert into provider_volumes (hour, provider, rate_multiplier, messages, fragments, currency, charged, cost, unpriced_fragments,
      repeated_messages, repeated_cost)
    select ${hour}, v.provider, v.rate_multiplier, v.messages, v.fragments, v.currency, v.charged::numeric, v.cost::numeric, v.unpriced,
      v.repeated, v.repeated_cost::numeric
    from unnest(${volumes.map(({ provider }) => provider)}::text[],
      ${volumes.map(({ rateMultiplier }) => rateMultiplier)}::smallint[], ${volumes.map((volume) => volume.messages)}::integer[],
      ${volumes.map(({ fragments }) => fragments)}::integer[], ${volumes.map(({ currency }) => currency)}::text[],
      ${volumes.map(({ charged }) => charged)}::text[], ${volumes.map(({ cost }) => cost)}::text[],
      ${volumes.map((volume) => volume.unpricedFragments)}::integer[], ${volumes.map((volume) => volume.repeatedMessages)}::integer[],
      ${volumes.map(({ repeatedCost }) => repeatedCost)}::text[])
      as v (provider, rate_multiplier, messages, fragments, currency, charged, cost, unpriced, repeated, repeated_cost)`;
}

export type ProviderDay = ProviderVolume & { day: string };

/** By day at home, then by name. */
export function listProviderDays(db: Db, { first, last }: Days): Promise<ProviderDay[]> {
  return db.query<ProviderDay>`
    select (v.hour at time zone ${HOME_TIME_ZONE})::date::text as day, v.provider, v.rate_multiplier,
      sum(v.messages)::integer as messages, sum(v.fragments)::integer as fragments, v.currency,
      trim_scale(coalesce(sum(v.charged), 0))::text as charged, trim_scale(coalesce(sum(v.cost), 0))::text as cost,
      sum(case when v.cost is null then v.fragments else v.unpriced_fragments end)::integer as unpriced_fragments,
      sum(v.repeated_messages)::integer as repeated_messages, trim_scale(coalesce(sum(v.repeated_cost), 0))::text as repeated_cost
    from provider_volumes v
    where v.hour >= ${first}::date::timestamp at time zone ${HOME_TIME_ZONE}
      and v.hour < (${last}::date + 1)::timestamp at time zone ${HOME_TIME_ZONE}
    group by 1, v.provider, v.rate_multiplier, v.currency order by 1, v.provider, v.rate_multiplier, v.currency`;
}
