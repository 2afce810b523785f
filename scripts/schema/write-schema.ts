/**
 * Writes `db/schema.sql` from what the migrations make of an empty database. With `--check` it writes nothing and fails when
 * the file is not current.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { silentLog } from "../../src/platform/log.ts";
import { migrate } from "../../src/platform/migrations.ts";
import { withTemporaryCluster } from "../../test/support/temporary-cluster.ts";
import { describeSchema } from "./describe-schema.ts";

const SCHEMA_FILE = fileURLToPath(new URL("../../db/schema.sql", import.meta.url));
const MIGRATIONS = fileURLToPath(new URL("../../db/migrations", import.meta.url));
const HEADING =
  "-- Written by `npm run schema` from the catalogue of a migrated database. Do not edit: add a migration.\n\n";

const schema = HEADING + (await withTemporaryCluster(schemaOfMigrations));
if (!process.argv.includes("--check")) await writeFile(SCHEMA_FILE, schema);
else if ((await readCommitted()) !== schema) {
  console.error("db/schema.sql is not what the migrations make: run npm run schema");
  process.exitCode = 1;
}

async function schemaOfMigrations(url: string): Promise<string> {
  await migrate(url, { directory: MIGRATIONS, log: silentLog });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return describeSchema(client).finally(() => client.end());
}

function readCommitted(): Promise<string> {
  return readFile(SCHEMA_FILE, "utf8").catch(() => "");
}
