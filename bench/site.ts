/** The place of a benchmark: a temporary folder, free ports, a database of its own, and the helpers on either side of what is measured. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Installation, openInstallation } from "../src/cli/connect.ts";
import { type Config, readConfig } from "../src/config.ts";
import { silentLog } from "../src/platform/log.ts";
import { makePartitionsAround } from "../src/records/partitions/partition-store.ts";
import type { CarrierSkills } from "./helpers/carrier.ts";
import type { GeneratorSkills } from "./helpers/generator.ts";
import { type Helper, startHelper } from "./helpers/helper.ts";
import type { NotifyTarget } from "./helpers/requests.ts";
import type { SinkSkills } from "./helpers/sink.ts";
import { freePorts } from "./measure/free-ports.ts";
import { listProcesses } from "./measure/processes.ts";
import { type CarrierPlace, makeWorld } from "./world.ts";

const CONNECTIONS_MAX = 2;

export interface Site {
  root: string;
  folder: string;
  environment: NodeJS.ProcessEnv;
  ports: { web: number; sink: number };
  carrier: CarrierPlace;
  target: NotifyTarget;
  /** Of another service, which sends much. */
  bulkTarget: NotifyTarget;
  installation: Installation;
  postmasterPid: number;
  helpers: {
    generator: Helper<GeneratorSkills>;
    sink: Helper<SinkSkills>;
    carrier: Helper<CarrierSkills>;
  };
  close(): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "pennypost-bench-"));
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await furnish(folder, undo)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function furnish(folder: string, undo: (() => unknown)[]): Promise<Omit<Site, "close">> {
  const [web = 0, carrierPort = 0, mailbox = 0, receiver = 0, printShop = 0, bounces = 0, sink = 0, unused = 0] =
    await freePorts(8);
  const environment = {
    ...process.env,
    ...environmentOf(folder, { web, carrier: unused, mailbox, receiver, printShop, bounces }),
  };
  const carrier = { port: carrierPort, systemId: "bench", password: "bench" };
  const helpers = await startHelpers(undo, { carrier, sink });
  const installation = await openDatabaseOf(readConfig(environment), undo);
  const { sender, bulkSender } = await makeWorld(installation, { carrier, sinkPort: sink });
  return {
    root: fileURLToPath(new URL("..", import.meta.url)),
    folder,
    environment,
    ports: { web, sink },
    carrier,
    target: { ...sender, port: web },
    bulkTarget: { ...bulkSender, port: web },
    installation,
    postmasterPid: postmasterOf(installation),
    helpers,
  };
}

function environmentOf(
  folder: string,
  ports: { web: number; carrier: number; mailbox: number; receiver: number; printShop: number; bounces: number },
): Record<string, string> {
  return {
    DATABASE_URL: "",
    PENNYPOST_DATA_DIR: join(folder, "data"),
    PENNYPOST_PORT: String(ports.web),
    PENNYPOST_SANDBOX_CARRIER_PORT: String(ports.carrier),
    PENNYPOST_SANDBOX_MAILBOX_PORT: String(ports.mailbox),
    PENNYPOST_SANDBOX_RECEIVER_PORT: String(ports.receiver),
    PENNYPOST_SANDBOX_PRINT_SHOP_PORT: String(ports.printShop),
    PENNYPOST_BOUNCE_PORT: String(ports.bounces),
    PENNYPOST_CALLBACK_NETWORKS: "127.0.0.0/8",
    PENNYPOST_LOG_LEVEL: "warn",
  };
}

async function startHelpers(
  undo: (() => unknown)[],
  { carrier, sink }: { carrier: CarrierPlace; sink: number },
): Promise<Site["helpers"]> {
  const helpers = {
    generator: await startHelper<GeneratorSkills>("./generator.ts"),
    sink: await startHelper<SinkSkills>("./sink.ts"),
    carrier: await startHelper<CarrierSkills>("./carrier.ts"),
  };
  undo.push(() => Promise.all(Object.values(helpers).map((helper) => helper.stop())));
  await helpers.sink.ask("listen", sink);
  await helpers.carrier.ask("listen", carrier);
  return helpers;
}

/** The database is ours for the whole sitting; each start of the product joins it. */
async function openDatabaseOf(config: Config, undo: (() => unknown)[]): Promise<Installation> {
  const options = { log: silentLog, role: "bench", maxConnections: CONNECTIONS_MAX };
  const installation = await openInstallation({ ...config, databaseUrl: undefined }, options);
  undo.push(() => installation.stop());
  await makePartitionsAround(installation.db, new Date());
  return installation;
}

function postmasterOf({ databaseUrl }: Installation): number {
  const setting = `port=${new URL(databaseUrl).port}`;
  const found = listProcesses().find(({ command }) => command[0]?.endsWith("postgres") && command.includes(setting));
  if (!found) throw new Error("the database server is not among the processes");
  return found.pid;
}
