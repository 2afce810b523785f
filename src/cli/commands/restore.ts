/** `pennypost restore FILE`: a backup into an empty data folder or database. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { Config } from "../../config.ts";
import { Refusal } from "../../core/refusal.ts";
import { openBlobs } from "../../platform/blobs.ts";
import { openDatabase } from "../../platform/db.ts";
import { loadMasterKey, masterKeyFile } from "../../platform/master-key.ts";
import { migrate } from "../../platform/migrations.ts";
import { packagePath } from "../../platform/package-files.ts";
import type { BackupHead, BackupManifest } from "../backup/manifest.ts";
import { migrateAsBackup, type OpenBackup, openBackup, readContents, refuseIfNotEmpty } from "../backup/read-backup.ts";
import { type CommandContext, configOf, JSON_OPTION, quietLog, say } from "../command.ts";
import { connectDatabase, hasDatabase } from "../connect-database.ts";
import { showProgress } from "../progress.ts";

interface Options {
  json?: boolean;
}

export function addRestoreCommand(program: Command, context: CommandContext): void {
  program
    .command("restore")
    .description("put a backup into an empty data folder or database")
    .argument("<file>", "what pennypost backup wrote")
    .option(...JSON_OPTION)
    .action((file: string, options: Options) => restore(context, file, options));
}

async function restore(context: CommandContext, file: string, options: Options): Promise<void> {
  const config = configOf(context);
  const backup = await openBackup(file);
  if (config.databaseUrl === undefined && hasDatabase(config)) {
    throw new Refusal(
      "conflict",
      `There is an installation in ${config.dataDir}: restore into an empty folder, or remove it with pennypost reset`,
    );
  }
  const key = await judgeKey(config, backup.head);
  const { tables, files } = await restoreInto(context, backup, { config, key, json: options.json });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  say(context, options, {
    json: { tables: tables.length, rows, files: files.count, made_at: backup.head.madeAt },
    lines: [
      `${tables.length} tables, ${rows} rows, ${files.count} files, nothing missing. The backup was made at ${backup.head.madeAt}.`,
    ],
  });
}

/** The key to write to the data folder, or none when the right one is there. */
async function judgeKey(config: Config, head: BackupHead): Promise<string | undefined> {
  const isThere = config.masterKey !== undefined || existsSync(masterKeyFile(config.dataDir));
  if (isThere) {
    const { fingerprint } = await loadMasterKey(config, { mayMake: false });
    if (fingerprint === head.masterKeyFingerprint) return undefined;
    throw new Refusal(
      "conflict",
      `The master key here (fingerprint ${fingerprint}) is not the backup's (${head.masterKeyFingerprint})`,
    );
  }
  if (head.masterKey !== undefined) return head.masterKey;
  throw new Refusal(
    "not-found",
    `The backup has no master key: set PENNYPOST_MASTER_KEY, or put the key (fingerprint ${head.masterKeyFingerprint}) in ${masterKeyFile(config.dataDir)}`,
  );
}

async function restoreInto(
  context: CommandContext,
  backup: OpenBackup,
  target: { config: Config; key: string | undefined; json: boolean | undefined },
): Promise<BackupManifest> {
  const { config, key } = target;
  const log = quietLog(config);
  const connection = await connectDatabase(config, log);
  const db = openDatabase({ url: connection.url, maxConnections: 2, applicationName: "pennypost restore" });
  const progress = showProgress(context, { what: "Reading", total: 0, json: target.json });
  try {
    await refuseIfNotEmpty(db);
    if (key !== undefined) await writeKey(config.dataDir, key);
    await migrateAsBackup(connection.url, backup.head, log);
    const openStore = () => openBlobs(config.fileStore);
    const manifest = await readContents(db, backup, { openStore, onRows: progress.add });
    await migrate(connection.url, { directory: packagePath("db/migrations"), log });
    return manifest;
  } finally {
    progress.stop();
    await db.close();
    await connection.stop();
  }
}

async function writeKey(dataDir: string, key: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  await writeFile(masterKeyFile(dataDir), `${key}\n`, { mode: 0o600, flag: "wx" });
}
