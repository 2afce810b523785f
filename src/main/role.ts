/** One process with the roles it was given: starts them, says that it is ready, and stops them when it is told to. */
import { openInstallation } from "../cli/connect.ts";
import type { Config } from "../config.ts";
import type { App } from "../flow/app.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import { createLog } from "../platform/log.ts";
import { makePartitionsAround } from "../records/partitions/partition-store.ts";
import { buildApp } from "./build-app.ts";
import { untilToldToStop } from "./stopping.ts";

export interface Role {
  stop(): Promise<void>;
}

/** A role's code is loaded only by the processes that have it. */
const ROLES: Record<string, (app: App, config: Config) => Promise<Role>> = {
  web: async (app, config) => (await import("./web.ts")).startWeb(app, config),
  worker: async (app, config) => (await import("./worker.ts")).startWorker(app, config),
  smpp: async (app, config) => (await import("./smpp.ts")).startSmpp(app, config),
  smtp: async (app, config) => (await import("./smtp.ts")).startSmtp(app, config),
  sandbox: async (app, config) => (await import("./sandbox.ts")).startSandbox(app, config),
};

const ROLE_NAMES = Object.keys(ROLES);

/** Runs until the process is told to stop; resolves with its exit status. Why it cannot start is told to who started it, if that is us. */
export async function startRole(config: Config, names: readonly string[]): Promise<number> {
  try {
    return await runRole(config, names);
  } catch (error) {
    if (!(error instanceof CannotStart) || !process.send) throw error;
    const message = { kind: "cannot-start", why: error.message };
    await new Promise((resolve) => process.send?.(message, undefined, {}, resolve));
    return 1;
  }
}

async function runRole(config: Config, names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !(name in ROLES));
  if (unknown !== undefined) throw new CannotStart(`There is no role "${unknown}"; roles are ${ROLE_NAMES.join(", ")}`);
  const log = createLog({ level: config.logLevel, role: names.join("+") });
  const installation = await openInstallation(config, { log, role: names.join("+") });
  await makePartitionsAround(installation.db, new Date());
  const app = await buildApp(config, installation, log);
  const roles: Role[] = [];
  try {
    for (const name of names) roles.push(await (ROLES[name] as (typeof ROLES)[string])(app, config));
    log.info("role.ready", {});
    if (process.send && !process.connected) return 0; // Whoever started us is gone, and what they start next needs our ports.
    process.send?.({ kind: "ready" });
    await untilToldToStop();
  } finally {
    await Promise.allSettled(roles.map((role) => role.stop()));
    await installation.stop();
  }
  return 0;
}
