/**
 * Brings a database's schema up to the code's: plain SQL files `NNNN-name.sql`, in order, each in a transaction of its own,
 * noted in `schema_migrations`. Any number of processes may call this at once: one works, the others wait and find nothing to do.
 *
 *     const { applied } = await migrate(url, { directory: packagePath("db/migrations"), log });
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { CannotStart } from "./cannot-start.ts";
import type { Log } from "./log.ts";

/** Any number, so long as nothing else in the database uses it. */
const ADVISORY_LOCK = 72_635_610;
const FILE_NAME = /^\d{4}-[a-z0-9-]+\.sql$/;

export interface Migration {
  name: string;
  checksum: string;
  sql: string;
}

export interface AppliedMigration {
  name: string;
  checksum: string;
}

/** Returns the names of what it applied. Throws `CannotStart` when database and files contradict each other. */
export async function migrate(
  connectionString: string,
  options: { directory: string; log: Log },
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.directory);
  const client = new pg.Client({ connectionString, application_name: "pennypost migrate" });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [ADVISORY_LOCK]);
    const pending = pendingMigrations(migrations, await listApplied(client));
    for (const migration of pending) await apply(client, migration, options.log);
    return { applied: pending.map(({ name }) => name) };
  } finally {
    await client.end(); // and the lock with it
  }
}

/** Reads the files in the order of their numbers. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  refuseBadNames(names);
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(directory, name), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

function refuseBadNames(names: string[]): void {
  const bad = names.find((name) => !FILE_NAME.test(name));
  if (bad) throw new CannotStart(`The migration ${bad} must be named like 0001-first-tables.sql`);
  const number = (name: string) => name.slice(0, 4);
  const twin = names.find((name, at) => at > 0 && number(names[at - 1] ?? "") === number(name));
  if (twin) throw new CannotStart(`Two migrations have the number ${number(twin)}: give one of them another`);
}

/** What is still to be applied. What was applied must be there, unchanged, and come before everything that was not. */
export function pendingMigrations(migrations: Migration[], applied: AppliedMigration[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum } of applied) {
    const migration = known.get(name);
    if (!migration) {
      throw new CannotStart(`The database is newer than this version of Pennypost: it has ${name}. Start that version`);
    }
    if (migration.checksum !== checksum) {
      throw new CannotStart(`The migration ${name} has changed since it was applied: undo that, and add a new one`);
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  const pending = migrations.filter(({ name }) => !done.has(name));
  refuseGaps(pending, applied);
  return pending;
}

function refuseGaps([first]: Migration[], applied: AppliedMigration[]): void {
  const overtaken = first && applied.some(({ name }) => name > first.name);
  if (overtaken)
    throw new CannotStart(`The migration ${first.name} comes before ones already applied: number it after them`);
}

async function listApplied(client: pg.Client): Promise<AppliedMigration[]> {
  await client.query(`
    create table if not exists schema_migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
  const { rows } = await client.query<AppliedMigration>("select m.name, m.checksum from schema_migrations m");
  return rows;
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration, log: Log): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query("insert into schema_migrations (name, checksum) values ($1, $2)", [name, checksum]);
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback").catch(() => {});
    throw new CannotStart(`The migration ${name} failed and changed nothing: ${(cause as Error).message}`, { cause });
  }
  log.info("migration.applied", { name });
}
