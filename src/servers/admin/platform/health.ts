/** `/platform/health`: whether everything runs, what waits, and which versions these are. */

import { listProviderStates, type ProviderState } from "../../../flow/platform/provider-health.ts";
import { productVersion } from "../../../platform/product-version.ts";
import { type QueueStats, queueStats } from "../../../platform/queue.ts";
import {
  listProcesses,
  type ProcessFacts,
  readServerFacts,
  type ServerFacts,
} from "../../../records/deployment/installation-store.ts";
import { findSchemaVersion } from "../../../records/deployment/status-store.ts";
import { listRuns, type UpkeepRun } from "../../../records/upkeep/upkeep-run-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type CanaryWords, type CircuitWords, canaryWords, circuitWords } from "./circuit-words.ts";

const BYTES_PER_MEGABYTE = 1_000_000;

interface ShownProvider extends ProviderState {
  stateText: string;
  circuitWords: CircuitWords;
  canaryWords: CanaryWords | undefined;
}

interface HealthData {
  providers: readonly ShownProvider[];
  processes: readonly ProcessFacts[];
  queues: readonly (QueueStats & { oldestReady: number })[];
  runs: readonly (Omit<UpkeepRun, "counts"> & { did: string })[];
  database: ServerFacts & { megabytes: number; clockAhead: number };
  versions: { product: string; node: string; schema: string | undefined };
}

const showHealth = page<HealthData>("platform/health.njk");

export const platformHealthRoutes: readonly Route[] = [
  route({ method: "GET", url: "/platform/health", who: "platform-admin", handler: openHealth }),
];

async function openHealth(visit: UserVisit): Promise<Answer> {
  const { db } = visit.app;
  const [providers, processes, queues, runs, server, schema] = await Promise.all([
    listProviderStates(visit.app),
    listProcesses(db),
    queueStats(db),
    listRuns(db),
    readServerFacts(db),
    findSchemaVersion(db),
  ]);
  return showHealth(visit, {
    providers: providers.map((provider) => shownProvider(visit, provider)),
    processes,
    queues: queues.map((queue) => ({ ...queue, oldestReady: Math.round(queue.oldestReadySeconds) })),
    runs: runs.map(({ counts, ...run }) => ({ ...run, did: countsText(counts) })),
    database: {
      ...server,
      megabytes: Math.round(server.sizeBytes / BYTES_PER_MEGABYTE),
      clockAhead: Math.abs(Math.round(server.clockAheadMs)),
    },
    versions: { product: productVersion(), node: process.versions.node, schema },
  });
}

function shownProvider(visit: UserVisit, provider: ProviderState): ShownProvider {
  return {
    ...provider,
    stateText: visit.text(`platformProviders.state.${provider.state}`),
    circuitWords: circuitWords(visit, provider.circuit),
    canaryWords: canaryWords(visit, provider.canaries),
  };
}

function countsText(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
