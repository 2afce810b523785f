import pg from "pg";
import { describe, expect, it } from "vitest";
import { createEmptyDatabase } from "../../test/support/database.ts";
import { describeSchema } from "./describe-schema.ts";

const EVERYTHING = `
  create type mood as enum ('glad', 'sad');
  create sequence tickets;
  create function touch() returns trigger language plpgsql as $$ begin new.at = now(); return new; end $$;
  create table people (
    id bigint generated always as identity primary key, name text not null default 'nobody', mood mood,
    shout text generated always as (upper(name)) stored, at timestamptz, check (name <> '')
  ) with (fillfactor = 80);
  create unique index people_by_name on people (lower(name)) where mood = 'glad';
  create trigger people_touched before update on people for each row execute function touch();
  create table visits (day date not null, person bigint references people, primary key (day, person)) partition by range (day);
  create index visits_of on visits (person);
  create table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01');
  create view glad_people as select name from people where mood = 'glad';`;

async function schemaAfter(sql: string): Promise<string> {
  const { url, drop } = await createEmptyDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  return describeSchema(client).finally(async () => {
    await client.end();
    await drop();
  });
}

describe("describeSchema", () => {
  it("describes a database so that its description makes another like it", async () => {
    const described = await schemaAfter(EVERYTHING);
    for (const word of ["mood", "tickets", "touch()", "shout", "people_by_name", "people_touched", "fillfactor=80"]) {
      expect(described).toContain(word);
    }
    expect(described).toContain("create table visits_2026 partition of visits FOR VALUES FROM ('2026-01-01')");
    expect(await schemaAfter(described)).toBe(described);
  });
});
