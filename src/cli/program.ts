/**
 * The command line. Each command is in a file of its own; what it refuses is thrown, and whoever runs the program prints it in one line.
 *
 *     const status = await createProgram({ start, environment: process.env, sandboxScanner }).run(["status", "--json"]);
 */
import { Command, CommanderError } from "commander";
import { CannotStart } from "../platform/cannot-start.ts";
import { isDatabaseAway } from "../platform/db.ts";
import { productVersion } from "../platform/product-version.ts";
import type { AddCommand, CommandContext } from "./command.ts";
import { addApplyCommand } from "./commands/apply.ts";
import { addAuditCommand } from "./commands/audit.ts";
import { addBackupCommand } from "./commands/backup.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addExportCommand } from "./commands/export.ts";
import { addLettersCommand } from "./commands/letters.ts";
import { addLookupCommand } from "./commands/lookup.ts";
import { addMigrateCommand } from "./commands/migrate.ts";
import { addResetCommand } from "./commands/reset.ts";
import { addRestoreCommand } from "./commands/restore.ts";
import { addRouteCommand } from "./commands/route.ts";
import { addSandboxCommand } from "./commands/sandbox.ts";
import { addSendCommand } from "./commands/send.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addTokenCommand } from "./commands/token.ts";
import { addUserCommand } from "./commands/user.ts";

export interface StartOptions {
  /** Undefined: one process for each. */
  roles?: readonly string[];
  /** Undefined: only where there is nothing yet. */
  demo?: boolean;
}

export interface ProgramParts extends Partial<Pick<CommandContext, "stdin" | "stdout" | "stderr">> {
  /** Runs the product until it is told to stop; resolves with the exit status. */
  start(options: StartOptions): Promise<number>;
  environment: CommandContext["environment"];
  sandboxScanner: CommandContext["sandboxScanner"];
}

export interface Program {
  /** Runs one command line; resolves with the exit status, rejects with what the operator is to read. */
  run(argv: readonly string[]): Promise<number>;
}

const COMMANDS: readonly AddCommand[] = [
  addApplyCommand,
  addExportCommand,
  addUserCommand,
  addSendCommand,
  addLookupCommand,
  addAuditCommand,
  addRouteCommand,
  addSandboxCommand,
  addLettersCommand,
  addTokenCommand,
  addStatusCommand,
  addDoctorCommand,
  addMigrateCommand,
  addBackupCommand,
  addRestoreCommand,
  addResetCommand,
];

export function createProgram(parts: ProgramParts): Program {
  const { stdin = process.stdin, stdout = process.stdout, stderr = process.stderr } = parts;
  const { environment, sandboxScanner } = parts;
  const context: CommandContext = { stdin, stdout, stderr, environment, sandboxScanner, exit: { status: 0 } };
  const program = new Command("pennypost")
    .description("A notification service you run yourself.")
    .version(productVersion(), "-V, --version")
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) });
  addStartCommand(program, context, parts.start);
  for (const add of COMMANDS) add(program, context);
  return { run: (argv) => run(program, context, argv) };
}

function addStartCommand(program: Command, context: CommandContext, start: ProgramParts["start"]): void {
  program
    .command("start")
    .description("run Pennypost until it is told to stop")
    .option(
      "--roles <names>",
      "run only these roles, in this process: web, worker, smpp, smtp, sandbox (comma-separated)",
    )
    .option("--demo", "make the demonstration world, if nothing is set up yet")
    .option("--no-demo", "leave the demonstration world out")
    .action(async (options: { roles?: string; demo?: boolean }) => {
      const roles = options.roles
        ?.split(",")
        .map((role) => role.trim())
        .filter(Boolean);
      context.exit.status = await start({
        ...(roles ? { roles } : {}),
        ...(options.demo === undefined ? {} : { demo: options.demo }),
      });
    });
}

async function run(program: Command, context: CommandContext, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync([...argv], { from: "user" });
    return context.exit.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode; // it has said what is wrong
    if (isDatabaseAway(error))
      throw new CannotStart(`The database cannot be reached: ${reason(error)}`, { cause: error });
    throw error;
  }
}

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return message || code || "unknown";
}
