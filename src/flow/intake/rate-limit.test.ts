import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";

/** Notify's bucket for 3,000 a minute holds 1,000 and never gives the last. */
const FULL_BUCKET_AT_3000 = 999;
const SECOND_MS = 1_000;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Counts how many of `count` takes at once are granted. */
async function takeMany(
  limit: RateLimit,
  service: { id: string; rateLimitPerMinute: number },
  count: number,
): Promise<number> {
  const takes = await Promise.allSettled(Array.from({ length: count }, () => limit.take(service, "live")));
  return takes.filter((take) => take.status === "fulfilled").length;
}

describe("the rate limit", () => {
  it("grants a full bucket at once and refuses the next in the API's words", async () => {
    const service = await world.service();
    const now = new Date();
    const limit = createRateLimit(world.app.db, { now: () => now });
    const slow = { ...service, rateLimitPerMinute: 30 };
    expect(await takeMany(limit, slow, 40)).toBe(10);
    await expect(limit.take(slow, "live")).rejects.toMatchObject({
      kind: "rate-limited",
      message: "Exceeded rate limit for key type LIVE of 30 requests per 60 seconds",
    });
  });

  it("grants no more than one bucket to several processes together", async () => {
    const service = await world.service({ rateLimitPerMinute: 3_000 });
    const started = performance.now();
    const processes = [1, 2, 3].map(() => createRateLimit(world.app.db, { now: () => new Date() }));
    const granted = await Promise.all(processes.map((limit) => takeMany(limit, service, 700)));
    const total = granted.reduce((sum, count) => sum + count, 0);
    const refilled = Math.ceil(((performance.now() - started) / SECOND_MS) * 50);
    expect(total).toBeGreaterThan(FULL_BUCKET_AT_3000 * 0.5);
    expect(total).toBeLessThanOrEqual(FULL_BUCKET_AT_3000 + refilled);
  });

  it("grants exactly one bucket to one process", async () => {
    const service = await world.service({ rateLimitPerMinute: 3_000 });
    const started = performance.now();
    const total = await takeMany(createRateLimit(world.app.db, { now: () => new Date() }), service, 1_500);
    const refilled = Math.ceil(((performance.now() - started) / SECOND_MS) * 50);
    expect(total).toBeGreaterThanOrEqual(FULL_BUCKET_AT_3000);
    expect(total).toBeLessThanOrEqual(FULL_BUCKET_AT_3000 + refilled);
  });

  it("keeps a bucket for each key kind", async () => {
    const service = await world.service({ rateLimitPerMinute: 3 });
    const limit = createRateLimit(world.app.db, { now: () => new Date() });
    await limit.take(service, "live");
    await limit.take(service, "test");
    await expect(limit.take(service, "live")).rejects.toMatchObject({ kind: "rate-limited" });
  });

  it("asks the database nothing while it knows that no token can have come back", async () => {
    const service = await world.service({ rateLimitPerMinute: 3 });
    let statements = 0;
    const db = {
      query: ((text: TemplateStringsArray, ...values: unknown[]) => {
        statements += 1;
        return world.app.db.query(text, ...values);
      }) as World["app"]["db"]["query"],
    };
    const limit = createRateLimit(db, { now: () => new Date() });
    await limit.take(service, "live");
    await takeMany(limit, service, 1);
    const afterFirstRefusal = statements;
    expect(await takeMany(limit, service, 500)).toBe(0);
    expect(statements).toBe(afterFirstRefusal);
  });

  it("refuses a service whose limit is nothing", async () => {
    const service = await world.service({ rateLimitPerMinute: 0 });
    expect(await takeMany(createRateLimit(world.app.db, { now: () => new Date() }), service, 5)).toBe(0);
  });
});
