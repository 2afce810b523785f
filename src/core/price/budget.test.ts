import { expect, it } from "vitest";
import { reachedPercents, spentPercent } from "./budget.ts";
import { decimal } from "./decimal.ts";

it.each([
  ["0.0", 100, 0, []],
  ["79.9999", 100, 79, []],
  ["80.0", 100, 80, [80]],
  ["99.999", 100, 99, [80]],
  ["100", 100, 100, [80, 100]],
  ["0.8", 1, 80, [80]],
  ["2500.5", 1_000, 250, [80, 100]],
])("of £%s with a budget of £%d, %d % is spent", (pounds, budget, percent, reached) => {
  expect(spentPercent(decimal(pounds), budget)).toBe(percent);
  expect(reachedPercents(pounds, budget)).toEqual(reached);
});
