import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import { PATIENCE } from "../../test/support/patience.ts";
import { type Database, openDatabase } from "./db.ts";
import { newId } from "./ids.ts";
import { acknowledge, consume, enqueue, type Job, LANES, type NewJob, queueStats, retryAt } from "./queue.ts";

const LEASE_MS = 60_000;
let db: Database;
let drop: () => Promise<void>;
let queues = 0;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  db = openDatabase({ url: database.url, maxConnections: 6, applicationName: "queue test" });
});
afterAll(async () => {
  await db.close();
  await drop();
});

const newQueue = () => `queue-${++queues}`;
const job = (wish: Partial<NewJob> = {}): NewJob => ({ id: newId(), lane: LANES.normal, group: "a", ...wish });
const add = (queue: string, entries: NewJob[]) => db.transaction((tx) => enqueue(tx, queue, { entries }));

/** Takes jobs with one consumer until `count` have come. */
async function take(
  queue: string,
  count: number,
  options: { batch?: number; leaseMs?: number; ack?: boolean } = {},
): Promise<Job[]> {
  const taken: Job[] = [];
  const consumer = await consume(db, {
    queue,
    batch: options.batch ?? 10,
    leaseMs: options.leaseMs ?? LEASE_MS,
    room: () => Math.max(0, count - taken.length),
    handle: async (jobs) => {
      taken.push(...jobs);
      if (options.ack ?? true)
        await acknowledge(
          db,
          queue,
          jobs.map(({ id }) => id),
        );
    },
    onError: (error) => {
      throw error;
    },
  });
  await vi.waitFor(() => expect(taken.length).toBeGreaterThanOrEqual(count), PATIENCE);
  await consumer.stop();
  return taken;
}

describe("the queue", () => {
  it("is empty again when a transaction with its jobs is rolled back", async () => {
    const queue = newQueue();
    const failing = db.transaction(async (tx) => {
      await enqueue(tx, queue, { entries: [job()] });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect((await queueStats(db)).filter((stats) => stats.queue === queue)).toEqual([]);
  });

  it("hands out a group's latecomer before another group's crowd", async () => {
    const queue = newQueue();
    await add(
      queue,
      Array.from({ length: 500 }, () => job({ group: "crowd" })),
    );
    const lone = job({ group: "lone" });
    await add(queue, [lone]);
    const taken: string[] = [];
    while (!taken.includes(lone.id) && taken.length < 501)
      taken.push(...(await take(queue, 20, { batch: 20 })).map(({ id }) => id));
    expect(taken.length).toBeLessThan(300);
  });

  it("hands out a higher lane first", async () => {
    const queue = newQueue();
    const bulk = job({ lane: LANES.bulk });
    const high = job({ lane: LANES.high });
    await add(queue, [bulk]);
    await add(queue, [high]);
    const [first] = await take(queue, 1, { batch: 1 });
    expect(first?.id).toBe(high.id);
  });

  it("gives a job to one consumer at a time", async () => {
    const queue = newQueue();
    const entries = Array.from({ length: 200 }, () => job());
    await add(queue, entries);
    const shares = await Promise.all([take(queue, 100), take(queue, 100)]);
    expect(new Set(shares.flat().map(({ id }) => id)).size).toBe(200);
  });

  it("hands out a job again when its lease has ended, and says that it was leased before", async () => {
    const queue = newQueue();
    await add(queue, [job()]);
    const [first] = await take(queue, 1, { leaseMs: 100, ack: false });
    expect(first?.leases).toBe(1);
    const [second] = await take(queue, 1);
    expect(second).toMatchObject({ id: first?.id, leases: 2 });
  });

  it("keeps a scheduled job until its time, with its payload", async () => {
    const queue = newQueue();
    const wakeAt = new Date(Date.now() + 400);
    await add(queue, [job({ wakeAt, payload: { word: "later" } })]);
    const [taken] = await take(queue, 1);
    expect(Date.now()).toBeGreaterThanOrEqual(wakeAt.getTime());
    expect(taken?.payload).toEqual({ word: "later" });
  });

  it("wakes what sleeps in every queue that is consumed here, also when one of them is consumed no more", async () => {
    const queues = [newQueue(), newQueue(), newQueue()];
    const wakeAt = new Date(Date.now() + 400);
    for (const queue of queues) await add(queue, [job({ wakeAt })]);
    const heard: string[] = [];
    const open = (queue: string) =>
      consume(db, {
        queue,
        batch: 10,
        leaseMs: LEASE_MS,
        room: () => 10,
        handle: async (jobs) => void heard.push(...jobs.map(() => queue)),
        onError: (error) => {
          throw error;
        },
      });
    const consumers = await Promise.all(queues.map(open));
    await consumers[0]?.stop();
    await vi.waitFor(() => expect(new Set(heard)).toEqual(new Set(queues.slice(1))), PATIENCE);
    expect(Date.now()).toBeGreaterThanOrEqual(wakeAt.getTime());
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    const asleep = (await queueStats(db)).filter(({ queue }) => queue === queues[0]);
    expect(asleep).toMatchObject([{ asleep: 1 }]);
  });

  it("counts a retried job as new, not as one whose worker was lost", async () => {
    const queue = newQueue();
    await add(queue, [job()]);
    const [first] = await take(queue, 1, { ack: false });
    await retryAt(db, queue, [{ id: first?.id ?? "", wakeAt: new Date(), payload: { tries: 2 } }]);
    const [second] = await take(queue, 1);
    expect(second).toMatchObject({ leases: 1, payload: { tries: 2 } });
  });

  it("is looked through for room only while there may be more in it", async () => {
    const queue = newQueue();
    let looks = 0;
    let answered = 0;
    const watched: Database = {
      ...db,
      query: async <Row extends object>(text: TemplateStringsArray, ...values: unknown[]) => {
        const isLook = values.includes(queue) && text.join("").includes("set lease_ends_at");
        looks += Number(isLook);
        return db.query<Row>(text, ...values).finally(() => (answered += Number(isLook)));
      },
    };
    let taken = 0;
    const startedAtMs = performance.now();
    const consumer = await consume(watched, {
      queue,
      batch: 10,
      leaseMs: LEASE_MS,
      room: () => 10,
      handle: async (jobs) => {
        taken += jobs.length;
      },
      onError: (error) => {
        throw error;
      },
    });
    /** An idle consumer looks again every half second, whatever it is told. */
    const looksByTheClock = () => Math.floor((performance.now() - startedAtMs) / 500);
    // A look that is under way may find what is added meanwhile.
    await vi.waitFor(() => expect(answered).toBeGreaterThanOrEqual(1), PATIENCE);
    for (let times = 0; times < 20; times++) {
      consumer.hasRoom();
      await new Promise(setImmediate);
    }
    expect(looks).toBeLessThanOrEqual(1 + looksByTheClock());
    // Whoever adds jobs says so, once: said a second time here, it could be the reason for one more look.
    await add(
      queue,
      Array.from({ length: 25 }, () => job()),
    );
    await vi.waitFor(() => expect(taken).toBe(25), PATIENCE);
    expect(looks).toBeGreaterThanOrEqual(4);
    expect(looks).toBeLessThanOrEqual(4 + looksByTheClock());
    await consumer.stop();
  });
});
