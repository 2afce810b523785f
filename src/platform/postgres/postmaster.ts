/**
 * The server's first process (the postmaster): starting it, finding one that is already running, stopping it.
 *
 * It is given a session of its own, so that Ctrl-C in a terminal reaches us and not it; and it outlives us when we are
 * killed. The next owner of the data folder then finds it by its `postmaster.pid`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CannotStart } from "../cannot-start.ts";
import { type Account, giveToFolderOwner } from "./account.ts";
import { findProcess } from "./process-table.ts";
import { asAccount, spawnFailure } from "./run-program.ts";
import type { PostgresSettings } from "./settings.ts";

/** Fast: ends sessions, writes everything out. Immediate: leaves that to the recovery at the next start. */
const STOP_SIGNALS = ["SIGINT", "SIGQUIT", "SIGKILL"] as const;
const FAST_STOP_WAIT_MS = 60_000;
const FORCED_STOP_WAIT_MS = 5_000;
const STOP_POLL_MS = 10;
const ADOPTED_POLL_MS = 250;
const SERVER_LOG_MAX_BYTES = 10 * 1024 * 1024;
const SERVER_LOG_TAIL_CHARACTERS = 2_000;

export interface Postmaster {
  pid: number;
  port: number;
  /** Settles when it has ended, for whatever reason. */
  ended: Promise<void>;
}

export interface LaunchOptions {
  binDir: string;
  clusterDir: string;
  account: Account | undefined;
  name: string;
  port: number;
  settings: PostgresSettings;
  logFile: string;
}

/** Starts the server; it does not take connections yet. */
export async function launchPostmaster(options: LaunchOptions): Promise<Postmaster> {
  const { clusterDir, port } = options;
  removeStalePidFile(clusterDir);
  const settings = { ...options.settings, port: String(port), cluster_name: options.name };
  const args = ["-D", clusterDir, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const log = openServerLog(options.logFile);
  try {
    const child = spawn(join(options.binDir, "postgres"), args, {
      ...asAccount(options.account),
      detached: true,
      stdio: ["ignore", log, log],
    });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    return { pid: await pidOf(child), port, ended };
  } finally {
    closeSync(log);
  }
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(spawnFailure(error)));
    child.once("spawn", () => {
      child.unref();
      resolve(child.pid ?? 0);
    });
  });
}

function openServerLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > SERVER_LOG_MAX_BYTES) renameSync(file, `${file}.1`);
  const log = openSync(file, "a", 0o600);
  giveToFolderOwner(file);
  return log;
}

/** The last thing the server said, to explain a start that failed. */
export function lastWords(logFile: string): string {
  const tail = readFileSync(logFile, "utf8").slice(-SERVER_LOG_TAIL_CHARACTERS);
  return tail.trim().split("\n").at(-1) ?? "";
}

/** The server that runs on this cluster, if one does. Any other process that has got its id by now is not it. */
export function findPostmaster(clusterDir: string): (Postmaster & { name: string | undefined }) | undefined {
  const pidFile = readPidFile(clusterDir);
  const running = pidFile && findProcess(pidFile.pid);
  if (!running || !isServerOf(running.commandLine, clusterDir)) return undefined;
  const name = / cluster_name=(\S+)/.exec(running.commandLine)?.[1];
  return { ...pidFile, name, ended: waitUntilGone(running.pid, running.startedAt) };
}

export function isServerOf(commandLine: string, clusterDir: string): boolean {
  return `${commandLine} `.includes(` -D ${clusterDir} `);
}

/** Lines 1 and 4 of `postmaster.pid`: the process and its port. */
function readPidFile(clusterDir: string): { pid: number; port: number } | undefined {
  try {
    const [pid, , , port] = readFileSync(pidFileOf(clusterDir), "utf8").split("\n");
    return { pid: Number(pid), port: Number(port) };
  } catch {
    return undefined;
  }
}

function pidFileOf(clusterDir: string): string {
  return join(clusterDir, "postmaster.pid");
}

/**
 * A killed server leaves its file. PostgreSQL itself takes any living process with that id for the server and refuses to
 * start, and in a container ids come round again at once; we know better, having read the process's command line.
 */
function removeStalePidFile(clusterDir: string): void {
  if (!findPostmaster(clusterDir)) rmSync(pidFileOf(clusterDir), { force: true });
}

async function waitUntilGone(pid: number, startedAt: string): Promise<void> {
  while (findProcess(pid)?.startedAt === startedAt) await delay(ADOPTED_POLL_MS, undefined, { ref: false });
}

/** Stops the server: politely, then less so. What it had committed is there at the next start either way. */
export async function stopPostmaster(pid: number): Promise<void> {
  const startedAt = findProcess(pid)?.startedAt;
  const isRunning = () => startedAt !== undefined && findProcess(pid)?.startedAt === startedAt;
  for (const signal of STOP_SIGNALS) {
    if (!isRunning()) return;
    process.kill(pid, signal);
    const deadline = performance.now() + (signal === "SIGINT" ? FAST_STOP_WAIT_MS : FORCED_STOP_WAIT_MS);
    while (isRunning() && performance.now() < deadline) await delay(STOP_POLL_MS);
  }
  if (isRunning()) throw new CannotStart(`The database's server (process ${pid}) does not stop: stop it by hand`);
}
