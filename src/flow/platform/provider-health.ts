/** How providers are, put together from what processes say, what messages tell, and the routes that lead to them. */

import type { Standing } from "../../core/routing/choose-route.ts";
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
  /** Of the last hour; undefined when it was given no message. */
  counts: ProviderCounts | undefined;
  /** Attempts of the last hour that it did not take. */
  problems: readonly AttemptProblem[];
  routes: readonly RouteRecord[];
}

export async function listProviderHealth({ db, clock }: Pick<App, "db" | "clock">): Promise<ProviderHealth[]> {
  const now = clock.now();
  const [providers, news, counts, problems, routes] = await Promise.all([
    listProviderSummaries(db),
    listProviderNews(db, new Date(now.getTime() - SILENT_AFTER_MS)),
    countProviderMessages(db, now),
    countFailedAttempts(db, now),
    listRoutes(db),
  ]);
  return providers.map((provider) => ({
    ...provider,
    ...connectionOf(
      provider,
      news.filter(({ providerId }) => providerId === provider.id),
    ),
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

/** By provider, for whoever is no worker itself. While no worker says anything of one, it is taken to be well. */
export async function listStandings({ db, clock }: Pick<App, "db" | "clock">): Promise<Map<string, Standing>> {
  const [providers, news] = await Promise.all([
    listProviderSummaries(db),
    listProviderNews(db, new Date(clock.now().getTime() - SILENT_AFTER_MS)),
  ]);
  return new Map(
    providers.map((provider) => {
      const own = news.filter(({ providerId }) => providerId === provider.id);
      return [provider.name, connectionOf(provider, own).state === "disconnected" ? AWAY : READY];
    }),
  );
}

const READY: Standing = { kind: "ready", share: 1, wantsProbe: false };
const AWAY: Standing = { kind: "away" };
