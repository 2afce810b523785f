/**
 * Debian's OpenSSH server as the SFTP host of a printer: on a port of its own, with keys of its own, in a temporary folder.
 *
 *     describe.skipIf(!hasSshd)("a printer's SFTP server", () => { const host = await startSshd(); … });
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { setPriority, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../bench/measure/free-ports.ts";
import { findPeer, isCi } from "../../scripts/peers.mjs";

const SSHD = findPeer("sshd");
const STARTED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 20;
/** Niceness: a third of what others get, where there is not enough for all. */
const PRIORITY = 5;
/** OpenSSH wants this folder, even where it does not use it. */
const PRIVILEGE_SEPARATION_FOLDER = "/run/sshd";

if (SSHD === undefined && isCi()) throw new Error("OpenSSH's server is missing: apt-get install openssh-server");
if (SSHD === undefined) console.error("Left out: what needs an SFTP server. apt-get install openssh-server");

/** Whether tests that need an SFTP server can run here. */
export const hasSshd = SSHD !== undefined;

export interface Sshd {
  port: number;
  user: string;
  privateKey: string;
  /** As `ssh-keygen -lf` prints it. */
  fingerprint: string;
  /** What whoever logs in may read and write, for the test to look at. */
  folder: string;
  stop(): Promise<void>;
}

export async function startSshd(): Promise<Sshd> {
  if (SSHD === undefined) throw new Error("sshd is not on this machine");
  const home = mkdtempSync(join(tmpdir(), "pennypost-sshd-"));
  const folder = join(home, "printer");
  mkdirSync(folder);
  if (process.getuid?.() === 0) mkdirSync(PRIVILEGE_SEPARATION_FOLDER, { recursive: true });
  for (const name of ["host_key", "user_key"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(home, name)]);
  const [port = 0] = await freePorts(1);
  writeFileSync(join(home, "sshd_config"), configuration(home, port));
  const server = spawn(SSHD, ["-D", "-e", "-f", join(home, "sshd_config")], { stdio: "ignore" });
  // On a busy machine whoever watches it comes first: a test that breaks a transfer off must not find it over.
  if (server.pid !== undefined) setPriority(server.pid, PRIORITY);
  await answering(port);
  return {
    port,
    folder,
    user: userInfo().username,
    privateKey: readFileSync(join(home, "user_key"), "utf8"),
    fingerprint: fingerprintOf(join(home, "host_key.pub")),
    stop: () => stop(server, home),
  };
}

function configuration(home: string, port: number): string {
  return [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(home, "host_key")}`,
    `AuthorizedKeysFile ${join(home, "user_key.pub")}`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "PermitRootLogin yes",
    "MaxStartups 100",
    "Subsystem sftp internal-sftp",
    "",
  ].join("\n");
}

function fingerprintOf(publicKeyFile: string): string {
  const [, fingerprint = ""] = execFileSync("ssh-keygen", ["-lf", publicKeyFile], { encoding: "utf8" }).split(" ");
  return fingerprint;
}

async function answering(port: number): Promise<void> {
  const until = Date.now() + STARTED_WITHIN_MS;
  while (!(await connects(port))) {
    if (Date.now() > until) throw new Error("sshd did not start");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => socket.destroy()).once("close", (hadError) => resolve(!hadError));
    socket.once("error", () => undefined);
  });
}

async function stop(server: ChildProcess, home: string): Promise<void> {
  const ended = server.exitCode === null && server.signalCode === null ? once(server, "exit") : undefined;
  server.kill();
  await ended;
  rmSync(home, { recursive: true, force: true });
}
