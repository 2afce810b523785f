/** The providers this process is connected to, kept as the configuration says: a change starts, stops or replaces them within seconds. */

import { errorFields } from "../../platform/log.ts";
import type {
  EmailProvider,
  LetterProvider,
  PrinterEvents,
  ProviderEvents,
  SmsProvider,
} from "../../providers/provider.ts";
import { listCountryOrders } from "../../records/providers/country-route-store.ts";
import type { ProviderNews } from "../../records/providers/provider-health-store.ts";
import {
  listProviders,
  listRoutes,
  type ProviderRecord,
  type RouteRecord,
} from "../../records/providers/provider-store.ts";
import type { Channel } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { createFleetNews } from "./fleet-news.ts";

const CONFIGURATION_EVERY_MS = 2_000;

/** Main knows the particular providers; the flow is given a way to make one from its record. */
export type AnyProvider =
  | { channel: "sms"; provider: SmsProvider }
  | { channel: "email"; provider: EmailProvider }
  | { channel: "letter"; provider: LetterProvider };
export type MakeProvider = (record: ProviderRecord) => Promise<AnyProvider>;

export interface Fleet {
  find(name: string): AnyProvider | undefined;
  isAvailable(name: string): boolean;
  /** How many messages of a channel could be handed over right now. */
  capacity(channel: Channel): number;
  routes(channel: Channel): readonly RouteRecord[];
  /** Providers that are tried first for texts to a country. */
  firstProviders(countryPrefix: string | undefined): readonly string[];
  stop(): Promise<void>;
}

/** What of the configuration a choice is made by. */
interface Configured {
  routes: readonly RouteRecord[];
  /** By the country's prefix. */
  orders: ReadonlyMap<string, readonly string[]>;
}

const NO_PROVIDERS: readonly string[] = [];

interface Member {
  version: string;
  made: AnyProvider;
  /** What it last said of itself. */
  news: { providerId: string; isAvailable: boolean; reason: string | undefined; changedAt: Date };
}

export interface FleetOptions {
  app: App;
  makeProvider: MakeProvider;
  eventsFor: (provider: string) => Omit<ProviderEvents & PrinterEvents, "availability">;
  /** A provider can take messages again. */
  onAvailable: () => void;
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { app } = options;
  const members = new Map<string, Member>();
  const news = createFleetNews(app);
  const state: Configured & { refreshing: Promise<void> | undefined } = {
    routes: [],
    orders: new Map(),
    refreshing: undefined,
  };
  const refresh = (): Promise<void> => {
    state.refreshing ??= refreshFleet(options, members)
      .then((configured) => {
        Object.assign(state, configured);
        return news.tell([...members.values()].map(newsOf));
      })
      .catch((error) => app.log.warn("fleet.configuration-not-read", errorFields(error)))
      .finally(() => {
        state.refreshing = undefined;
      });
    return state.refreshing;
  };
  await refresh();
  const timer = setInterval(refresh, CONFIGURATION_EVERY_MS);
  return {
    find: (name) => members.get(name)?.made,
    isAvailable: (name) => (members.get(name)?.made.provider.capacity() ?? 0) > 0,
    capacity: (channel) => totalCapacity(members, channel),
    routes: (channel) => state.routes.filter((route) => route.channel === channel),
    firstProviders: (countryPrefix = "") => state.orders.get(countryPrefix) ?? NO_PROVIDERS,
    stop: async () => {
      clearInterval(timer);
      await state.refreshing;
      await Promise.all([...members.values()].map((member) => member.made.provider.stop()));
      await news.end();
    },
  };
}

function newsOf({ made, news }: Member): ProviderNews {
  return { ...news, capacity: made.provider.capacity() };
}

function totalCapacity(members: ReadonlyMap<string, Member>, channel: Channel): number {
  let total = 0;
  for (const { made } of members.values()) if (made.channel === channel) total += made.provider.capacity();
  return total;
}

async function refreshFleet(options: FleetOptions, members: Map<string, Member>): Promise<Configured> {
  const { app } = options;
  const [records, routes, orders] = await Promise.all([
    listProviders(app.db, app.keys.master),
    listRoutes(app.db),
    listCountryOrders(app.db),
  ]);
  const wanted = new Map(records.filter((record) => record.isActive).map((record) => [record.name, record]));
  for (const [name, member] of members) {
    const record = wanted.get(name);
    if (record && versionOf(record) === member.version) continue;
    members.delete(name);
    void member.made.provider
      .stop()
      .catch((error) => app.log.warn("fleet.stop-failed", { provider: name, ...errorFields(error) }));
  }
  for (const record of wanted.values()) if (!members.has(record.name)) await join(options, members, record);
  return { routes, orders: new Map(orders.map(({ countryPrefix, providers }) => [countryPrefix, providers])) };
}

/** A provider whose settings cannot be used is left out and said so; the others sail on. */
async function join(options: FleetOptions, members: Map<string, Member>, record: ProviderRecord): Promise<void> {
  const { log, clock } = options.app;
  try {
    const made = await options.makeProvider(record);
    const news: Member["news"] = {
      providerId: record.id,
      isAvailable: false,
      reason: undefined,
      changedAt: clock.now(),
    };
    members.set(record.name, { version: versionOf(record), made, news });
    await made.provider.start({
      ...options.eventsFor(record.name),
      availability: (isAvailable, reason) => {
        Object.assign(news, { isAvailable, reason, changedAt: clock.now() });
        log.info(isAvailable ? "provider.available" : "provider.unavailable", { provider: record.name, reason });
        if (isAvailable) options.onAvailable();
      },
    });
  } catch (error) {
    log.error("provider.not-started", { provider: record.name, ...errorFields(error) });
  }
}

function versionOf(record: ProviderRecord): string {
  return `${record.id} ${record.updatedAt.toISOString()}`;
}
