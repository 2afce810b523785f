/** What every start makes sure of: the sandbox's providers, and at the first start of an embedded installation the demonstration world. */
import type { Config } from "../../config.ts";
import type { Database } from "../../platform/db.ts";
import type { OpeningKeys } from "../../records/services/service-store.ts";
import { webAddress } from "../web-address.ts";
import { type DemoWorld, makeDemoWorld } from "./demo-world.ts";
import { ensureSandboxProviders } from "./sandbox-providers.ts";

export interface PrepareOptions {
  config: Pick<Config, "dataDir" | "host" | "ports" | "tls" | "origins" | "databaseUrl">;
  /** Undefined: in an embedded database. An installation that is not empty is never touched. */
  demo: boolean | undefined;
}

/** The world if it was made just now. */
export async function prepareWorld(
  installation: { db: Database; keys: OpeningKeys },
  { config, demo }: PrepareOptions,
): Promise<DemoWorld | undefined> {
  const { db, keys } = installation;
  const { ports, origins, dataDir } = config;
  const address = webAddress(config);
  const urls = { apiUrl: origins.api ?? address, adminUrl: origins.admin ?? address };
  const isWanted = demo ?? config.databaseUrl === undefined;
  const world = isWanted
    ? await makeDemoWorld(db, keys, { dataDir, ports, receiver: `http://127.0.0.1:${ports.receiver}`, ...urls })
    : undefined;
  if (!world) await ensureSandboxProviders(db, keys, { ports });
  return world;
}
