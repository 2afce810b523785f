/** What the database's own catalogue says of the tables that a backup holds. */
import type pg from "pg";
import type { AppliedMigration } from "../../platform/migrations.ts";
import type { BackedUpPartition, BackedUpTable, TableCount } from "./manifest.ts";

/** Values as text are the same on both sides only when these are. */
const TEXT_FORM =
  "set timezone = 'UTC'; set datestyle = 'ISO'; set bytea_output = 'hex'; set intervalstyle = 'postgres'";

/** For the rest of the connection. */
export async function useOneTextForm(connection: pg.Client): Promise<void> {
  await connection.query(TEXT_FORM);
}

/** Our tables, each after those it refers to. What migrations have been applied is told apart from them. */
export async function listTables(connection: pg.Client): Promise<BackedUpTable[]> {
  const { rows } = await connection.query<BackedUpTable & { refers_to: string[] }>(`
    select c.relname::text as name,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      array(select f.confrelid::regclass::text from pg_constraint f where f.conrelid = c.oid and f.contype = 'f') as refers_to
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> 'schema_migrations'
    order by c.relname`);
  return inOrderOfReference(rows).map(({ name, columns }) => ({ name, columns }));
}

function inOrderOfReference<Table extends { name: string; refers_to: string[] }>(tables: readonly Table[]): Table[] {
  const ordered: Table[] = [];
  const isPlaced = (name: string) => ordered.some((table) => table.name === name);
  while (ordered.length < tables.length) {
    const next = tables.find(
      (table) => !isPlaced(table.name) && table.refers_to.every((name) => name === table.name || isPlaced(name)),
    );
    if (!next) throw new Error("tables refer to one another in a circle");
    ordered.push(next);
  }
  return ordered;
}

export async function listPartitions(connection: pg.Client): Promise<BackedUpPartition[]> {
  const { rows } = await connection.query<BackedUpPartition>(`
    select parent.relname::text as parent, child.relname::text as name, pg_get_expr(child.relpartbound, child.oid) as bounds,
      coalesce(array_to_string(child.reloptions, ','), '') as options
    from pg_inherits i join pg_class parent on parent.oid = i.inhparent join pg_class child on child.oid = i.inhrelid
    where parent.relkind = 'p' and child.relkind = 'r' and child.relnamespace = 'public'::regnamespace
    order by child.relname`);
  return rows;
}

export async function listMigrations(connection: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await connection.query<AppliedMigration>(
    "select m.name, m.checksum from schema_migrations m order by m.name",
  );
  return rows;
}

/** How many rows a table has and what they add up to, whatever their order. */
export async function countTable(connection: pg.Client, table: string): Promise<Pick<TableCount, "rows" | "contents">> {
  const { rows } = await connection.query<{ rows: number; contents: string }>(`
    select count(*) as rows, coalesce(sum(
      ('x' || encode(substring(sha256(convert_to(t::text, 'UTF8')) from 1 for 7), 'hex'))::bit(56)::bigint), 0)::text as contents
    from ${connection.escapeIdentifier(table)} t`);
  return rows[0] ?? { rows: 0, contents: "0" };
}
