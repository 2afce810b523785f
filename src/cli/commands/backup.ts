/** `pennypost backup [FILE]`: the whole installation in one file, while it runs or not. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Config } from "../../config.ts";
import { Refusal } from "../../core/refusal.ts";
import { openBlobs } from "../../platform/blobs.ts";
import { type Database, openDatabase } from "../../platform/db.ts";
import { loadMasterKey } from "../../platform/master-key.ts";
import { productVersion } from "../../platform/product-version.ts";
import { writeBackup } from "../backup/write-backup.ts";
import { type CommandContext, configOf, JSON_OPTION, quietLog, say } from "../command.ts";
import { connectExisting } from "../connect-database.ts";
import { estimateRows } from "../installation-facts.ts";
import { showProgress } from "../progress.ts";

interface Options {
  withoutKey?: boolean;
  force?: boolean;
  json?: boolean;
}

export function addBackupCommand(program: Command, context: CommandContext): void {
  program
    .command("backup")
    .description("write the whole installation to one file, while it runs or not")
    .argument("[file]", "default: pennypost-backup-<time>.tar.gz")
    .option("--without-key", "leave the master key out; without it the backup cannot be read")
    .option("--force", "replace a file of that name")
    .option(...JSON_OPTION)
    .action((file: string | undefined, options: Options) => backup(context, file, options));
}

async function backup(context: CommandContext, given: string | undefined, options: Options): Promise<void> {
  const madeAt = new Date();
  const file = resolve(
    given ?? `pennypost-backup-${madeAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z.tar.gz`,
  );
  if (existsSync(file) && !options.force)
    throw new Refusal("conflict", `${file} is there already: --force replaces it`);
  const config = configOf(context);
  const hasKey = !options.withoutKey && config.databaseUrl === undefined;
  const { tables, files } = await withDatabase(config, async (db) => {
    const masterKey = hasKey ? await keyText(config) : undefined;
    const total = await estimateRows(db);
    const progress = showProgress(context, { what: "Writing", total, json: options.json });
    const blobs = await openBlobs(config.fileStore);
    const parts = { file, blobs, productVersion: productVersion(), masterKey, madeAt, onRows: progress.add };
    return writeBackup(db, parts).finally(progress.stop);
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const bytes = statSync(file).size;
  say(context, options, {
    json: { file, tables: tables.length, rows, files: files.count, bytes, has_master_key: hasKey },
    lines: [
      `${file}: ${tables.length} tables, ${rows} rows, ${files.count} files, ${megabytes(bytes)} MB.`,
      keyLine(hasKey),
    ],
  });
}

async function withDatabase<T>(config: Config, work: (db: Database) => Promise<T>): Promise<T> {
  const connection = await connectExisting(config, quietLog(config));
  const db = openDatabase({ url: connection.url, maxConnections: 2, applicationName: "pennypost backup" });
  try {
    return await work(db);
  } finally {
    await db.close();
    await connection.stop();
  }
}

async function keyText(config: Config): Promise<string> {
  const { bytes } = await loadMasterKey(config, { mayMake: false });
  return bytes.toString("base64");
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function keyLine(hasKey: boolean): string {
  return hasKey
    ? "The master key is in it: whoever has the file can read everything. Only you can open it now (mode 0600)."
    : "The master key is not in it: keep that apart, or the backup can never be read.";
}
