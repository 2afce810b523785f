import { describe, expect, it } from "vitest";
import { latestDue } from "./schedule.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe("latestDue", () => {
  it.each([
    [{ everyMs: 15 * MINUTE_MS }, "2026-11-22T12:14:59Z", "2026-11-22T12:00:00Z"],
    [{ everyMs: 15 * MINUTE_MS }, "2026-11-22T12:15:00Z", "2026-11-22T12:15:00Z"],
    [{ everyMs: DAY_MS, afterMs: 5 * MINUTE_MS }, "2026-11-22T00:04:00Z", "2026-11-21T00:05:00Z"],
    [{ everyMs: DAY_MS, afterMs: 5 * MINUTE_MS }, "2026-11-22T23:59:00Z", "2026-11-22T00:05:00Z"],
  ])("%j at %s is %s", (schedule, now, expected) => {
    expect(latestDue(schedule, new Date(now))).toEqual(new Date(expected));
  });
});
