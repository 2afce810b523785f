/**
 * `pennypost start` with no roles named: keeps the database, starts one process for each role, starts a role again that dies, and stops
 * all of them in turn.
 */
import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { openInstallation } from "../cli/connect.ts";
import { prepareWorld } from "../cli/demo/prepare-world.ts";
import type { Config } from "../config.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import { createLog, type Log } from "../platform/log.ts";
import { makePartitionsAround } from "../records/partitions/partition-store.ts";
import { NODE_ARGUMENTS } from "./node-arguments.ts";
import { untilToldToStop } from "./stopping.ts";
import { welcome } from "./welcome.ts";

type RoleName = "worker" | "web" | "smpp" | "smtp" | "sandbox";
const STOP_WITHIN_MS = 20_000;
const RESTART_FIRST_MS = 200;
const RESTART_MAX_MS = 10_000;
/** A process that ran so long was well; the next restart is quick again. */
const WAS_WELL_AFTER_MS = 30_000;

export interface SuperviseOptions {
  /** The file that a role's process runs. */
  entry: string;
  demo: boolean | undefined;
}

export async function superviseRoles(config: Config, { entry, demo }: SuperviseOptions): Promise<number> {
  const startedAtMs = performance.now();
  const log = createLog({ level: config.logLevel, role: "start" });
  const installation = await openInstallation(config, { log, role: "start", maxConnections: 2 });
  const told = untilToldToStop();
  const roles: SupervisedRole[] = [];
  try {
    await makePartitionsAround(installation.db, new Date());
    const world = await prepareWorld(installation, { config, demo });
    roles.push(...roleNames(config).map((name) => new SupervisedRole({ name, entry, log })));
    const ready = Promise.all(roles.map((role) => role.ready)).then(() => {
      process.stdout.write(welcome(config, { world, seconds: (performance.now() - startedAtMs) / 1_000 }));
    });
    await Promise.race([ready, told]);
    await told;
  } finally {
    for (const role of roles) role.expectEnd();
    for (const role of roles) await role.stop();
    await installation.stop();
  }
  return 0;
}

/** The worker stops first, so that what it sends still finds its carrier. */
function roleNames({ smpp, smtp }: Config): RoleName[] {
  return ["worker", "web", ...(smpp ? ["smpp" as const] : []), ...(smtp ? ["smtp" as const] : []), "sandbox"];
}

/** What a role's process says to us. */
type RoleMessage = { kind: "ready" } | { kind: "cannot-start"; why: string };

interface RoleOptions {
  name: RoleName;
  entry: string;
  log: Log;
}

class SupervisedRole {
  /** Resolves when it is ready for the first time; rejects when it could not start at all. */
  readonly ready: Promise<void>;
  readonly #options: RoleOptions;
  #child: ChildProcess | undefined;
  #isStopping = false;
  #failures = 0;
  #wasReady = false;
  #exited: Promise<void> = Promise.resolve();

  constructor(options: RoleOptions) {
    this.#options = options;
    this.ready = new Promise((resolve, reject) => this.#launch(resolve, reject));
  }

  /** From now on its end is no accident. */
  expectEnd(): void {
    this.#isStopping = true;
  }

  async stop(): Promise<void> {
    this.expectEnd();
    this.#child?.kill("SIGTERM");
    const late = sleep(STOP_WITHIN_MS, "late", { ref: false });
    if ((await Promise.race([this.#exited, late])) === "late") this.#child?.kill("SIGKILL");
    await this.#exited;
  }

  #launch(onReady: () => void, onFailure: (error: Error) => void): void {
    const { name, entry } = this.#options;
    const startedAtMs = performance.now();
    const child = fork(entry, ["start", "--roles", name], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: [...process.execArgv, ...NODE_ARGUMENTS],
    });
    this.#child = child;
    let why: string | undefined;
    child.on("message", (message) => {
      const said = message as RoleMessage;
      if (said.kind === "cannot-start") why = said.why;
      if (said.kind !== "ready") return;
      this.#wasReady = true;
      onReady();
    });
    this.#exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        resolve();
        if (this.#isStopping) return;
        if (!this.#wasReady && code === 1) onFailure(new CannotStart(why ?? `The ${name} process could not start`));
        else
          void this.#launchAgain({
            onReady,
            onFailure,
            reason: why ?? signal ?? `exit ${code}`,
            ranMs: performance.now() - startedAtMs,
          });
      });
    });
  }

  async #launchAgain(again: {
    onReady: () => void;
    onFailure: (error: Error) => void;
    reason: string;
    ranMs: number;
  }): Promise<void> {
    this.#failures = again.ranMs > WAS_WELL_AFTER_MS ? 0 : this.#failures + 1;
    const restartInMs = Math.min(RESTART_FIRST_MS * 2 ** Math.max(0, this.#failures - 1), RESTART_MAX_MS);
    this.#options.log.warn("role.died", { name: this.#options.name, reason: again.reason, restartInMs });
    await sleep(restartInMs);
    if (!this.#isStopping) this.#launch(again.onReady, again.onFailure);
  }
}
