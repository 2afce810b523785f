/** Which providers are tried first for texts to a country: read, tried out, and changed by platform administrators. */
import { inOrder } from "../../core/delivery/choose-route.ts";
import { type Country, listCountries } from "../../core/phone/international-rates.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";
import { Refusal } from "../../core/refusal.ts";
import {
  listCountryOrders,
  lockCountryOrder,
  replaceCountryOrder,
} from "../../records/providers/country-route-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { reasonProblems } from "./change-providers.ts";
import { listProviderHealth, type ProviderHealth, type RouteHealth } from "./provider-health.ts";

type Reader = Pick<App, "db" | "clock">;

export interface CountryRouting extends Country {
  /** The names of those that are tried first, in this order. */
  firstProviders: readonly string[];
}

/** Countries that have an order of their own, home first. */
export async function listCountryRouting({ db }: Pick<App, "db">): Promise<CountryRouting[]> {
  const orders = new Map((await listCountryOrders(db)).map((order) => [order.countryPrefix, order.providers]));
  return listCountries().flatMap((country) => {
    const firstProviders = orders.get(country.prefix);
    return firstProviders ? [{ ...country, firstProviders }] : [];
  });
}

export function getCountry(prefix: string): Country {
  const country = listCountries().find((one) => one.prefix === prefix);
  if (country) return country;
  throw new Refusal("not-found", "There is no such country");
}

/** Providers of texts, each with how it is: those that an order can name. */
export async function listTextProviders(app: Reader): Promise<ProviderHealth[]> {
  return (await listProviderHealth(app)).filter(({ channel, routes }) => channel === "sms" && routes.length > 0);
}

export interface CountryOrderChange {
  prefix: string;
  /** Names, the first tried first; none: the country is like any other. */
  providers: readonly string[];
  reason: string;
}

/** Workers follow within seconds. Fields: `providers`, `reason`. */
export async function changeCountryOrder(app: Reader, actor: Actor, change: CountryOrderChange): Promise<void> {
  const { prefix, providers } = change;
  const reason = change.reason.trim();
  const country = getCountry(prefix);
  refuseProblems(reasonProblems(reason));
  const known = new Set((await listTextProviders(app)).map(({ name }) => name));
  if (new Set(providers).size < providers.length)
    throw fieldRefusal("providers", "providers-twice", "Give each provider a place of its own");
  if (providers.some((name) => !known.has(name)))
    throw fieldRefusal("providers", "provider-unknown", "Choose among the providers that carry texts");
  await app.db.transaction(async (tx) => {
    const before = await lockCountryOrder(tx, prefix);
    if (before.join("\n") === providers.join("\n")) return;
    await replaceCountryOrder(tx, { countryPrefix: prefix, providers });
    await recordDeed(tx, actor, {
      action: "country-order.changed",
      subject: `texts to ${country.names.join(", ")}`,
      before: { providers: before },
      after: { providers, reason },
    });
  });
}

export interface TriedNumber {
  country: Country;
  isInternational: boolean;
  /** Those that are tried first, in this order; then all others, which share by weight. */
  first: readonly Way[];
  others: readonly Way[];
}

export interface Way {
  provider: ProviderHealth;
  route: RouteHealth;
}

/** Which ways a live text to a number could go, and what is tried first. Field: `number`. */
export async function tryNumber(app: Reader, typed: string): Promise<TriedNumber> {
  const number = parsePhoneNumber(typed);
  if (typeof number === "string") throw fieldRefusal("number", number, phoneProblemMessage(number));
  const country = getCountry(number.countryPrefix);
  const [providers, orders] = await Promise.all([listTextProviders(app), listCountryOrders(app.db)]);
  const ways = providers
    .filter(({ isActive }) => isActive)
    .flatMap((provider) => provider.routes.map((route) => ({ provider, route })))
    .filter(({ route }) => route.keyKinds.includes("live") && (route.carriesInternational || !number.international));
  const order = orders.find(({ countryPrefix }) => countryPrefix === country.prefix)?.providers ?? [];
  const options = ways.map((way) => ({
    ...way.route,
    provider: way.provider.name,
    weight: way.route.restingWeight,
    way,
  }));
  const first = inOrder(options, order).map(({ way }) => way);
  return { country, isInternational: number.international, first, others: ways.filter((way) => !first.includes(way)) };
}
