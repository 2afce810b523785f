import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RoughSkills } from "../../../test/support/rough-thread.ts";
import { ThreadPool } from "./thread-pool.ts";

const MEGABYTE = 1024 * 1024;
const limits = { timeoutMs: 60_000, heapMb: 32, growthMb: 200 };
/** For what would never end. */
const HASTY_MS = 5_000;

describe("a pool of threads", () => {
  let pool: ThreadPool<RoughSkills>;
  let hasty: ThreadPool<RoughSkills>;
  beforeAll(() => {
    const usual = { module: "../test/support/rough-thread", threads: 1, limits };
    pool = new ThreadPool(usual);
    hasty = new ThreadPool({ ...usual, limits: { ...limits, timeoutMs: HASTY_MS } });
  });
  afterAll(() => Promise.all([pool.close(), hasty.close()]));

  it("answers, also when a piece of work goes wrong", async () => {
    const outcomes = await Promise.all([pool.ask("add", [1, 2]), pool.ask("fail", undefined), pool.ask("add", [3, 4])]);
    expect(outcomes).toEqual([
      { kind: "answered", answer: 3 },
      { kind: "failed", message: "it did not work" },
      { kind: "answered", answer: 7 },
    ]);
  });

  it.each([
    ["spin", "too-slow"],
    ["fillHeap", "too-much-memory"],
    ["fillBuffers", "too-much-memory"],
    ["exit", "died"],
  ] as const)("ends what does %s, and goes on with the next order", async (name, kind) => {
    const before = process.memoryUsage.rss();
    const asked = name === "spin" ? hasty : pool;
    await expect(asked.ask(name, undefined)).resolves.toMatchObject({ kind });
    expect((process.memoryUsage.rss() - before) / MEGABYTE).toBeLessThan(3 * limits.growthMb);
    await expect(asked.ask("add", [2, 2])).resolves.toEqual({ kind: "answered", answer: 4 });
  });

  it("tells threads nothing of the environment", async () => {
    expect(process.env["PATH"]).toBeDefined();
    const outcome = await pool.ask("environment", undefined);
    expect(outcome).toMatchObject({ kind: "answered" });
    expect(outcome).not.toMatchObject({ answer: expect.arrayContaining(["PATH"]) });
  });

  it("says so when a thread cannot start", async () => {
    const broken = new ThreadPool<RoughSkills>({ module: "platform/no-such-thread", threads: 1, limits });
    await expect(broken.ask("add", [1, 1])).resolves.toMatchObject({ kind: "died" });
    await broken.close();
  });

  it("answers what waits when it is closed", async () => {
    const closing = new ThreadPool<RoughSkills>({ module: "../test/support/rough-thread", threads: 1, limits });
    const outcomes = [closing.ask("spin", undefined), closing.ask("add", [1, 1])];
    await closing.close();
    expect(await Promise.all(outcomes)).toMatchObject([{ kind: "died" }, { kind: "died" }]);
    expect(() => closing.ask("add", [1, 1])).toThrow("closed");
  });
});
