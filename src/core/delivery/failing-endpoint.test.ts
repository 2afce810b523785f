import { expect, it } from "vitest";
import { isToBePaused } from "./failing-endpoint.ts";

const NOW = new Date("2026-06-10T12:00:00Z");
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

it.each([
  [50, 24, true],
  [5_000, 100, true],
  [49, 100, false],
  [5_000, 23, false],
])("%i failures over %i hours pause: %s", (failures, hours, expected) => {
  expect(isToBePaused({ failures, firstFailedAt: hoursAgo(hours) }, NOW)).toBe(expected);
});
