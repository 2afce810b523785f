/** `/platform/health`: whether everything runs, what waits, and which versions these are. */

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

const BYTES_PER_MEGABYTE = 1_000_000;

interface HealthData {
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
  const [processes, queues, runs, server, schema] = await Promise.all([
    listProcesses(db),
    queueStats(db),
    listRuns(db),
    readServerFacts(db),
    findSchemaVersion(db),
  ]);
  return showHealth(visit, {
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

function countsText(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
