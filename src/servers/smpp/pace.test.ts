import { expect, it } from "vitest";
import { Pace } from "./pace.ts";

const taken = (pace: Pace, rate: number, moments: readonly number[]) =>
  moments.filter((at) => pace.take(rate, at)).length;
const burst = (at: number, count: number) => Array.from({ length: count }, () => at);

it("a second's worth may come at once, and no more", () => {
  expect(taken(new Pace(), 10, burst(5_000, 30))).toBe(10);
});

it("over ten seconds the rate is kept, and the first second's worth besides", () => {
  const moments = Array.from({ length: 10_000 }, (_, ms) => 5_000 + ms);
  expect(taken(new Pace(), 50, moments)).toBeGreaterThanOrEqual(545);
  expect(taken(new Pace(), 50, moments)).toBeLessThanOrEqual(550);
});

it("a silence earns no more than a second's worth", () => {
  const pace = new Pace();
  taken(pace, 10, burst(5_000, 10));
  expect(taken(pace, 10, burst(600_000, 30))).toBe(10);
});

it("a rate that is lowered counts at once", () => {
  const pace = new Pace();
  pace.take(100, 5_000);
  expect(taken(pace, 2, burst(5_000, 10))).toBe(2);
});
