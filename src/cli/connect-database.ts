/** The bare database of an installation, without its keys and as it stands: for looking at it, moving it and removing it. */
import { existsSync, realpathSync } from "node:fs";
import type { Config } from "../config.ts";
import { Refusal } from "../core/refusal.ts";
import type { Log } from "../platform/log.ts";
import { type ClusterPlace, placeCluster } from "../platform/postgres/cluster.ts";
import { connectionUrl, readRecord } from "../platform/postgres/cluster-record.ts";
import { startEmbeddedPostgres } from "../platform/postgres/embedded.ts";
import { ask } from "../platform/postgres/readiness.ts";
import { SHARED_DIR } from "../platform/postgres/shared-dir.ts";

export interface Connection {
  /** Holds the password: not for logs. */
  url: string;
  stop(): Promise<void>;
}

/** The configured database, or the embedded one: started, if it does not run, until `stop`. */
export async function connectDatabase(config: Config, log: Log): Promise<Connection> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, stop: async () => {} };
  return await startEmbeddedPostgres({ dataDir: config.dataDir, log });
}

/** Where to reach the database without starting anything; undefined when the embedded one does not run. */
export async function findRunningDatabase(config: Config): Promise<string | undefined> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const place = findCluster(config.dataDir);
  const record = place && readRecord(place.recordFile);
  if (!place || !record?.port) return undefined;
  const answer = await ask({ record, clusterDir: place.clusterDir, port: record.port });
  return answer === "ready" ? connectionUrl(record, record.port) : undefined;
}

/** The embedded cluster's place; undefined when there is no data folder yet. */
export function findCluster(dataDir: string): ClusterPlace | undefined {
  const real = realPath(dataDir);
  return real === undefined ? undefined : placeCluster({ dataDir: real, sharedDir: SHARED_DIR });
}

function realPath(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}

/** Whether there is an installation at all: a database elsewhere, or an embedded one that has been made. */
export function hasDatabase(config: Config): boolean {
  if (config.databaseUrl !== undefined) return true;
  const place = findCluster(config.dataDir);
  return place !== undefined && existsSync(place.recordFile);
}

/** Like `connectDatabase`, but makes nothing: refuses where there is no installation. */
export async function connectExisting(config: Config, log: Log): Promise<Connection> {
  if (hasDatabase(config)) return connectDatabase(config, log);
  throw new Refusal("not-found", `There is no installation in ${config.dataDir}: pennypost start makes one`);
}
