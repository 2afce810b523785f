/**
 * Databases for tests: each a copy of one migrated template, on one server for the whole run.
 *
 *     const { url, drop } = await createTestDatabase();
 */
import { createHash, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { inject } from "vitest";
import { silentLog } from "../../src/platform/log.ts";
import { migrate, readMigrations } from "../../src/platform/migrations.ts";
import { startEmbeddedPostgres } from "../../src/platform/postgres/embedded.ts";
import { THROW_AWAY_SETTINGS } from "../../src/platform/postgres/settings.ts";

const MIGRATIONS = fileURLToPath(new URL("../../db/migrations", import.meta.url));
const TEMPLATE_LOCK = 1;
const HASH_CHARACTERS = 12;

export interface TestDatabase {
  url: string;
  /** Removes it, ending whatever is still connected. */
  drop(): Promise<void>;
}

/** Makes a database with the schema of `db/migrations` and no rows. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await joinServer();
  return withConnection(server.url, async (client) => {
    const template = await ensureTemplate(client, server.url);
    return copy(client, server.url, template);
  });
}

/** Makes an empty database, without the schema. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const server = await joinServer();
  return withConnection(server.url, (client) => copy(client, server.url, "template1"));
}

/** The first test process to come starts the server; it outlives that process, and the run stops it in the end. */
function joinServer(): Promise<{ url: string }> {
  const dataDir = inject("clusterFolder");
  return startEmbeddedPostgres({ dataDir, log: silentLog, settings: THROW_AWAY_SETTINGS });
}

/** The template is named after what the migrations say, and appears under that name only when it is whole. */
async function ensureTemplate(client: pg.Client, serverUrl: string): Promise<string> {
  const checksums = (await readMigrations(MIGRATIONS)).map(({ checksum }) => checksum).join();
  const name = `template_${createHash("sha256").update(checksums).digest("hex").slice(0, HASH_CHARACTERS)}`;
  await client.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await client.query("select 1 from pg_database d where d.datname = $1", [name]);
    if (!rowCount) await makeTemplate(client, serverUrl, name);
  } finally {
    await client.query("select pg_advisory_unlock($1)", [TEMPLATE_LOCK]);
  }
  return name;
}

async function makeTemplate(client: pg.Client, serverUrl: string, name: string): Promise<void> {
  await client.query("drop database if exists template_draft with (force)");
  await client.query("create database template_draft");
  await migrate(urlOf(serverUrl, "template_draft"), { directory: MIGRATIONS, log: silentLog });
  await client.query(`alter database template_draft rename to ${name}`);
}

async function copy(client: pg.Client, serverUrl: string, template: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  // By files: through the log, as is usual, it takes three times as long, and here nothing waits for the disk.
  await client.query(`create database ${name} template ${template} strategy file_copy`);
  const drop = () =>
    withConnection(serverUrl, async (dropper) => {
      await dropper.query(`drop database if exists ${name} with (force)`);
    });
  return { url: urlOf(serverUrl, name), drop };
}

async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
