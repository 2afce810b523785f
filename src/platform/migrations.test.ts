import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEmptyDatabase, type TestDatabase } from "../../test/support/database.ts";
import { silentLog } from "./log.ts";
import { migrate } from "./migrations.ts";

describe("migrate", () => {
  let database: TestDatabase;
  let directory = "";

  beforeEach(async () => {
    database = await createEmptyDatabase();
    directory = mkdtempSync(join(tmpdir(), "pennypost-migrations-"));
    write("0001-first.sql", "create table first (n integer); insert into first values (1);");
    write("0002-second.sql", "create table second (n integer);");
  });
  afterEach(async () => {
    rmSync(directory, { recursive: true });
    await database.drop();
  });

  const write = (name: string, sql: string) => writeFileSync(join(directory, name), sql);
  const run = () => migrate(database.url, { directory, log: silentLog });
  const count = async (table: string): Promise<number> => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(`select count(*)::int as rows from ${table}`).finally(() => client.end());
    return rows[0].rows;
  };

  it("applies what is new, in order, and once", async () => {
    expect(await run()).toEqual({ applied: ["0001-first.sql", "0002-second.sql"] });
    write("0003-third.sql", "alter table second add column m integer");
    expect(await run()).toEqual({ applied: ["0003-third.sql"] });
    expect(await run()).toEqual({ applied: [] });
    expect(await count("first")).toBe(1);
  });

  it("run by several processes at once, one applies everything and the others nothing", async () => {
    const results = await Promise.all([run(), run(), run(), run()]);
    expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 0, 2]);
    expect(await count("schema_migrations")).toBe(2);
  });

  it("undoes a migration that fails, whole, and keeps those before it", async () => {
    write("0003-third.sql", "create table third (n integer); select 1 / 0;");
    await expect(run()).rejects.toThrow("The migration 0003-third.sql failed and changed nothing: division by zero");
    await expect(count("third")).rejects.toThrow("does not exist");
    expect(await count("schema_migrations")).toBe(2);
  });

  it("refuses a file that changed after it was applied", async () => {
    await run();
    write("0001-first.sql", "create table first (n bigint)");
    await expect(run()).rejects.toThrow("The migration 0001-first.sql has changed since it was applied");
  });

  it("refuses a database that is newer than the code", async () => {
    await run();
    rmSync(join(directory, "0002-second.sql"));
    await expect(run()).rejects.toThrow("The database is newer than this version of Pennypost: it has 0002-second.sql");
  });

  it("refuses a file that comes before one already applied", async () => {
    write("0005-fifth.sql", "select 1");
    await run();
    write("0004-fourth.sql", "select 1");
    await expect(run()).rejects.toThrow("The migration 0004-fourth.sql comes before ones already applied");
  });

  it.each([["0003-Third.sql"], ["third.sql"]])("refuses the name %s", async (name) => {
    write(name, "select 1");
    await expect(run()).rejects.toThrow(`The migration ${name} must be named like`);
  });

  it("refuses two files of one number", async () => {
    write("0002-another.sql", "select 1");
    await expect(run()).rejects.toThrow("Two migrations have the number 0002");
  });
});
