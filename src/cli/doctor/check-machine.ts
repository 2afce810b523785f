/** The machine: Node, the data folder, its disk, the key, the ports. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import type { Config } from "../../config.ts";
import { loadMasterKey, masterKeyFile } from "../../platform/master-key.ts";
import type { MasterKey } from "../../platform/sealing.ts";
import { hasDatabase } from "../connect-database.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const NODE_MIN = [20, 19] as const;
const DISK_FREE_MIN_BYTES = 500_000_000;
const DISK_FREE_GOOD_BYTES = 5_000_000_000;
const OTHERS_MAY = 0o077;

export function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isEnough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  const version = `version ${process.versions.node}`;
  return isEnough ? ok("Node", version) : fail("Node", `${version}: install ${NODE_MIN.join(".")} or later`);
}

export function checkDataFolder({ dataDir }: Config): Finding {
  if (!existsSync(dataDir)) return ok("data folder", `${dataDir} is not there yet: the first start makes it`);
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok("data folder", dataDir);
  } catch {
    return fail(
      "data folder",
      `${dataDir} cannot be written to by this user: change its owner, or set PENNYPOST_DATA_DIR`,
    );
  }
}

export async function checkDiskSpace({ dataDir }: Config): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestExisting(dataDir));
  const free = bavail * bsize;
  const what = `${(free / 1_000_000_000).toFixed(1)} GB free`;
  if (free < DISK_FREE_MIN_BYTES) return fail("disk", `${what}: make room, or messages will soon be refused`);
  return free < DISK_FREE_GOOD_BYTES ? warn("disk", `${what}: make room before it is needed`) : ok("disk", what);
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

/** The key itself, too, for those checks that need to open something. */
export async function checkMasterKey(config: Config): Promise<{ finding: Finding; key: MasterKey | undefined }> {
  const file = masterKeyFile(config.dataDir);
  const isThere = config.masterKey !== undefined || existsSync(file);
  if (!isThere && !hasDatabase(config)) {
    return { finding: ok("master key", "the first start makes it"), key: undefined };
  }
  try {
    const key = await loadMasterKey(config, { mayMake: false });
    return { finding: judgeKeyFile(config, file, key), key };
  } catch (error) {
    return { finding: fail("master key", (error as Error).message), key: undefined };
  }
}

function judgeKeyFile(config: Config, file: string, { fingerprint }: MasterKey): Finding {
  const what = `fingerprint ${fingerprint}`;
  if (config.masterKey !== undefined) return ok("master key", `${what}, from PENNYPOST_MASTER_KEY`);
  const isOpen = (statSync(file).mode & OTHERS_MAY) !== 0;
  return isOpen ? warn("master key", `${what}; others may read ${file}: chmod 600`) : ok("master key", what);
}

const OWN_HOSTS: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

/** Links in messages lead where the admin web is known to be: beyond this machine, that has to be said. */
export function checkAdminOrigin({
  host,
  origins,
}: Pick<Config, "host"> & { origins: { admin: string | undefined } }): Finding {
  if (origins.admin?.startsWith("https://")) return ok("admin web", origins.admin);
  if (origins.admin !== undefined && !OWN_HOSTS.has(new URL(origins.admin).hostname)) {
    return warn("admin web", `${origins.admin} is not encrypted: put TLS in front of it, and say https`);
  }
  if (origins.admin !== undefined || OWN_HOSTS.has(host))
    return ok("admin web", origins.admin ?? "on this machine alone");
  return warn(
    "admin web",
    "set PENNYPOST_ADMIN_ORIGIN to the address people use: links in messages lead to this machine",
  );
}

/** When we run, our own ports are taken by us. */
export async function checkPorts(config: Config, { isRunning }: { isRunning: boolean }): Promise<Finding[]> {
  const settings: [setting: string, port: number][] = [
    ["PENNYPOST_PORT", config.ports.web],
    ["PENNYPOST_SANDBOX_CARRIER_PORT", config.ports.carrier],
    ["PENNYPOST_SANDBOX_MAILBOX_PORT", config.ports.mailbox],
    ["PENNYPOST_SANDBOX_RECEIVER_PORT", config.ports.receiver],
    ["PENNYPOST_SANDBOX_PRINT_SHOP_PORT", config.ports.printShop],
    ["PENNYPOST_BOUNCE_PORT", config.ports.bounces],
    ...(config.smpp ? [["PENNYPOST_SMPP_PORT", config.smpp.port] satisfies [string, number]] : []),
    ...(config.smtp ? [["PENNYPOST_SMTP_PORT", config.smtp.port] satisfies [string, number]] : []),
  ];
  return Promise.all(
    settings.map(async ([setting, port]) => {
      const isFree = await canListen(hostOf(config, port), port);
      if (isFree) return ok(`port ${port}`, isRunning ? "free: that part of Pennypost does not run here" : "free");
      return isRunning
        ? ok(`port ${port}`, "in use, by Pennypost or another")
        : fail(`port ${port}`, `in use: stop what uses it, or set ${setting}`);
    }),
  );
}

function hostOf({ host, smpp, smtp }: Config, port: number): string {
  return [smpp, smtp].find((door) => door?.port === port)?.host ?? host;
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}
