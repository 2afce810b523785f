/** `pennypost reset`: removes everything an embedded installation holds. Backups and files that are not ours stay. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { Refusal } from "../../core/refusal.ts";
import { takeOwnership } from "../../platform/postgres/owner-file.ts";
import { findPostmaster, stopPostmaster } from "../../platform/postgres/postmaster.ts";
import { type CommandContext, configOf, JSON_OPTION, say } from "../command.ts";
import { findCluster } from "../connect-database.ts";

const OWNER_FILE = "postgres.owner";
const OUR_FILES = /^(postgres\.(json|log|log\.1)|master\.key|demo\.json|files)$/;

export function addResetCommand(program: Command, context: CommandContext): void {
  program
    .command("reset")
    .description("remove everything an embedded installation holds, and begin anew")
    .option("--yes", "do not ask")
    .option(...JSON_OPTION)
    .action((options: { yes?: boolean; json?: boolean }) => reset(context, options));
}

async function reset(context: CommandContext, options: { yes?: boolean; json?: boolean }): Promise<void> {
  const { databaseUrl, dataDir } = configOf(context);
  if (databaseUrl !== undefined) {
    throw new Refusal("forbidden", "DATABASE_URL is set: a database that is not ours alone is never removed");
  }
  const place = findCluster(dataDir);
  if (!place || !existsSync(place.recordFile)) {
    say(context, options, { json: { removed: [] }, lines: [`There is nothing in ${dataDir}.`] });
    return;
  }
  if (!options.yes) await confirm(context, dataDir);
  const removed = await removeAll(dirname(place.recordFile), place.clusterDir);
  say(context, options, { json: { removed }, lines: removed.map((path) => `removed ${path}`) });
}

async function confirm(context: CommandContext, dataDir: string): Promise<void> {
  if (!context.stdin.isTTY) throw new Refusal("invalid", "Everything would be removed: say --yes");
  const lines = createInterface({ input: context.stdin, output: context.stderr });
  const answer = await lines.question(`Remove every message, template and key in ${dataDir}? Type yes: `);
  lines.close();
  if (answer.trim() !== "yes") throw new Refusal("invalid", "Nothing was removed");
}

/** Whoever owns the server is at work with it; a server that nobody owns any more is stopped. */
async function removeAll(dataDir: string, clusterDir: string): Promise<string[]> {
  const ownership = takeOwnership(join(dataDir, OWNER_FILE));
  if (!ownership) throw new Refusal("conflict", `Pennypost is running on ${dataDir}: stop it first`);
  const server = findPostmaster(clusterDir);
  if (server) await stopPostmaster(server.pid);
  const ours = readdirSync(dataDir).filter((name) => OUR_FILES.test(name));
  const paths = [clusterDir, ...ours.map((name) => join(dataDir, name))];
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  ownership.release();
  return paths;
}
