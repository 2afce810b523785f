import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { type Database, openDatabase, sqlConstant, sqlPiece } from "./db.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, maxConnections: 1, applicationName: "statements test" });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

describe("a statement", () => {
  it("has values, constants, and pieces with values of their own, each where it was written", async () => {
    const columns = sqlConstant("n.number");
    const between = (low: number, high: number) => sqlPiece`${columns} > ${low}::integer and ${columns} < ${high}`;
    const numbers = async (last: number, low: number, high: number) => {
      const rows = await db.query<{ number: number; last: number }>`
        select ${columns}, ${last}::integer as last from generate_series(1, ${last}::integer) n (number)
        where ${between(low, high)} and n.number <> ${low + 2} order by n.number`;
      return rows.map((row) => [row.number, row.last]);
    };
    expect(await numbers(9, 2, 7)).toEqual([
      [3, 9],
      [5, 9],
      [6, 9],
    ]);
    expect(await numbers(8, 6, 9)).toEqual([[7, 8]]);
  });
});
