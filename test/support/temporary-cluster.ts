/** A database server for as long as something needs one, in a folder that is thrown away with it. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "../../src/platform/log.ts";
import { startEmbeddedPostgres } from "../../src/platform/postgres/embedded.ts";
import { THROW_AWAY_SETTINGS } from "../../src/platform/postgres/settings.ts";

/** Makes a folder that the server's user can enter when we are root. */
export function makeClusterFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711);
  return folder;
}

/** Runs `work` with the URL of an empty database on a server of its own. */
export async function withTemporaryCluster<T>(work: (url: string) => Promise<T>): Promise<T> {
  const dataDir = makeClusterFolder("pennypost-cluster-");
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog, settings: THROW_AWAY_SETTINGS });
    return await work(postgres.url).finally(() => postgres.stop());
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
