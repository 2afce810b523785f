import pg from "pg";
import { describe, expect, it } from "vitest";
import { createTestDatabase } from "./database.ts";

async function listTables(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const sql = "select tablename as name from pg_tables where schemaname = 'public' order by 1";
  const { rows } = await client.query<{ name: string }>(sql).finally(() => client.end());
  return rows.map(({ name }) => name);
}

describe("createTestDatabase", () => {
  it("makes databases of the migrated schema, each its own", async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(one.url).not.toBe(two.url);
    expect(await listTables(one.url)).toContain("schema_migrations");
    expect(await listTables(two.url)).toEqual(await listTables(one.url));
    await one.drop();
    await expect(listTables(one.url)).rejects.toMatchObject({ code: "3D000" });
    await two.drop();
  });
});
