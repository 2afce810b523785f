import { describe, expect, it } from "vitest";
import { Destination } from "./destination.ts";

const WINDOW_MAX = 32;
const WINDOW_FIRST = 8;
const TIMEOUT_MS = 5_000;

/** How many of so many are let in at once. */
async function letIn(destination: Destination, count: number): Promise<number> {
  let inside = 0;
  for (let one = 0; one < count; one += 1) {
    void destination.enter().then((mayGo) => {
      if (mayGo) inside += 1;
    });
  }
  await Promise.resolve();
  await Promise.resolve();
  return inside;
}

function leaveTimes(destination: Destination, count: number, how: { tookMs: number; wasAnswered: boolean }): void {
  for (let one = 0; one < count; one += 1) destination.leave(how.tookMs, how.wasAnswered);
}

describe("a destination", () => {
  it("is given more while it answers quickly, up to its connections", async () => {
    const destination = new Destination(WINDOW_MAX);
    for (let round = 0; round < 10; round += 1) {
      leaveTimes(destination, await letIn(destination, WINDOW_FIRST), { tookMs: 5, wasAnswered: true });
    }
    expect(await letIn(destination, 100)).toBe(WINDOW_MAX);
  });

  it("holds next to nothing once it has let us wait, and sends those who waited away", async () => {
    const destination = new Destination(WINDOW_MAX);
    await letIn(destination, WINDOW_FIRST);
    const waited = Array.from({ length: 40 }, () => destination.enter());
    leaveTimes(destination, WINDOW_FIRST, { tookMs: TIMEOUT_MS, wasAnswered: false });
    const letGo = (await Promise.all(waited.slice(2))).filter(Boolean);
    expect(letGo).toEqual([]);
    expect(await letIn(destination, 10)).toBe(2);
  });

  it("turns away at once those whose turn would not come in a moment", async () => {
    const destination = new Destination(WINDOW_MAX);
    await letIn(destination, WINDOW_FIRST);
    leaveTimes(destination, WINDOW_FIRST, { tookMs: TIMEOUT_MS, wasAnswered: false });
    await letIn(destination, 2);
    expect(await destination.enter()).toBe(false);
  });

  it("has them come back at the pace at which it has had room, within two minutes", async () => {
    const destination = new Destination(WINDOW_MAX);
    await letIn(destination, WINDOW_FIRST);
    leaveTimes(destination, WINDOW_FIRST, { tookMs: TIMEOUT_MS, wasAnswered: false });
    const waits = Array.from({ length: 100 }, () => destination.returnAfterMs(0));
    expect(waits[0]).toBeGreaterThanOrEqual(500);
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    expect(waits.at(-1)).toBe(120_000);
  });

  it("is idle when nobody is inside or waits", async () => {
    const destination = new Destination(WINDOW_MAX);
    await letIn(destination, 1);
    expect(destination.isIdle).toBe(false);
    destination.leave(5, true);
    expect(destination.isIdle).toBe(true);
  });
});
