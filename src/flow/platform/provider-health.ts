/** How providers are, put together from what processes say, what messages tell, and the routes that lead to them. */

import type { Standing } from "../../core/routing/choose-route.ts";
import type { Circuit } from "../../core/routing/circuit.ts";
import { type Canary, listLatestCanaries } from "../../records/providers/canary-store.ts";
import { listCircuits } from "../../records/providers/circuit-store.ts";
import {
  type AttemptProblem,
  countFailedAttempts,
  countProviderMessages,
  listProviderNews,
  listProviderSummaries,
  type ProcessNews,
  type ProviderCounts,
  type ProviderSummary,
} from "../../records/providers/provider-health-store.ts";
import { listRoutes, type RouteRecord } from "../../records/routes/route-store.ts";
import type { App } from "../app.ts";
import { SILENT_AFTER_MS } from "../dispatch/fleet-news.ts";

/** `off`: switched off. `unseen`: switched on, and no process says anything of it. */
export type ConnectionState = "connected" | "partly-connected" | "disconnected" | "unseen" | "off";

export interface ProviderHealth extends ProviderSummary {
  state: ConnectionState;
  /** How many messages it could take now, over all processes. */
  capacity: number;
  /** Since when it has been so, where every process says the same. */
  changedAt: Date | undefined;
  /** What it said when it went away. */
  reason: string | undefined;
  /** Whether its health lets it have messages; undefined for one that has always been well. */
  circuit: Circuit | undefined;
  /** Of the last hour; undefined when it was given no message. */
  counts: ProviderCounts | undefined;
  /** Attempts of the last hour that it did not take. */
  problems: readonly AttemptProblem[];
  routes: readonly RouteRecord[];
}

export async function listProviderHealth({ db, clock }: Pick<App, "db" | "clock">): Promise<ProviderHealth[]> {
  const now = clock.now();
  const [providers, news, counts, problems, routes, circuits] = await Promise.all([
    listProviderSummaries(db),
    listProviderNews(db, new Date(now.getTime() - SILENT_AFTER_MS)),
    countProviderMessages(db, now),
    countFailedAttempts(db, now),
    listRoutes(db),
    listCircuits(db),
  ]);
  return providers.map((provider) => ({
    ...provider,
    ...connectionOf(
      provider,
      news.filter(({ providerId }) => providerId === provider.id),
    ),
    circuit: circuits.find(({ providerId }) => providerId === provider.id),
    counts: counts.find((one) => one.provider === provider.name),
    problems: problems.filter((one) => one.provider === provider.name),
    routes: routes.filter(({ providerId }) => providerId === provider.id),
  }));
}

type Connection = Pick<ProviderHealth, "state" | "capacity" | "changedAt" | "reason">;

/** Of several processes each has connections of its own. */
export function connectionOf(
  { isActive }: Pick<ProviderSummary, "isActive">,
  news: readonly ProcessNews[],
): Connection {
  const capacity = news.reduce((sum, one) => sum + one.capacity, 0);
  const up = news.filter(({ isAvailable }) => isAvailable).length;
  const [latest] = news.toSorted((a, b) => b.changedAt.getTime() - a.changedAt.getTime());
  const reason = news.find(({ isAvailable }) => !isAvailable)?.reason;
  const told = { capacity, changedAt: latest?.changedAt, reason };
  if (!isActive) return { ...told, state: "off" };
  if (news.length === 0) return { ...told, state: "unseen" };
  if (up === news.length) return { ...told, state: "connected" };
  return { ...told, state: up > 0 ? "partly-connected" : "disconnected" };
}

export interface ProviderState extends ProviderSummary {
  state: ConnectionState;
  circuit: Circuit | undefined;
  /** Newest first; none where no test numbers are set. */
  canaries: readonly Canary[];
}

/** How the providers that are switched on are, without counting messages. */
export async function listProviderStates({ db, clock }: Pick<App, "db" | "clock">): Promise<ProviderState[]> {
  const [providers, news, circuits, canaries] = await Promise.all([
    listProviderSummaries(db),
    listProviderNews(db, new Date(clock.now().getTime() - SILENT_AFTER_MS)),
    listCircuits(db),
    listLatestCanaries(db),
  ]);
  return providers
    .filter(({ isActive }) => isActive)
    .map((provider) => {
      const isOwn = ({ providerId }: { providerId: string }) => providerId === provider.id;
      const { state } = connectionOf(provider, news.filter(isOwn));
      return { ...provider, state, circuit: circuits.find(isOwn), canaries: canaries.filter(isOwn) };
    });
}

/** By provider, for whoever is no worker itself. While no worker says anything of one, it is taken to be well. */
export async function listStandings({ db, clock }: Pick<App, "db" | "clock">): Promise<Map<string, Standing>> {
  const [providers, news, circuits] = await Promise.all([
    listProviderSummaries(db),
    listProviderNews(db, new Date(clock.now().getTime() - SILENT_AFTER_MS)),
    listCircuits(db),
  ]);
  return new Map(
    providers.map((provider) => {
      const own = news.filter(({ providerId }) => providerId === provider.id);
      const share = circuits.find(({ providerId }) => providerId === provider.id)?.share ?? 1;
      const isAway = connectionOf(provider, own).state === "disconnected";
      return [provider.name, isAway ? AWAY : { ...READY, share }];
    }),
  );
}

const READY = { kind: "ready", share: 1, wantsProbe: false } as const;
const AWAY: Standing = { kind: "away" };
