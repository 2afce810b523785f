import { describe, expect, it } from "vitest";
import { midnightDaysAgo } from "./midnight.ts";

describe("midnightDaysAgo", () => {
  it.each([
    ["2026-11-22T12:00:00Z", 0, "Europe/London", "2026-11-22T00:00:00Z"],
    ["2026-11-22T12:00:00Z", 7, "Europe/London", "2026-11-15T00:00:00Z"],
    ["2026-06-10T22:30:00Z", 0, "Europe/London", "2026-06-09T23:00:00Z"],
    ["2026-06-10T23:30:00Z", 0, "Europe/London", "2026-06-10T23:00:00Z"],
    ["2026-03-30T12:00:00Z", 1, "Europe/London", "2026-03-29T00:00:00Z"], // the day clocks went forward
    ["2026-03-30T12:00:00Z", 0, "Europe/London", "2026-03-29T23:00:00Z"],
    ["2026-10-26T12:00:00Z", 1, "Europe/London", "2026-10-24T23:00:00Z"], // the day clocks went back
    ["2026-11-22T03:00:00Z", 0, "America/New_York", "2026-11-21T05:00:00Z"],
    ["2026-11-22T20:00:00Z", 1, "Asia/Kolkata", "2026-11-21T18:30:00Z"],
  ])("at %s, %i days ago in %s, is %s", (now, days, timeZone, expected) => {
    expect(midnightDaysAgo(new Date(now), days, timeZone)).toEqual(new Date(expected));
  });
});
