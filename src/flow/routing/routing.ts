/** What messages are routed by, as it is set up: the rules, and what providers charge. Read anew every few seconds where messages are sent. */
import type { RouteRule } from "../../core/routing/route-rule.ts";
import type { Db } from "../../platform/db.ts";
import { listProviderPrices, type ProviderPrice } from "../../records/providers/price-store.ts";
import { listRoutes, type RouteRecord, ruleOf } from "../../records/routes/route-store.ts";
import type { Channel } from "../../records/services/service.ts";

/** Prices have six decimals: so many to one unit of the currency. */
const PRICE_UNITS = 1_000_000;
const NO_ROUTES: readonly RoutingRule[] = [];

export type RoutingRule = Omit<RouteRecord, "times"> & RouteRule;

export interface Routing {
  /** Those to providers that are switched on, in the order in which they are asked. */
  routes(channel: Channel): readonly RoutingRule[];
  /** In millionths of the currency for one part of a text. */
  price(provider: string, countryPrefix: string | undefined): number | undefined;
}

export const NO_ROUTING: Routing = { routes: () => NO_ROUTES, price: () => undefined };

export async function readRouting(db: Db): Promise<Routing> {
  const [routes, prices] = await Promise.all([listRoutes(db), listProviderPrices(db)]);
  const active = routes.filter(({ isActive }) => isActive).map(ruleOf);
  const of = (channel: Channel) => active.filter((route) => route.channel === channel);
  const byChannel = { sms: of("sms"), email: of("email"), letter: of("letter"), chat: of("chat") };
  const table = priceTable(prices);
  return {
    routes: (channel) => byChannel[channel],
    price: (provider, countryPrefix = "") => table.get(provider)?.get(countryPrefix),
  };
}

function priceTable(prices: readonly ProviderPrice[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const table = new Map<string, Map<string, number>>();
  for (const { provider, countryPrefix, price } of prices) {
    const own = table.get(provider) ?? new Map<string, number>();
    table.set(provider, own.set(countryPrefix, Math.round(Number(price) * PRICE_UNITS)));
  }
  return table;
}
