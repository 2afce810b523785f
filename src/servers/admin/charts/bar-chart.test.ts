import { describe, expect, it } from "vitest";
import { type BarChartWish, type BarDrawing, layOutBars, stepsTo } from "./bar-chart.ts";

describe("the steps of an axis", () => {
  it.each([
    [0, false, [0, 1]],
    [1, true, [0, 1]],
    [3, true, [0, 1, 2, 3]],
    [7, true, [0, 2, 4, 6, 8]],
    [87, true, [0, 20, 40, 60, 80, 100]],
    [100, true, [0, 20, 40, 60, 80, 100]],
    [12_345, true, [0, 5_000, 10_000, 15_000]],
    [0.3, false, [0, 0.1, 0.2, 0.3]],
    [0.048, false, [0, 0.01, 0.02, 0.03, 0.04, 0.05]],
  ])("to %d are round (whole: %s)", (largest, isWhole, steps) => {
    expect(stepsTo(largest, isWhole)).toEqual(steps);
  });
});

/** As it is drawn where there is room. */
function wide(wish: BarChartWish): BarDrawing {
  const drawing = layOutBars(wish).drawings.find(({ size }) => size === "wide");
  if (!drawing) throw new Error("there is no wide drawing");
  return drawing;
}

describe("bars", () => {
  const wish: BarChartWish = {
    id: "trend",
    title: "Messages",
    description: "Each day",
    series: [
      { kind: "delivered", name: "Delivered" },
      { kind: "failed", name: "Failed" },
    ],
    points: [
      { name: "1 June", mark: "1 Jun", values: [90, 10] },
      { name: "2 June", mark: "2 Jun", values: [0, 0] },
      { name: "3 June", mark: "3 Jun", values: [100_000, 1] },
    ],
    show: String,
    isWhole: true,
  };

  it("stand on each other and on the axis, and no part that is there vanishes", () => {
    const chart = wide(wish);
    const axis = chart.lines[0]?.y ?? 0;
    expect(chart.bars.map(({ parts }) => parts.map(({ kind }) => kind))).toEqual([
      ["delivered", "failed"],
      [],
      ["delivered", "failed"],
    ]);
    for (const { parts } of chart.bars) {
      const [lower, upper] = parts;
      if (!(lower && upper)) continue;
      expect(lower.y + lower.height).toBeCloseTo(axis, 0);
      expect(upper.y + upper.height).toBeCloseTo(lower.y, 0);
      expect(upper.height).toBeGreaterThanOrEqual(2);
    }
  });

  it("say their numbers", () => {
    expect(wide(wish).bars[0]?.title).toBe("1 June: Delivered 90, Failed 10");
  });

  it("stay inside the picture, however many there are, with marks that do not run into each other", () => {
    const points = Array.from({ length: 400 }, (_, index) => ({
      name: `${index}`,
      mark: `${index}`,
      values: [index, 0],
    }));
    const { drawings } = layOutBars({ ...wish, points });
    expect(drawings.map(({ size, marks }) => [size, marks.length])).toEqual([
      ["wide", 12],
      ["narrow", 4],
    ]);
    for (const { bars, width: widthOfAll, height: heightOfAll } of drawings) {
      const parts = bars.flatMap((bar) => bar.parts);
      expect(Math.min(...parts.map(({ x, y }) => Math.min(x, y)))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...parts.map(({ x, width }) => x + width))).toBeLessThanOrEqual(widthOfAll);
      expect(Math.max(...parts.map(({ y, height }) => y + height))).toBeLessThanOrEqual(heightOfAll);
    }
  });
});
