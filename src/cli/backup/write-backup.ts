/**
 * A whole installation in one file: a gzipped tar of what COPY says of each table, taken in one snapshot, so that the product may go
 * on meanwhile, and of the files beside it. No more than a part of a table, or one file, is in memory at a time.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { createGzip, type Gzip } from "node:zlib";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { Refusal } from "../../core/refusal.ts";
import type { Blobs } from "../../platform/blobs.ts";
import type { Database } from "../../platform/db.ts";
import { writeFiles } from "./backed-up-files.ts";
import { countTable, listMigrations, listPartitions, listTables, useOneTextForm } from "./catalogue.ts";
import {
  BACKUP_FORMAT,
  type BackedUpTable,
  type BackupHead,
  type BackupManifest,
  HEAD_FILE,
  MANIFEST_FILE,
  type TableCount,
} from "./manifest.ts";
import { tarEnd, tarEntry } from "./tar.ts";

const PART_BYTES = 4 * 1024 * 1024;
/** Most of it is sealed and does not compress at any level. */
const GZIP_LEVEL = 1;
const OWNER_ONLY = 0o600;

export interface BackupOptions {
  file: string;
  blobs: Blobs;
  productVersion: string;
  /** The text of the key, to go into the file. */
  masterKey: string | undefined;
  madeAt: Date;
  /** Rows copied so far. */
  onRows: (rows: number) => void;
}

/** Writes the backup under another name first, so that a file of that name is whole. */
export async function writeBackup(db: Database, options: BackupOptions): Promise<BackupManifest> {
  const draft = `${options.file}.part`;
  try {
    const manifest = await db.withConnection((connection) => writeTo(draft, connection, options));
    await syncToDisk(draft);
    await rename(draft, options.file);
    return manifest;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeTo(draft: string, connection: pg.Client, options: BackupOptions): Promise<BackupManifest> {
  const gzip = createGzip({ level: GZIP_LEVEL });
  const file = createWriteStream(draft, { mode: OWNER_ONLY, flags: "w" });
  const written = finished(gzip.pipe(file));
  const broken = new Promise<never>((_, reject) => file.once("error", reject)); // a full disk must not leave us waiting for room
  const manifest = await Promise.race([writeSnapshot(connection, gzip, options), broken]);
  await written;
  return manifest;
}

async function writeSnapshot(connection: pg.Client, gzip: Gzip, options: BackupOptions): Promise<BackupManifest> {
  await useOneTextForm(connection);
  await connection.query("begin isolation level repeatable read read only");
  const head = await describe(connection, options);
  const put = (name: string, content: Buffer) => write(gzip, tarEntry({ name, content }, options.madeAt));
  await put(HEAD_FILE, json(head));
  const tables: TableCount[] = [];
  for (const table of head.tables) tables.push(await writeTable({ connection, put, onRows: options.onRows }, table));
  const manifest: BackupManifest = { tables, files: await writeFiles(options.blobs, put) };
  await put(MANIFEST_FILE, json(manifest));
  await connection.query("commit");
  gzip.end(tarEnd());
  return manifest;
}

async function describe(connection: pg.Client, options: BackupOptions): Promise<BackupHead> {
  const { rows } = await connection.query<{ version: string; fingerprint: string }>(
    "select current_setting('server_version') as version, d.master_key_fingerprint as fingerprint from deployment d",
  );
  const [deployment] = rows;
  if (!deployment) throw new Refusal("not-found", "The database holds no installation");
  return {
    format: BACKUP_FORMAT,
    productVersion: options.productVersion,
    postgresVersion: deployment.version,
    madeAt: options.madeAt.toISOString(),
    migrations: await listMigrations(connection),
    tables: await listTables(connection),
    partitions: await listPartitions(connection),
    masterKeyFingerprint: deployment.fingerprint,
    ...(options.masterKey === undefined ? {} : { masterKey: options.masterKey }),
  };
}

interface TableWriter {
  connection: pg.Client;
  put: (name: string, content: Buffer) => Promise<void>;
  onRows: (rows: number) => void;
}

async function writeTable(writer: TableWriter, { name, columns }: BackedUpTable): Promise<TableCount> {
  const { connection } = writer;
  const hash = createHash("sha256");
  const list = columns.map((column) => connection.escapeIdentifier(column)).join(", ");
  const copy = connection.query(copyTo(`copy (select ${list} from ${connection.escapeIdentifier(name)}) to stdout`));
  let part = 0;
  for await (const content of inParts(copy)) {
    hash.update(content);
    await writer.put(`tables/${name}/${String(part++).padStart(6, "0")}.copy`, content);
  }
  const count = await countTable(connection, name);
  if (copy.rowCount !== count.rows) throw new Error(`${name}: copied ${copy.rowCount} rows of ${count.rows}`);
  writer.onRows(count.rows);
  return { name, ...count, sha256: hash.digest("hex") };
}

/** Chunks of any size as parts of one size. */
async function* inParts(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < PART_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    heldBytes = 0;
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}

async function write(gzip: Gzip, content: Buffer): Promise<void> {
  if (!gzip.write(content)) await once(gzip, "drain");
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

async function syncToDisk(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync().finally(() => file.close());
}
