/** How providers are, put together from what processes say, what messages tell, and the routes that lead to them. */

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
import { listAllRoutes, type StoredRoute } from "../../records/providers/provider-write-store.ts";
import type { App } from "../app.ts";
import { SILENT_AFTER_MS } from "../dispatch/fleet-news.ts";

/** `off`: switched off. `unseen`: switched on, and no process says anything of it. */
export type ConnectionState = "connected" | "partly-connected" | "disconnected" | "unseen" | "off";

export interface RouteHealth extends StoredRoute {
  /** Of the live messages of its channel that may go this way, while all is well: 0 to 1. */
  share: number;
}

export interface ProviderHealth extends ProviderSummary {
  state: ConnectionState;
  /** How many messages it could take now, over all processes. */
  capacity: number;
  /** Since when it has been so, where every process says the same. */
  changedAt: Date | undefined;
  /** What it said when it went away. */
  reason: string | undefined;
  /** Of the last hour; undefined when it was given no message. */
  counts: ProviderCounts | undefined;
  /** Attempts of the last hour that it did not take. */
  problems: readonly AttemptProblem[];
  routes: readonly RouteHealth[];
}

export async function listProviderHealth({ db, clock }: Pick<App, "db" | "clock">): Promise<ProviderHealth[]> {
  const now = clock.now();
  const [providers, news, counts, problems, routes] = await Promise.all([
    listProviderSummaries(db),
    listProviderNews(db, new Date(now.getTime() - SILENT_AFTER_MS)),
    countProviderMessages(db, now),
    countFailedAttempts(db, now),
    listAllRoutes(db),
  ]);
  const active = new Set(providers.filter(({ isActive }) => isActive).map(({ id }) => id));
  return providers.map((provider) => ({
    ...provider,
    ...connectionOf(
      provider,
      news.filter(({ providerId }) => providerId === provider.id),
    ),
    counts: counts.find((one) => one.provider === provider.name),
    problems: problems.filter((one) => one.provider === provider.name),
    routes: routes
      .filter(({ providerId }) => providerId === provider.id)
      .map((route) => ({ ...route, share: shareOf(route, { routes, active }) })),
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

/** Live messages within the country are shared among the active routes of the channel by weight. */
export function shareOf(
  route: StoredRoute,
  { routes, active }: { routes: readonly StoredRoute[]; active: ReadonlySet<string> },
): number {
  const isInPlay = (one: StoredRoute) =>
    one.channel === route.channel && one.keyKinds.includes("live") && active.has(one.providerId);
  if (!isInPlay(route)) return 0;
  const total = routes.filter(isInPlay).reduce((sum, { restingWeight }) => sum + restingWeight, 0);
  return total === 0 ? 0 : route.restingWeight / total;
}
