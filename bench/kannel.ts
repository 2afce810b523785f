/**
 * Kannel (https://www.kannel.org), the usual open source SMS gateway, set up for the same way of a message: HTTP in, SMPP out, a
 * receipt back, one callback out. With a spool it keeps messages in files (which it never syncs to disk); without, in memory alone.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KannelTarget } from "./helpers/requests.ts";
import { freePorts } from "./measure/free-ports.ts";
import { answers, type Running, startProgram } from "./running.ts";
import type { Site } from "./site.ts";
import { WINDOW_SIZE } from "./world.ts";

const PASSWORD = "bench";
/** Errors and what comes to that; Kannel's own default writes a line for each message. */
const LOG_LEVEL = 4;

export type Store = "no store" | "spool";

export interface Kannel extends Running {
  target: KannelTarget;
  roles(): Map<string, number>;
}

/** Its version as it says it; undefined when it is not installed. */
export function kannelVersion(): string | undefined {
  const { stdout, stderr, error } = spawnSync("bearerbox", ["--version"], { encoding: "utf8" });
  if (error) return undefined;
  return /version `([^']+)'/.exec(`${stdout}${stderr}`)?.[1] ?? "unknown";
}

export async function startKannel(site: Site, store: Store): Promise<Kannel> {
  const [admin = 0, box = 0, sendsms = 0] = await freePorts(3);
  const folder = join(site.folder, "kannel");
  mkdirSync(join(folder, "spool"), { recursive: true });
  const file = join(folder, "kannel.conf");
  writeFileSync(file, configuration(site, { store, spool: join(folder, "spool"), ports: { admin, box, sendsms } }));
  const status = `http://127.0.0.1:${admin}/status.txt?password=${PASSWORD}`;
  const start = (command: string, isReady: () => Promise<boolean>) =>
    startProgram({ command, args: [file], logFile: join(folder, `${command}.log`), isReady });
  const bearerbox = await start("bearerbox", () => answers(status, "online"));
  try {
    const smsbox = await start("smsbox", () => answers(status, "smsbox"));
    return {
      pid: bearerbox.pid,
      target: targetOf(site, sendsms),
      roles: () =>
        new Map([
          ["bearerbox", bearerbox.pid],
          ["smsbox", smsbox.pid],
        ]),
      stop: async () => {
        await smsbox.stop();
        await bearerbox.stop();
      },
    };
  } catch (error) {
    await bearerbox.stop();
    throw error;
  }
}

function targetOf(site: Site, port: number): KannelTarget {
  const callbackUrl = `http://127.0.0.1:${site.ports.sink}/receipts`;
  return { kind: "kannel", port, username: "bench", password: PASSWORD, callbackUrl };
}

interface Layout {
  store: Store;
  spool: string;
  ports: { admin: number; box: number; sendsms: number };
}

/** An empty line ends a group. */
function configuration(site: Site, { store, spool, ports }: Layout): string {
  const kept = store === "spool" ? `store-type = spool\nstore-location = ${spool}\n` : "";
  const { carrier } = site;
  return `group = core
admin-port = ${ports.admin}
admin-password = ${PASSWORD}
status-password = ${PASSWORD}
smsbox-port = ${ports.box}
box-allow-ip = 127.0.0.1
dlr-storage = internal
log-level = ${LOG_LEVEL}
${kept}
group = smsc
smsc = smpp
smsc-id = bench
host = 127.0.0.1
port = ${carrier.port}
transceiver-mode = true
smsc-username = ${carrier.systemId}
smsc-password = ${carrier.password}
system-type = ""
max-pending-submits = ${WINDOW_SIZE}

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${ports.box}
sendsms-port = ${ports.sendsms}
log-level = ${LOG_LEVEL}

group = sendsms-user
username = bench
password = ${PASSWORD}
max-messages = 1
`;
}
