/** The providers this process is connected to, kept as the configuration says: a change starts, stops or replaces them within seconds. */

import { errorFields } from "../../platform/log.ts";
import type {
  ChatProvider,
  EmailProvider,
  LetterProvider,
  PrinterEvents,
  ProviderEvents,
  SmsProvider,
} from "../../providers/provider.ts";
import type { ProviderNews } from "../../records/providers/provider-health-store.ts";
import { listProviders, type ProviderRecord } from "../../records/providers/provider-store.ts";
import type { Channel } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { NO_ROUTING, type Routing, readRouting } from "../routing/routing.ts";
import { createFleetNews } from "./fleet-news.ts";

const CONFIGURATION_EVERY_MS = 2_000;

/** Main knows the particular providers; the flow is given a way to make one from its record. */
export type AnyProvider =
  | { channel: "sms"; provider: SmsProvider }
  | { channel: "email"; provider: EmailProvider }
  | { channel: "letter"; provider: LetterProvider }
  | { channel: "chat"; provider: ChatProvider };
export type MakeProvider = (record: ProviderRecord) => Promise<AnyProvider>;

export interface Fleet {
  find(name: string): AnyProvider | undefined;
  /** It is connected, whether or not it has room at this moment. */
  isConnected(name: string): boolean;
  /** How many messages of a channel could be handed over right now. */
  capacity(channel: Channel): number;
  /** As last read. */
  readonly routing: Routing;
  stop(): Promise<void>;
}

interface Member {
  version: string;
  made: AnyProvider;
  /** What it last said of itself. */
  news: { providerId: string; isAvailable: boolean; reason: string | undefined; changedAt: Date };
}

export interface FleetOptions {
  app: App;
  /** Told which providers there are, whenever they have been read. */
  onConfigured: (records: readonly ProviderRecord[]) => void;
  makeProvider: MakeProvider;
  eventsFor: (provider: string) => Omit<ProviderEvents & PrinterEvents, "availability">;
  /** A provider can take messages again, or no longer. */
  onAvailability: () => void;
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { app } = options;
  const members = new Map<string, Member>();
  const news = createFleetNews(app);
  const state: { routing: Routing; refreshing: Promise<void> | undefined } = {
    routing: NO_ROUTING,
    refreshing: undefined,
  };
  const refresh = (): Promise<void> => {
    state.refreshing ??= refreshFleet(options, members)
      .then((routing) => {
        state.routing = routing;
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
    isConnected: (name) => isConnected(members.get(name)),
    capacity: (channel) => totalCapacity(members, channel),
    get routing() {
      return state.routing;
    },
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

function isConnected(member: Member | undefined): boolean {
  return member !== undefined && (member.news.isAvailable || member.made.provider.capacity() > 0);
}

function totalCapacity(members: ReadonlyMap<string, Member>, channel: Channel): number {
  let total = 0;
  for (const { made } of members.values()) if (made.channel === channel) total += made.provider.capacity();
  return total;
}

async function refreshFleet(options: FleetOptions, members: Map<string, Member>): Promise<Routing> {
  const { app } = options;
  const [records, routing] = await Promise.all([
    listProviders(app.db, app.keys.master),
    readRouting(app.db, app.clock.now()),
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
  options.onConfigured([...wanted.values()]);
  for (const record of wanted.values()) if (!members.has(record.name)) await join(options, members, record);
  return routing;
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
        options.onAvailability();
      },
    });
  } catch (error) {
    log.error("provider.not-started", { provider: record.name, ...errorFields(error) });
  }
}

function versionOf(record: ProviderRecord): string {
  return `${record.id} ${record.updatedAt.toISOString()}`;
}
