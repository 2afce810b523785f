/** Opens an installation: its database (embedded or elsewhere), migrated, and its keys, checked to be the ones it was sealed with. */
import type { Config } from "../config.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import { type Database, openDatabase } from "../platform/db.ts";
import { newId } from "../platform/ids.ts";
import type { Log } from "../platform/log.ts";
import { loadMasterKey } from "../platform/master-key.ts";
import { migrate } from "../platform/migrations.ts";
import { packagePath } from "../platform/package-files.ts";
import { startEmbeddedPostgres } from "../platform/postgres/embedded.ts";
import { deriveKey, type MasterKey } from "../platform/sealing.ts";
import { type Deployment, findOrMakeDeployment } from "../records/deployment/deployment-store.ts";
import { hasDatabase } from "./connect-database.ts";

const MAX_CONNECTIONS = 10;

export interface Keys {
  master: MasterKey;
  searchIndex: Buffer;
  links: Buffer;
}

export interface Installation {
  db: Database;
  databaseUrl: string;
  keys: Keys;
  deployment: Deployment;
  /** Whether this call found the embedded server running. */
  isEmbedded: boolean;
  stop(): Promise<void>;
}

/** Starts the embedded database if it is used and not running, brings it up to date and checks the keys. */
export async function openInstallation(
  config: Config,
  options: { log: Log; role: string; maxConnections?: number },
): Promise<Installation> {
  const master = await loadMasterKey(config, { mayMake: !hasDatabase(config) });
  const server =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDir: config.dataDir, log: options.log })
      : undefined;
  const url = config.databaseUrl ?? server?.url ?? "";
  await migrate(url, { directory: packagePath("db/migrations"), log: options.log });
  const db = openDatabase({
    url,
    maxConnections: options.maxConnections ?? MAX_CONNECTIONS,
    applicationName: `pennypost ${options.role}`,
  });
  const deployment = await findOrMakeDeployment(db, { id: newId(), masterKeyFingerprint: master.fingerprint });
  refuseOtherKey(deployment, master);
  const stop = async (): Promise<void> => {
    await db.close();
    await server?.stop();
  };
  return { db, databaseUrl: url, keys: deriveKeys(master), deployment, isEmbedded: server !== undefined, stop };
}

/** All keys the product uses come from the master key, each for one purpose. */
export function deriveKeys(master: MasterKey): Keys {
  return { master, searchIndex: deriveKey(master, "recipient index"), links: deriveKey(master, "signed links") };
}

function refuseOtherKey(deployment: Deployment, master: MasterKey): void {
  if (deployment.masterKeyFingerprint === master.fingerprint) return;
  throw new CannotStart(
    `This database was sealed with another master key (fingerprint ${deployment.masterKeyFingerprint}, ours is ${master.fingerprint})`,
  );
}
