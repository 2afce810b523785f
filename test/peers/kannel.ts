/** Kannel (https://www.kannel.org) as a customer's system: its bearerbox binds to us, and its sendsms and dlr-url are its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { freePorts } from "../../bench/measure/free-ports.ts";
import { findPeer } from "../../scripts/peers.mjs";

const PASSWORD = "kannel";
const UNTIL = { timeout: 30_000, interval: 100 };

export interface Kannel {
  /** A message by its sendsms, with a report of this text's fate asked for; its answer. */
  send(message: { to: string; from: string; text: string }): Promise<string>;
  /** Paths that its dlr-url, and its service for what the public writes, were called with. */
  calls: string[];
  /** What its bearerbox has logged. */
  log(): string;
  stop(): Promise<void>;
}

/** Resolves when its bearerbox is bound. */
export async function startKannel(account: { port: number; systemId: string; password: string }): Promise<Kannel> {
  const [admin = 0, box = 0, sendsms = 0] = await freePorts(3);
  const calls: string[] = [];
  const listener = createServer((request, response) => {
    calls.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const heard = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), "pennypost-kannel-"));
  mkdirSync(join(folder, "spool"));
  const file = join(folder, "kannel.conf");
  const logFile = join(folder, "bearerbox.log");
  writeFileSync(file, configuration({ ...account, heard, ports: { admin, box, sendsms }, logFile }));
  const status = async () =>
    (await fetch(`http://127.0.0.1:${admin}/status.txt?password=${PASSWORD}`).catch(() => undefined))?.text() ?? "";
  const running: ChildProcess[] = [];
  const start = async (command: "bearerbox" | "smsbox", sign: RegExp) => {
    const path = findPeer("kannel")?.replace(/bearerbox$/, command) ?? command;
    running.push(spawn(path, [file], { stdio: "ignore", cwd: folder }));
    await vi.waitUntil(async () => sign.test(await status()), UNTIL);
  };
  const stop = async () => {
    await Promise.all(running.reverse().map(end));
    await new Promise((resolve) => listener.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start("bearerbox", /pennypost.*\(online/);
    await start("smsbox", /smsbox:/);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    calls,
    log: () => readFileSync(logFile, "utf8"),
    send: async ({ to, from, text }) => {
      const dlrUrl = `${heard}/receipt?state=%d&answer=%A`;
      const query = { username: "tester", password: PASSWORD, to, from, text, "dlr-mask": "31", "dlr-url": dlrUrl };
      const answer = await fetch(`http://127.0.0.1:${sendsms}/cgi-bin/sendsms?${new URLSearchParams(query)}`);
      return answer.text();
    },
    stop,
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}

interface Layout {
  port: number;
  systemId: string;
  password: string;
  heard: string;
  ports: { admin: number; box: number; sendsms: number };
  logFile: string;
}

/** An empty line ends a group. */
function configuration({ port, systemId, password, heard, ports, logFile }: Layout): string {
  return `group = core
admin-port = ${ports.admin}
admin-password = ${PASSWORD}
status-password = ${PASSWORD}
smsbox-port = ${ports.box}
box-allow-ip = 127.0.0.1
dlr-storage = internal
log-file = ${logFile}
log-level = 0

group = smsc
smsc = smpp
smsc-id = pennypost
host = 127.0.0.1
port = ${port}
transceiver-mode = true
smsc-username = ${systemId}
smsc-password = ${password}
system-type = ""
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${ports.box}
sendsms-port = ${ports.sendsms}

group = sendsms-user
username = tester
password = ${PASSWORD}
max-messages = 5
concatenation = true

group = sms-service
keyword = default
get-url = ${heard}/reply?from=%p&to=%P&text=%a
max-messages = 0
`;
}
