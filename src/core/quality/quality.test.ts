import { describe, expect, it } from "vitest";
import { noTimes, percentile, TIME_BOUNDS_SECONDS, TIME_STEPS, timeStep } from "./histogram.ts";
import { indicatorsOf } from "./indicators.ts";

function timesOf(...seconds: number[]): number[] {
  const times = noTimes();
  for (const one of seconds) times[timeStep(one * 1_000)] = (times[timeStep(one * 1_000)] ?? 0) + 1;
  return times;
}

describe("times to deliver", () => {
  it.each([
    [0, 0],
    [-5, 0],
    [500, 0],
    [501, 1],
    [1_200, 2],
    [10_000, 8],
    [259_200_000, TIME_STEPS - 2],
    [259_200_001, TIME_STEPS - 1],
  ])("%i ms are counted in step %i", (ms, step) => {
    expect(timeStep(ms)).toBe(step);
  });

  it.each([
    ["of nothing", [], 0.5, undefined],
    ["of one", [2.5], 0.5, 2.5],
    ["half", [0.4, 0.4, 0.4, 0.4], 0.5, 0.25],
    ["of two steps, in the first", [0.9, 0.9, 2.5, 2.5], 0.5, 1],
    ["of two steps, in the second", [0.9, 0.9, 2.5, 2.5], 0.95, 2.9],
    ["that a few slow ones decide", [...Array<number>(90).fill(0.9), ...Array<number>(10).fill(50)], 0.95, 52.5],
    ["that a few slow ones do not", [...Array<number>(96).fill(0.9), ...Array<number>(4).fill(50)], 0.95, 0.995],
    ["beyond all bounds", [300_000], 0.95, 259_200],
  ])("%s", (_, seconds, share, told) => {
    expect(percentile(timesOf(...seconds), share)).toBe(told);
  });

  it("never differ from the true time by more than their step", () => {
    const seconds = Array.from({ length: 500 }, (_, index) => 0.1 + ((index * 7919) % 500) / 10);
    const sorted = seconds.toSorted((a, b) => a - b);
    for (const share of [0.1, 0.5, 0.9, 0.95, 0.99]) {
      const truth = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
      const told = percentile(timesOf(...seconds), share) ?? 0;
      const step = timeStep(truth * 1_000);
      expect(told).toBeGreaterThanOrEqual(step === 0 ? 0 : (TIME_BOUNDS_SECONDS[step - 1] ?? 0));
      expect(told).toBeLessThanOrEqual(TIME_BOUNDS_SECONDS[step] ?? 0);
    }
  });
});

describe("the three indicators", () => {
  const counts = { sent: 1_010, delivered: 882, permanent: 100, temporary: 15, technical: 3, times: timesOf(1, 1, 20) };

  it("are told of messages that have ended", () => {
    expect(indicatorsOf(counts)).toEqual({
      sent: 1_010,
      ended: 1_000,
      delivered: 882,
      deliverableShare: 0.9,
      deliveredShare: 0.98,
      p50Seconds: 0.875,
      p95Seconds: 19.25,
    });
  });

  it("are not told of nothing", () => {
    const nothing = { sent: 5, delivered: 0, permanent: 0, temporary: 0, technical: 0, times: noTimes() };
    const { deliverableShare, deliveredShare, p50Seconds } = indicatorsOf(nothing);
    expect([deliverableShare, deliveredShare, p50Seconds]).toEqual([undefined, undefined, undefined]);
    expect(indicatorsOf({ ...nothing, permanent: 4 })).toMatchObject({
      deliverableShare: 0,
      deliveredShare: undefined,
    });
  });
});
