/**
 * The product as an operator runs it: `pennypost start` and the processes it makes, on free ports and a data folder of its own.
 *
 *     const product = await startProduct();
 *     await product.kill("web");
 *     await product.close();
 */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts } from "../../bench/measure/free-ports.ts";
import { findPostmaster, stopPostmaster } from "../../src/platform/postgres/postmaster.ts";
import { listChildren, waitUntilGone } from "./process-tree.ts";
import { makeClusterFolder } from "./temporary-cluster.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = join(ROOT, "bin/pennypost.mjs");
const READY = /Pennypost is ready at (\S+) \(([\d.]+) s\)[\s\S]*Stop with Ctrl\+C/;
/** Installing and building come on top the first time. */
const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 40_000;
/** A command that takes longer is asked to end. */
const COMMAND_OPTIONS = { cwd: ROOT, timeout: 90_000 };
const LAST_WORDS_MAX_CHARACTERS = 4_000;

export type ProcessName = "start" | "web" | "worker" | "sandbox" | "smpp" | "postmaster";

/** What `demo.json` says. */
export interface Demo {
  api_url: string;
  admin_url: string;
  service_id: string;
  keys: { test: string; team: string; live: string };
  templates: { sms: string; email: string; letter: string };
  admin: { email: string; password: string };
}

export interface Product {
  readonly apiUrl: string;
  readonly dataDir: string;
  readonly demo: Demo;
  /** What the product, and any command about this installation, is started with. */
  readonly environment: NodeJS.ProcessEnv;
  /** From the command to being ready, at the latest start. */
  readonly startedInMs: number;
  /** Everything it has printed and logged, over all its starts. */
  output(): string;
  /** Its processes at this moment. */
  pids(): Map<ProcessName, number>;
  /** Ends one process as a crash would, the postmaster with its children. Resolves when it is gone. */
  kill(name: ProcessName): Promise<void>;
  /** Asks it to stop, as Ctrl+C or a service manager does; resolves with its exit status when all its processes are gone. */
  stop(): Promise<number | null>;
  /** Starts it again on the same data folder, whether it was stopped or killed. */
  restart(): Promise<void>;
  /** Ends what is left of it, whatever happened before, and removes its folder. */
  close(): Promise<void>;
}

export interface ProductOptions {
  /** Added to what is made for it, or what to add to that. */
  environment?: Record<string, string> | ((made: NodeJS.ProcessEnv) => Record<string, string>);
  args?: string[];
  /** Done before the first start. */
  prepare?: (environment: NodeJS.ProcessEnv) => Promise<void>;
}

/** Resolves when it has said that it is ready; rejects with its last words when it will not be. */
export async function startProduct({ environment = {}, args = [], prepare }: ProductOptions = {}): Promise<Product> {
  const dataDir = makeClusterFolder("pennypost-product-");
  const made = await productEnvironment(dataDir);
  const added = typeof environment === "function" ? environment(made) : environment;
  const installation = new RunningProduct(dataDir, { ...made, ...added }, args);
  try {
    await prepare?.(installation.environment);
    await installation.restart();
  } catch (error) {
    await installation.close();
    throw error;
  }
  return installation;
}

/** Ports for everything, callbacks to this machine, and nothing of what the tests themselves were started with. */
export async function productEnvironment(dataDir: string): Promise<NodeJS.ProcessEnv> {
  const [web, carrier, mailbox, receiver, printShop, bounces] = await freePorts(6);
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PENNYPOST_|DATABASE_URL$|VITEST|NODE_ENV$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PENNYPOST_DATA_DIR: dataDir,
    PENNYPOST_PORT: String(web),
    PENNYPOST_SANDBOX_CARRIER_PORT: String(carrier),
    PENNYPOST_SANDBOX_MAILBOX_PORT: String(mailbox),
    PENNYPOST_SANDBOX_RECEIVER_PORT: String(receiver),
    PENNYPOST_SANDBOX_PRINT_SHOP_PORT: String(printShop),
    PENNYPOST_BOUNCE_PORT: String(bounces),
    PENNYPOST_CALLBACK_NETWORKS: "127.0.0.0/8",
  };
}

export interface CommandResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a `pennypost` command to its end. */
export function pennypost(environment: NodeJS.ProcessEnv, args: readonly string[], input = ""): Promise<CommandResult> {
  // With the channel a command that does not end by itself ends with us.
  const stdio: StdioOptions = ["pipe", "pipe", "pipe", "ipc"];
  return finish(spawn(process.execPath, [COMMAND, ...args], { ...COMMAND_OPTIONS, env: environment, stdio }), input);
}

/** Runs a command line of a shell to its end, in the checkout. */
export function shell(environment: NodeJS.ProcessEnv, line: string): Promise<CommandResult> {
  return finish(spawn("bash", ["-c", line], { ...COMMAND_OPTIONS, env: environment, stdio: "pipe" }), "");
}

async function finish(child: ChildProcess, input: string): Promise<CommandResult> {
  const result = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => (result.stdout += chunk));
  child.stderr?.on("data", (chunk) => (result.stderr += chunk));
  child.stdin?.end(input);
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...result };
}

class RunningProduct implements Product {
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly #args: readonly string[];
  startedInMs = 0;
  #child: ChildProcess | undefined;
  #output = "";

  constructor(dataDir: string, environment: NodeJS.ProcessEnv, args: readonly string[]) {
    this.dataDir = dataDir;
    this.environment = environment;
    this.#args = args;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.environment["PENNYPOST_PORT"]}`;
  }

  get demo(): Demo {
    return JSON.parse(readFileSync(join(this.dataDir, "demo.json"), "utf8"));
  }

  output(): string {
    return this.#output;
  }

  pids(): Map<ProcessName, number> {
    const pids = new Map<ProcessName, number>();
    const start = this.#child?.pid;
    const postmaster = this.#postmaster();
    if (start !== undefined && !hasEnded(this.#child)) pids.set("start", start);
    for (const { pid, commandLine } of start === undefined ? [] : listChildren(start)) {
      const role = /--roles (web|worker|sandbox|smpp)\b/.exec(commandLine)?.[1];
      if (role !== undefined) pids.set(role as ProcessName, pid);
    }
    if (postmaster !== undefined) pids.set("postmaster", postmaster);
    return pids;
  }

  async kill(name: ProcessName): Promise<void> {
    const pid = this.pids().get(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    const family = [pid, ...(name === "postmaster" ? listChildren(pid).map((child) => child.pid) : [])];
    const reaped = name === "start" && this.#child ? once(this.#child, "exit") : undefined;
    for (const member of family) killIfThere(member);
    await Promise.all([reaped, ...family.map(waitUntilGone)]);
  }

  async stop(): Promise<number | null> {
    const pids = [...this.pids().values()];
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return child?.exitCode ?? null;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    await ended;
    clearTimeout(timer);
    await Promise.all(pids.map(waitUntilGone));
    return child.exitCode;
  }

  async restart(): Promise<void> {
    await this.stop();
    const startedAt = performance.now();
    const from = this.#output.length;
    // With the channel it ends when we end, however that comes about; and a group of its own keeps Ctrl+C for us.
    const child = spawn(process.execPath, [COMMAND, "start", ...this.#args], {
      cwd: ROOT,
      env: this.environment,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (this.#output += chunk));
    await this.#untilReady(child, from);
    this.startedInMs = performance.now() - startedAt;
  }

  async close(): Promise<void> {
    await this.stop();
    const group = this.#child?.pid;
    if (group !== undefined) killIfThere(-group);
    const postmaster = this.#postmaster();
    if (postmaster !== undefined) await stopPostmaster(postmaster);
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #postmaster(): number | undefined {
    return findPostmaster(join(this.dataDir, "postgres-18"))?.pid;
  }

  async #untilReady(child: ChildProcess, from: number): Promise<void> {
    const isReady = () => READY.test(this.#output.slice(from));
    await new Promise<void>((resolve, reject) => {
      const fail = () => reject(new Error(`it did not start:\n${this.#output.slice(-LAST_WORDS_MAX_CHARACTERS)}`));
      const timer = setTimeout(fail, READY_WITHIN_MS);
      child.stdout?.on("data", () => isReady() && resolve());
      // A process with roles tells whoever started it.
      child.on("message", (said: { kind?: string }) => said.kind === "ready" && resolve());
      child.once("close", fail);
      child.once("exit", () => clearTimeout(timer));
    });
  }
}

function hasEnded(child: ChildProcess | undefined): boolean {
  return child !== undefined && (child.exitCode !== null || child.signalCode !== null);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
