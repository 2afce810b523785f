import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { PATIENCE } from "../../test/support/patience.ts";
import { type Database, openDatabase } from "./db.ts";

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, maxConnections: 2, applicationName: "listening test" });
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

async function connectionsListening(): Promise<number> {
  const rows = await db.query`
    select a.pid from pg_stat_activity a where a.datname = current_database() and a.query like 'listen %'`;
  return rows.length;
}

function say(payload: string): Promise<object[]> {
  return db.query`select pg_notify('news', ${payload})`;
}

describe("listening to one channel", () => {
  it("takes one connection for all who listen, until the last has closed", async () => {
    const heard: Record<"first" | "second", (string | undefined)[]> = { first: [], second: [] };
    const first = await db.listen("news", (payload) => heard.first.push(payload));
    const second = await db.listen("news", (payload) => heard.second.push(payload));
    expect(await connectionsListening()).toBe(1);
    await say("one");
    await vi.waitFor(() => expect([heard.first.at(-1), heard.second.at(-1)]).toEqual(["one", "one"]), PATIENCE);
    await first.close();
    await say("two");
    await vi.waitFor(() => expect(heard.second.at(-1)).toBe("two"), PATIENCE);
    expect(heard.first).not.toContain("two");
    await second.close();
    await vi.waitFor(async () => expect(await connectionsListening()).toBe(0), PATIENCE);
  });

  it("begins anew after everybody had closed", async () => {
    const heard: (string | undefined)[] = [];
    const subscription = await db.listen("news", (payload) => heard.push(payload));
    await say("three");
    await vi.waitFor(() => expect(heard).toContain("three"), PATIENCE);
    await subscription.close();
  });

  it("tells everybody that something may have been missed when its connection was lost", async () => {
    const heard: (string | undefined)[][] = [[], []];
    const subscriptions = await Promise.all(heard.map((list) => db.listen("news", (payload) => list.push(payload))));
    const before = heard.map((list) => list.length);
    await db.query`
      select pg_terminate_backend(a.pid) from pg_stat_activity a where a.datname = current_database() and a.query like 'listen %'`;
    await vi.waitFor(
      () => expect(heard.map((list, index) => list.length > (before[index] ?? 0))).toEqual([true, true]),
      PATIENCE,
    );
    expect(heard.map((list) => list.at(-1))).toEqual([undefined, undefined]);
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
  });
});
