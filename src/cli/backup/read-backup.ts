/** Puts a backup into an empty database, and proves that everything is there before it is kept. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { Refusal } from "../../core/refusal.ts";
import type { Blobs } from "../../platform/blobs.ts";
import type { Database } from "../../platform/db.ts";
import type { Log } from "../../platform/log.ts";
import { migrate, readMigrations } from "../../platform/migrations.ts";
import { packagePath } from "../../platform/package-files.ts";
import { FileCopy, isFileEntry, NO_FILES } from "./backed-up-files.ts";
import { countTable, listTables, useOneTextForm } from "./catalogue.ts";
import { type BackupHead, type BackupManifest, HEAD_FILE, MANIFEST_FILE, parseHead } from "./manifest.ts";
import { readTar, type TarEntry } from "./tar.ts";

const TABLE_FILE = /^tables\/([a-z0-9_]+)\/\d{6,}\.copy$/;

export interface OpenBackup {
  head: BackupHead;
  /** The rest of the archive. */
  entries: AsyncGenerator<TarEntry>;
}

/** Opens a file and reads what it says about itself. */
export async function openBackup(file: string): Promise<OpenBackup> {
  const entries = readTar(decompressed(file));
  const first = await entries.next();
  if (first.done || first.value.name !== HEAD_FILE) throw new Refusal("invalid", `${file} is no backup of Pennypost`);
  return { head: parseHead(first.value.content), entries };
}

async function* decompressed(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "is not there" : `cannot be read, or is damaged (${code})`;
    throw new Refusal("invalid", `${file} ${why}`);
  }
}

/** Refuses a database in which there is anything. */
export async function refuseIfNotEmpty(db: Database): Promise<void> {
  const full = await db.withConnection(async (connection) => {
    for (const { name } of await listTables(connection)) {
      const { rowCount } = await connection.query(`select from ${connection.escapeIdentifier(name)} limit 1`);
      if (rowCount) return name;
    }
    return undefined;
  });
  if (full !== undefined) {
    throw new Refusal(
      "conflict",
      `The database is not empty (there is something in ${full}): restore into an empty one`,
    );
  }
}

/** Brings an empty database to where the backup's was. */
export async function migrateAsBackup(url: string, head: BackupHead, log: Log): Promise<void> {
  const directory = packagePath("db/migrations");
  const known = new Map((await readMigrations(directory)).map(({ name, checksum }) => [name, checksum]));
  const strange = head.migrations.find(({ name, checksum }) => known.get(name) !== checksum);
  if (strange) {
    throw new Refusal(
      "conflict",
      `The backup was made by a version of Pennypost that this one does not know (${head.productVersion}, ${strange.name}): restore it with that version`,
    );
  }
  const earlier = await mkdtemp(join(tmpdir(), "pennypost-migrations-"));
  try {
    for (const { name } of head.migrations) await copyFile(join(directory, name), join(earlier, name));
    await migrate(url, { directory: earlier, log });
  } finally {
    await rm(earlier, { recursive: true, force: true });
  }
}

export interface ReadOptions {
  /** Where the files go; asked for when there is one. */
  openStore: () => Promise<Blobs>;
  onRows: (rows: number) => void;
}

/** Copies tables and files in and compares them with what the backup says it held: all of it is kept, or nothing. */
export async function readContents(db: Database, backup: OpenBackup, options: ReadOptions): Promise<BackupManifest> {
  const files = new FileCopy(options.openStore);
  try {
    return await db.withConnection((connection) => readInto(connection, backup, { files, onRows: options.onRows }));
  } catch (error) {
    await files.takeBack();
    throw error;
  }
}

interface Reading {
  files: FileCopy;
  onRows: (rows: number) => void;
}

async function readInto(connection: pg.Client, backup: OpenBackup, reading: Reading): Promise<BackupManifest> {
  await useOneTextForm(connection);
  await connection.query("begin");
  await makePartitions(connection, backup.head);
  const { manifest, hashes } = await copyContents(connection, backup, reading);
  for (const table of manifest.tables) {
    const found = { ...(await countTable(connection, table.name)), sha256: hashes.get(table.name) };
    refuseDifference(table, found);
  }
  reading.files.refuseDifference(manifest.files);
  await connection.query("commit");
  await connection.query("analyze");
  return manifest;
}

async function makePartitions(connection: pg.Client, head: BackupHead): Promise<void> {
  for (const { parent, name, bounds, options } of head.partitions) {
    const storage = options === "" ? "" : ` with (${options})`;
    await connection.query(
      `create table if not exists ${name} partition of ${parent} ${bounds.toLowerCase()}${storage}`,
    );
  }
}

async function copyContents(connection: pg.Client, backup: OpenBackup, { files, onRows }: Reading) {
  const { head, entries } = backup;
  const hashes = new Map(head.tables.map(({ name }) => [name, createHash("sha256")]));
  let copying: TableCopy | undefined;
  for await (const { name, content } of entries) {
    const table = TABLE_FILE.exec(name)?.[1];
    if (copying && copying.table !== table) {
      onRows(await copying.end());
      copying = undefined;
    }
    if (name === MANIFEST_FILE) return { manifest: manifestOf(content, head), hashes: digests(hashes) };
    if (isFileEntry(name)) {
      await files.write(name, content);
      continue;
    }
    copying ??= new TableCopy(connection, head, table);
    hashes.get(copying.table)?.update(content);
    await copying.write(content);
  }
  throw new Refusal("invalid", "The backup is cut short");
}

function manifestOf(content: Buffer, head: BackupHead): BackupManifest {
  const manifest: BackupManifest = { files: NO_FILES, ...JSON.parse(content.toString("utf8")) };
  const missing = head.tables.find(({ name }) => !manifest.tables.some((table) => table.name === name));
  if (missing) throw new Refusal("invalid", `The backup does not say what ${missing.name} held`);
  return manifest;
}

function digests(hashes: ReadonlyMap<string, ReturnType<typeof createHash>>): Map<string, string> {
  return new Map([...hashes].map(([name, hash]) => [name, hash.digest("hex")]));
}

/** One table on its way in. */
class TableCopy {
  readonly table: string;
  readonly #stream: ReturnType<typeof copyFrom>;

  constructor(connection: pg.Client, head: BackupHead, table: string | undefined) {
    const known = head.tables.find(({ name }) => name === table);
    if (!known) throw new Refusal("invalid", "The backup holds a table that it does not name");
    this.table = known.name;
    const columns = known.columns.map((column) => connection.escapeIdentifier(column)).join(", ");
    this.#stream = connection.query(
      copyFrom(`copy ${connection.escapeIdentifier(known.name)} (${columns}) from stdin`),
    );
    this.#stream.on("error", () => {}); // told by write and end
  }

  async write(content: Buffer): Promise<void> {
    if (!this.#stream.write(content)) await once(this.#stream, "drain");
  }

  async end(): Promise<number> {
    this.#stream.end();
    await finished(this.#stream);
    return this.#stream.rowCount;
  }
}

function refuseDifference(
  said: { name: string; rows: number; contents: string; sha256: string },
  found: { rows: number; contents: string; sha256: string | undefined },
): void {
  if (said.rows === found.rows && said.contents === found.contents && said.sha256 === found.sha256) return;
  throw new Refusal(
    "invalid",
    `The backup is damaged: ${said.name} held ${said.rows} rows, and ${found.rows} came out, or others. Nothing was kept`,
  );
}
