/** `pennypost migrate`: brings the database up to date. Every start does so by itself; this is for doing it beforehand. */
import type { Command } from "commander";
import { migrate } from "../../platform/migrations.ts";
import { packagePath } from "../../platform/package-files.ts";
import { type CommandContext, configOf, JSON_OPTION, quietLog, say, withInstallation } from "../command.ts";
import { connectExisting, hasDatabase } from "../connect-database.ts";
import { listAppliedMigrations } from "../installation-facts.ts";

export function addMigrateCommand(program: Command, context: CommandContext): void {
  program
    .command("migrate")
    .description("bring the database up to date (every start does so by itself)")
    .option(...JSON_OPTION)
    .action((options: { json?: boolean }) => runMigrate(context, options));
}

async function runMigrate(context: CommandContext, options: { json?: boolean }): Promise<void> {
  const applied = hasDatabase(configOf(context)) ? await migrateExisting(context) : await makeNew(context);
  const lines = applied.length > 0 ? applied.map((name) => `applied ${name}`) : ["The database is up to date."];
  say(context, options, { json: { applied }, lines });
}

async function migrateExisting(context: CommandContext): Promise<string[]> {
  const config = configOf(context);
  const log = quietLog(config);
  const connection = await connectExisting(config, log);
  try {
    return (await migrate(connection.url, { directory: packagePath("db/migrations"), log })).applied;
  } finally {
    await connection.stop();
  }
}

/** A new installation is made whole, with its key. */
async function makeNew(context: CommandContext): Promise<string[]> {
  const rows = await withInstallation(context, "migrate", ({ db }) => listAppliedMigrations(db));
  return rows.map(({ name }) => name);
}
