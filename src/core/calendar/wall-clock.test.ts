import { describe, expect, it } from "vitest";
import { clocksAt, momentOnClocks } from "./wall-clock.ts";

describe("a moment named by the clock", () => {
  it.each([
    ["in winter", "2026-01-10", "09:30", "Europe/London", "2026-01-10T09:30:00.000Z"],
    ["in summer", "2026-06-10", "09:30", "Europe/London", "2026-06-10T08:30:00.000Z"],
    ["before clocks go forward", "2026-03-29", "00:59", "Europe/London", "2026-03-29T00:59:00.000Z"],
    ["that is left out when clocks go forward", "2026-03-29", "01:30", "Europe/London", undefined],
    ["after clocks go forward", "2026-03-29", "02:00", "Europe/London", "2026-03-29T01:00:00.000Z"],
    ["that comes twice when clocks go back", "2026-10-25", "01:30", "Europe/London", "2026-10-25T00:30:00.000Z"],
    ["west of Greenwich", "2026-06-10", "22:00", "America/New_York", "2026-06-11T02:00:00.000Z"],
    ["on no day", "2026-02-30", "09:30", "Europe/London", undefined],
    ["at no time", "2026-02-20", "24:00", "Europe/London", undefined],
    ["in other words", "10 June", "9.30", "Europe/London", undefined],
  ])("%s is found", (_, date, time, timeZone, moment) => {
    expect(momentOnClocks({ date, time }, timeZone)?.toISOString()).toBe(moment);
  });

  it("is shown again as it was named", () => {
    expect(clocksAt(new Date("2026-06-10T23:30:00Z"), "Europe/London")).toEqual({ date: "2026-06-11", time: "00:30" });
  });
});
