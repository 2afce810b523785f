/**
 * The product as an operator runs it who has a PostgreSQL: all roles in one process, on a database of the server that the tests share,
 * with the demonstration world. It is ready in half the time of `startProduct`, which is for what looks at the database's server, at the
 * first start, or at one of several processes.
 */
import { openInstallation } from "../../src/cli/connect.ts";
import { prepareWorld } from "../../src/cli/demo/prepare-world.ts";
import { readConfig } from "../../src/config.ts";
import { silentLog } from "../../src/platform/log.ts";
import { newMasterKeyText } from "../../src/platform/sealing.ts";
import { createTestDatabase } from "./database.ts";
import { type Product, startProduct } from "./product.ts";

const ARGS = ["--roles", "web,worker,sandbox"];

export async function startLeanProduct(environment: Record<string, string> = {}): Promise<Product> {
  const database = await createTestDatabase();
  const complete = (made: NodeJS.ProcessEnv) => ({
    DATABASE_URL: database.url,
    PENNYPOST_MASTER_KEY: newMasterKeyText(),
    PENNYPOST_API_ORIGIN: `http://127.0.0.1:${made["PENNYPOST_PORT"]}`, // Without, emails have no links to us.
    ...environment,
  });
  try {
    const product = await startProduct({ environment: complete, args: ARGS, prepare: makeWorld });
    const close = product.close.bind(product);
    return Object.assign(product, { close: () => close().then(database.drop) });
  } catch (error) {
    await database.drop();
    throw error;
  }
}

/** As the command does that starts several processes. */
async function makeWorld(environment: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(environment);
  const installation = await openInstallation(config, { log: silentLog, role: "start", maxConnections: 2 });
  await prepareWorld(installation, { config, demo: true }).finally(installation.stop);
}
