/**
 * The PostgreSQL that comes with the product: no set-up, no service to install. One process owns the server of a data folder
 * and keeps it running; others that start on the same folder are guests and only connect.
 *
 *     const postgres = await startEmbeddedPostgres({ dataDir: "./data", log });
 *     // … connect to postgres.url …
 *     await postgres.stop();
 */
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CannotStart } from "../cannot-start.ts";
import type { Log } from "../log.ts";
import { prepareBinaries } from "./binaries.ts";
import { type ClusterPlace, openCluster, placeCluster } from "./cluster.ts";
import { connectionUrl, readRecord } from "./cluster-record.ts";
import { type Ownership, takeOwnership } from "./owner-file.ts";
import { ask } from "./readiness.ts";
import { DURABLE_SETTINGS, type PostgresSettings } from "./settings.ts";
import { SHARED_DIR } from "./shared-dir.ts";
import { adoptServer, type Cluster, keepRunning, startServer } from "./supervisor.ts";

const OWNER_FILE = "postgres.owner";
const LOG_FILE = "postgres.log";
/** How long a guest waits for an owner that is itself starting. Only the first start, which makes the cluster, takes over a second. */
const GUEST_WAIT_MS = 60_000;
const GUEST_POLL_MS = 50;

export interface EmbeddedPostgresOptions {
  /** Made when missing. */
  dataDir: string;
  log: Log;
  settings?: PostgresSettings;
  /** Where clusters and programs go whose user cannot enter the data folder. */
  sharedDir?: string;
}

export interface EmbeddedPostgres {
  /** Holds the password: not for logs. */
  url: string;
  port: number;
  clusterDir: string;
  /** We own the server but did not start it: an earlier owner was killed and left it running. */
  adopted: boolean;
  /** Another living process owns the server: ours only to connect to. */
  guest: boolean;
  /** Stops the server, waiting for it; a guest only lets go. */
  stop(): Promise<void>;
}

/** Starts the server of a data folder, or takes over or joins the one that is running. Throws `CannotStart`. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = openDataDir(options.dataDir);
  const place = placeCluster({ dataDir, sharedDir: options.sharedDir ?? SHARED_DIR });
  const deadline = performance.now() + GUEST_WAIT_MS;
  while (performance.now() < deadline) {
    const ownership = takeOwnership(join(dataDir, OWNER_FILE));
    if (ownership) return startAsOwner({ ...options, dataDir }, place, ownership);
    const joined = await joinAsGuest(place);
    if (joined) return joined;
    await delay(GUEST_POLL_MS);
  }
  throw new CannotStart(
    `Another process is starting the database of ${dataDir} and has not finished: look at its log, or stop it`,
  );
}

/** Others may pass through, so that the server's user reaches its cluster, but not look around. */
function openDataDir(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  return realpathSync(dataDir);
}

async function joinAsGuest(place: ClusterPlace): Promise<EmbeddedPostgres | undefined> {
  const { clusterDir, recordFile } = place;
  const record = readRecord(recordFile);
  const port = record?.port;
  if (!port || (await ask({ record, clusterDir, port })) !== "ready") return undefined;
  const url = connectionUrl(record, port);
  return { url, port, clusterDir, adopted: false, guest: true, stop: async () => {} };
}

async function startAsOwner(
  options: EmbeddedPostgresOptions,
  place: ClusterPlace,
  ownership: Ownership,
): Promise<EmbeddedPostgres> {
  try {
    return await runServer(await prepareCluster(options, place), ownership);
  } catch (error) {
    ownership.release();
    throw error;
  }
}

async function prepareCluster(options: EmbeddedPostgresOptions, place: ClusterPlace): Promise<Cluster> {
  const { dataDir, log, settings = DURABLE_SETTINGS, sharedDir = SHARED_DIR } = options;
  const { account, clusterDir } = place;
  if (place.isOutside)
    log.info("postgres.outside", { clusterDir, why: `${account?.name} cannot enter the data folder` });
  const binDir = await prepareBinaries({ account, sharedDir, log });
  const record = await openCluster({ place, binDir, sync: settings["fsync"] !== "off", log });
  return { ...place, binDir, record, settings, logFile: join(dataDir, LOG_FILE), log };
}

async function runServer(cluster: Cluster, ownership: Ownership): Promise<EmbeddedPostgres> {
  const { clusterDir, record, log } = cluster;
  const leftRunning = await adoptServer(cluster);
  const server = leftRunning ?? (await startServer(cluster));
  const { pid, port } = server;
  log.info(leftRunning ? "postgres.adopted" : "postgres.started", { clusterDir, port, pid });
  const keeper = keepRunning(cluster, server);
  const stop = async () => {
    await keeper.stop();
    ownership.release();
    log.info("postgres.stopped", { clusterDir });
  };
  return { url: connectionUrl(record, port), port, clusterDir, adopted: Boolean(leftRunning), guest: false, stop };
}
