/** Letters in the figures of a service: how they were posted, how many sheets each had, and what that costs. */
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readyLetter } from "../../../test/support/ready-letters.ts";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { countHours } from "./count-hours.ts";
import { readUsage } from "./read-usage.ts";
import { spentIn } from "./warn-of-budgets.ts";

const HOUR_MS = 3_600_000;
/** Noon in London, in a summer that has all its rates. */
const NOW = new Date("2026-06-15T11:00:00Z");
const MIGRATION = new URL("../../../db/migrations/0034-letters-counted.sql", import.meta.url);
/** From here on it puts right what was counted before. */
const BACKFILL = "-- Hours with letters are counted again";

let world: World;
let service: WorldService;
let now = NOW;
beforeEach(async () => {
  now = NOW;
  world = await createWorld({ clock: { now: () => now } });
  service = await world.service();
});
afterEach(() => world.close());

interface Sent {
  postage?: "first" | "second";
  pages?: number;
  status?: string;
  keyKind?: "live" | "test";
  createdAt?: Date;
}

async function sent({ postage = "second", ...wish }: Sent): Promise<string> {
  const { id } = await readyLetter(world, service, { createdAt: new Date(now.getTime() - 3 * HOUR_MS), ...wish });
  await world.app.db.query`update letters set postage = ${postage} where notification_id = ${id}`;
  return id;
}

async function sendSome(): Promise<void> {
  await sent({ status: "delivered" });
  await sent({ status: "returned-letter", pages: 2 });
  await sent({ status: "delivered", postage: "first", pages: 3 });
  await sent({ status: "validation-failed" });
  await sent({ status: "cancelled" });
  await sent({ status: "delivered", keyKind: "test" });
}

const EXPECTED = {
  letters: 3,
  sheets: 4,
  cost: "3.07",
  byPostage: [
    { postage: "first", sheetsEach: 2, rate: "1.61", letters: 1, cost: "1.61" },
    { postage: "second", sheetsEach: 1, rate: "0.73", letters: 2, cost: "1.46" },
  ],
};

const read = () => readUsage(world.app, service.id, 2026);

async function countAll(): Promise<void> {
  for (let left = 1; left > 0; ) {
    const { counted, folded } = await countHours(world.app);
    left = counted + folded;
  }
}

/** To a time at which nothing was sent for long: hours in between need not be counted. */
async function passTo(moment: string): Promise<void> {
  now = new Date(moment);
  await world.app.db.query`
    insert into counted_hours (hour, counted_at, has_unfinished, is_folded)
    values (date_trunc('hour', ${now}::timestamptz - interval '5 hours'), ${now}, false, true)`;
}

async function hoursKept(): Promise<number> {
  return (await world.app.db.query`select 1 from hourly_statistics where service_id = ${service.id}`).length;
}

describe("letters in a service's usage", () => {
  it("are the same by postage when asked for, in counted hours, and in their days", async () => {
    await sendSome();
    expect(await read()).toMatchObject(EXPECTED);
    await countAll();
    expect(await hoursKept()).toBeGreaterThan(0);
    expect(await read()).toMatchObject(EXPECTED);
    await passTo("2026-06-25T11:00:00Z");
    await countAll();
    expect(await hoursKept()).toBe(0);
    expect(await read()).toMatchObject(EXPECTED);
  });

  it("are not among those that are printed until they are on paper", async () => {
    const id = await sent({ status: "created" });
    await world.app.db.query`update notifications set fragments = 0 where id = ${id}`;
    expect(await read()).toMatchObject({ letters: 0, cost: "0.0", byPostage: [] });
  });

  it("cost what they did on their day", async () => {
    for (const day of ["2026-04-05", "2026-04-10"])
      await sent({ status: "delivered", postage: "first", createdAt: new Date(`${day}T10:00:00Z`) });
    const { byPostage, cost } = await read();
    expect(byPostage.map(({ rate, letters }) => [rate, letters])).toEqual([
      ["1.56", 1],
      ["1.49", 1],
    ]);
    expect(cost).toBe("3.05");
  });

  it("do not count towards a budget, which is for texts", async () => {
    await sendSome();
    const { months } = await read();
    expect(months.find(({ month }) => month === "2026-06")).toMatchObject({ letters: 3, textCost: "0.0" });
    await countAll();
    expect(await spentIn(world.app, service.id, "2026-06")).toBe("0.0");
  });
});

/** As the release before has left it. */
async function forgetPostage(): Promise<void> {
  for (const [table, place] of [
    ["hourly_statistics", "hour"],
    ["daily_statistics", "day"],
  ])
    await world.app.db.transaction((tx) =>
      tx.execute(`
        create temporary table before on commit drop as
          select service_id, ${place}, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix,
            sum(messages)::integer as messages, sum(fragments)::integer as fragments
          from ${table} where channel = 'letter' group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
        delete from ${table} where channel = 'letter';
        insert into ${table} (service_id, ${place}, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix,
          messages, fragments) select * from before`),
    );
}

async function putRight(): Promise<void> {
  const sql = await readFile(MIGRATION, "utf8");
  await world.app.db.transaction((tx) => tx.execute(sql.slice(sql.indexOf(BACKFILL))));
}

describe("letters that were counted before postage was", () => {
  it("are counted anew: by hour by the housekeeping, by day at once where all letters of the day are still there", async () => {
    await passTo("2026-05-20T13:00:00Z");
    await sendSome();
    const gone = await sent({ status: "delivered" });
    await countAll();
    await passTo("2026-06-01T13:00:00Z");
    await sendSome();
    await countAll();
    await passTo("2026-06-13T13:00:00Z");
    await sent({ status: "delivered", postage: "first" });
    await countAll();
    const known = await read();
    expect([known.letters, known.cost]).toEqual([8, "8.43"]);
    await forgetPostage();
    expect(await read()).toMatchObject({ letters: 8, cost: "0.0" });
    await world.app.db.query`delete from notifications where id = ${gone}`;
    await putRight();
    await countAll();
    expect((await read()).byPostage).toEqual([
      { postage: "first", sheetsEach: 2, rate: "1.61", letters: 1, cost: "1.61" },
      { postage: "first", sheetsEach: 1, rate: "1.56", letters: 1, cost: "1.56" },
      { postage: "second", sheetsEach: 1, rate: "0.73", letters: 2, cost: "1.46" },
      { postage: "", sheetsEach: 0, rate: "0.0", letters: 4, cost: "0.0" },
    ]);
  });
});
