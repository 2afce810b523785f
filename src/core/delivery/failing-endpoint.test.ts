import { expect, it } from "vitest";
import { isToBePaused } from "./failing-endpoint.ts";

const NOW = new Date("2026-06-10T12:00:00Z");
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

it.each([
  [50, 24, 0, true],
  [5_000, 100, 0, true],
  [49, 100, 0, false],
  [5_000, 23, 0, false],
  [5_000, 100, 99, false],
  [5_000, 100, 76, true],
])("%i failures from %i to %i hours ago pause: %s", (failures, first, last, expected) => {
  expect(isToBePaused({ failures, firstFailedAt: hoursAgo(first), lastFailedAt: hoursAgo(last) })).toBe(expected);
});
