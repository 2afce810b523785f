/**
 * What the owner of a data folder does: takes over a server that an earlier owner left running, or starts one; starts it
 * again when it dies; stops it in the end.
 */
import { setTimeout as delay } from "node:timers/promises";
import { CannotStart } from "../cannot-start.ts";
import { errorFields, type Log } from "../log.ts";
import type { Account } from "./account.ts";
import { type ClusterRecord, clusterName, writeRecord } from "./cluster-record.ts";
import { chooseFreePort } from "./free-port.ts";
import { findPostmaster, lastWords, launchPostmaster, type Postmaster, stopPostmaster } from "./postmaster.ts";
import { waitUntilReady } from "./readiness.ts";
import type { PostgresSettings } from "./settings.ts";

/** At the start: enough for the last sessions of a killed server to notice and go, or for another port to be found. */
const START_ATTEMPTS_MAX = 6;
const BACK_OFF_MIN_MS = 100;
const BACK_OFF_MAX_MS = 10_000;

/** Everything that a start, and every later restart, needs. */
export interface Cluster {
  binDir: string;
  clusterDir: string;
  account: Account | undefined;
  record: ClusterRecord;
  recordFile: string;
  settings: PostgresSettings;
  logFile: string;
  log: Log;
}

/** The running server of this cluster, once it answers; undefined when there is none, or it was just stopping. */
export async function adoptServer(cluster: Cluster): Promise<Postmaster | undefined> {
  const { clusterDir, record } = cluster;
  const found = findPostmaster(clusterDir);
  if (!found) return undefined;
  if (found.name !== clusterName(record)) {
    throw new CannotStart(`A server that is not ours runs on ${clusterDir}: stop process ${found.pid}`);
  }
  return (await waitUntilReady({ record, clusterDir, port: found.port }, watchEnd(found))) ? found : undefined;
}

/** Starts a server on its last port, or another when that is taken, and notes the port for guests and for the next start. */
export async function startServer(cluster: Cluster): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = await chooseFreePort(cluster.record.port);
    writeRecord(cluster.recordFile, { ...cluster.record, port });
    try {
      return await launchUntilReady(cluster, port, () => false);
    } catch (error) {
      if (attempt === START_ATTEMPTS_MAX) throw error;
      await delay(backOffMs(attempt));
    }
  }
}

async function launchUntilReady(cluster: Cluster, port: number, isCancelled: () => boolean): Promise<Postmaster> {
  const { record, clusterDir, logFile } = cluster;
  const server = await launchPostmaster({ ...cluster, name: clusterName(record), port });
  const hasEnded = watchEnd(server);
  try {
    if (await waitUntilReady({ record, clusterDir, port }, () => hasEnded() || isCancelled())) return server;
  } catch (error) {
    await stopPostmaster(server.pid);
    throw error;
  }
  await stopPostmaster(server.pid);
  throw new CannotStart(`The database did not start: ${lastWords(logFile)} (${logFile})`);
}

function watchEnd(server: Postmaster): () => boolean {
  let ended = false;
  void server.ended.then(() => {
    ended = true;
  });
  return () => ended;
}

/** Starts the server again whenever it ends, on the same port, until told to stop it. */
export function keepRunning(cluster: Cluster, first: Postmaster): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let server = first;
  const kept = keep();

  async function keep(): Promise<void> {
    await server.ended;
    while (!stopping.signal.aborted) {
      cluster.log.error("postgres.exited", { pid: server.pid });
      server = (await restart(cluster, server.port, stopping.signal)) ?? server;
      await server.ended;
    }
  }

  return {
    async stop() {
      const awake = setInterval(() => {}, BACK_OFF_MAX_MS); // the server's process alone does not keep ours from ending
      stopping.abort();
      await stopPostmaster(server.pid);
      await kept.finally(() => clearInterval(awake));
    },
  };
}

/** Tries until it succeeds; undefined when told to stop first. */
async function restart(cluster: Cluster, port: number, stopping: AbortSignal): Promise<Postmaster | undefined> {
  for (let attempt = 1; !stopping.aborted; attempt++) {
    try {
      const server = await launchUntilReady(cluster, port, () => stopping.aborted);
      cluster.log.warn("postgres.restarted", { pid: server.pid, attempt });
      return server;
    } catch (error) {
      cluster.log.error("postgres.restart-failed", { attempt, ...errorFields(error) });
      await delay(backOffMs(attempt), undefined, { signal: stopping, ref: false }).catch(() => {});
    }
  }
  return undefined;
}

/** Doubles from attempt to attempt.  backOffMs(1) → 100, backOffMs(4) → 800, backOffMs(20) → 10000 */
export function backOffMs(attempt: number): number {
  return Math.min(BACK_OFF_MIN_MS * 2 ** (attempt - 1), BACK_OFF_MAX_MS);
}
