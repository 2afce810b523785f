import { describe, expect, it } from "vitest";
import { firstIdAt, newId, timeOfId } from "./ids.ts";

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("ids", () => {
  it("are version 7, differ, and sort in the order they were made", () => {
    const ids = Array.from({ length: 20_000 }, () => newId());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => VERSION_7.test(id))).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("of one moment that is named sort in the order they were made, too", () => {
    const moment = new Date("2026-03-29T01:30:00.123Z");
    const ids = Array.from({ length: 1_000 }, () => newId(moment));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("tell when they were made", () => {
    const before = Date.now();
    expect(timeOfId(newId()).getTime()).toBeGreaterThanOrEqual(before);
    const moment = new Date("2026-03-29T01:30:00.123Z");
    expect(timeOfId(newId(moment))).toEqual(moment);
  });

  it("of a day lie between its first id and the next day's", () => {
    const id = newId(new Date("2026-06-01T00:00:00.000Z"));
    expect(id > firstIdAt(new Date("2026-06-01T00:00:00.000Z"))).toBe(true);
    expect(newId(new Date("2026-06-01T23:59:59.999Z")) < firstIdAt(new Date("2026-06-02T00:00:00.000Z"))).toBe(true);
  });
});
