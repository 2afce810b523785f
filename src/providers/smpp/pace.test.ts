import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

describe("the pace", () => {
  it("has no limit where none was agreed", () => {
    const pace = new Pace();
    expect(pace.capacity(0)).toBe(Number.POSITIVE_INFINITY);
    expect(pace.book(1_000, 0)).toBe(0);
    expect(pace.book(1_000, 0)).toBe(0);
  });

  it("lets a tenth of a second's worth go at once, and spaces out the rest", () => {
    const pace = new Pace(100);
    expect(pace.capacity(0)).toBe(11);
    expect(pace.book(11, 0)).toBe(0);
    expect(pace.capacity(0)).toBe(0);
    expect(pace.book(1, 0)).toBe(10);
    expect(pace.capacity(120)).toBe(11);
  });

  it("books nothing that would wait over a second", () => {
    const pace = new Pace(10);
    expect(pace.book(12, 0)).toBe(0);
    expect(pace.book(1, 0)).toBeUndefined();
    expect(pace.book(1, 200)).toBe(900);
  });

  it("pauses when the carrier objects, longer each time, but once for one objection to many parts", () => {
    const pace = new Pace();
    expect(pace.slowDown(0)).toBe(500);
    expect(pace.slowDown(100)).toBe(400);
    expect(pace.capacity(499)).toBe(0);
    expect(pace.slowDown(600)).toBe(1_000);
    expect(pace.slowDown(2_000)).toBe(2_000);
  });

  it("goes on below what the carrier was seen to bear, and feels its way up again", () => {
    const pace = new Pace();
    for (let part = 0; part < 200; part++) pace.taken(500);
    pace.slowDown(900);
    const perTenth = (at: number) => pace.capacity(at) - 1;
    expect(perTenth(1_500)).toBeGreaterThanOrEqual(15);
    expect(perTenth(1_500)).toBeLessThanOrEqual(17);
    expect(perTenth(20_900)).toBeGreaterThan(perTenth(1_500) * 2);
  });

  it("forgets an objection after a minute without another", () => {
    const pace = new Pace();
    pace.slowDown(0);
    pace.taken(61_000);
    expect(pace.capacity(61_000)).toBe(Number.POSITIVE_INFINITY);
  });

  it("never goes above what was agreed, whatever was borne", () => {
    const pace = new Pace(20);
    for (let part = 0; part < 20; part++) pace.taken(100);
    pace.slowDown(100);
    expect(pace.capacity(59_000)).toBeLessThanOrEqual(3);
  });
});
