/** What messages are routed by, as it is set up: the rules, and what providers charge. Read anew every few seconds where messages are sent. */
import { dayOf } from "../../core/calendar/home-day.ts";
import type { CarriedPlace, CarrierPrice } from "../../core/price/carrier-prices.ts";
import { POUNDS } from "../../core/price/home-money.ts";
import type { RouteRule } from "../../core/routing/route-rule.ts";
import type { Db } from "../../platform/db.ts";
import { listRoutes, type RouteRecord, ruleOf } from "../../records/routes/route-store.ts";
import type { Channel } from "../../records/services/service.ts";
import { readCarrierCharges } from "../money/carrier-charges.ts";

const NO_ROUTES: readonly RoutingRule[] = [];

export type RoutingRule = Omit<RouteRecord, "times"> & RouteRule;

export interface Routing {
  /** Those to providers that are switched on, in the order in which they are asked. */
  routes(channel: Channel): readonly RoutingRule[];
  /** For one part of a text there; undefined where nothing is known of it. */
  price(provider: string, place: CarriedPlace): CarrierPrice | undefined;
  /** Of the home, in which prices are compared. */
  currency: string;
}

export const NO_ROUTING: Routing = { routes: () => NO_ROUTES, price: () => undefined, currency: POUNDS.currency };

/** Of a moment, whose day's exchange rates hold. */
export async function readRouting(db: Db, now: Date): Promise<Routing> {
  const [routes, charges] = await Promise.all([listRoutes(db), readCarrierCharges(db)]);
  const active = routes.filter(({ isActive }) => isActive).map(ruleOf);
  const of = (channel: Channel) => active.filter((route) => route.channel === channel);
  const byChannel = { sms: of("sms"), email: of("email"), letter: of("letter"), chat: of("chat") };
  const prices = charges.on(dayOf(now));
  return {
    routes: (channel) => byChannel[channel],
    price: prices.of,
    currency: charges.currency,
  };
}
