import { describe, expect, it } from "vitest";
import { isFirstCountDue, isFoldDue, isRecountDue } from "./count-timetable.ts";
import { financialYearDays, financialYearMonths, financialYearOf } from "./financial-year.ts";
import { startOfLocalDay } from "./local-day.ts";

const hour = new Date("2026-06-01T10:00:00Z");
const minutesAfter = (minutes: number) => new Date(hour.getTime() + (60 + minutes) * 60_000);
const DAY = 24 * 60;

describe("counting an hour", () => {
  it.each([
    [1, false],
    [2, true],
  ])("is first due %i minutes after its end: %s", (minutes, isDue) => {
    expect(isFirstCountDue(hour, minutesAfter(minutes))).toBe(isDue);
  });

  it.each<[string, number, number, boolean, boolean]>([
    ["soon, while something is under way", 2, 12, true, true],
    ["not too soon", 2, 11, true, false],
    ["ever more rarely", 10 * 60, 19 * 60, true, false],
    ["when it is twice as old", 10 * 60, 20 * 60, true, true],
    ["never once all has ended", 2, 10 * DAY, false, false],
    ["never once nothing can change any more", 35 * DAY, 90 * DAY, true, false],
  ])("is due again %s", (_, counted, now, hasUnfinished, isDue) => {
    expect(isRecountDue({ hour, countedAt: minutesAfter(counted), hasUnfinished }, minutesAfter(now))).toBe(isDue);
  });

  it.each<[number, boolean, boolean]>([
    [7 * DAY, false, false],
    [8 * DAY, false, true],
    [8 * DAY, true, false],
    [35 * DAY, true, true],
  ])("is folded into its day at the right age (%i minutes, unfinished: %s)", (now, hasUnfinished, isDue) => {
    expect(isFoldDue({ hour, countedAt: hour, hasUnfinished }, minutesAfter(now))).toBe(isDue);
  });

  it("that never ends takes about a dozen counts", () => {
    let countedAt = minutesAfter(2);
    let counts = 1;
    for (let minutes = 2; minutes < 40 * DAY; minutes += 5)
      if (isRecountDue({ hour, countedAt, hasUnfinished: true }, minutesAfter(minutes))) {
        countedAt = minutesAfter(minutes);
        counts += 1;
      }
    expect(counts).toBeGreaterThan(10);
    expect(counts).toBeLessThan(20);
  });
});

describe("financial years and days", () => {
  it.each([
    ["2026-03-31", 2025],
    ["2026-04-01", 2026],
    ["2026-12-31", 2026],
  ])("%s is in the year of %i", (day, year) => {
    expect(financialYearOf(day)).toBe(year);
  });

  it("have twelve months from April to March", () => {
    expect(financialYearDays(2026)).toEqual({ first: "2026-04-01", last: "2027-03-31" });
    const months = financialYearMonths(2026);
    expect([months.length, months[0], months[8], months[9], months[11]]).toEqual([
      12,
      "2026-04",
      "2026-12",
      "2027-01",
      "2027-03",
    ]);
  });

  it.each([
    ["2026-06-10", "2026-06-09T23:00:00.000Z"],
    ["2026-01-10", "2026-01-10T00:00:00.000Z"],
    ["2026-03-29", "2026-03-29T00:00:00.000Z"],
    ["2026-03-30", "2026-03-29T23:00:00.000Z"],
    ["2026-10-25", "2026-10-24T23:00:00.000Z"],
  ])("%s begins in London at %s", (day, moment) => {
    expect(startOfLocalDay(day, "Europe/London").toISOString()).toBe(moment);
  });
});
