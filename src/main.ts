/** The product: picks roles, builds the app, starts it, stops it. The only place where things are wired. */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createProgram } from "./cli/program.ts";
import { readConfig } from "./config.ts";
import { Refusal } from "./core/refusal.ts";
import { CannotStart } from "./platform/cannot-start.ts";
import { sandboxScanner } from "./sandbox/scanner/sandbox-scanner.ts";

export interface StartOptions {
  /** Run these roles in this process; none named: one process for each. */
  roles?: readonly string[] | undefined;
  /** Undefined: made in an empty embedded database. */
  demo?: boolean | undefined;
}

/** Runs a command line; resolves with the exit status. What the operator can mend is one line, without a stack. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const program = createProgram({ start: (options) => start(options), environment: process.env, sandboxScanner });
    return await program.run(argv);
  } catch (error) {
    if (!(error instanceof CannotStart || error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function start({ roles = [], demo }: StartOptions): Promise<number> {
  const config = readConfig(process.env);
  if (roles.length > 0) return (await import("./main/role.ts")).startRole(config, roles);
  const { superviseRoles } = await import("./main/supervisor.ts");
  return superviseRoles(config, { entry: fileURLToPath(import.meta.url), demo });
}

/** The processes that supervision starts run this file itself. */
const isEntry = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isEntry) process.exit(await run(process.argv.slice(2))); // what a failed start had begun would hold the process
