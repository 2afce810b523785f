import { describe, expect, it } from "vitest";
import { cutOffFor, DEFAULT_PRINT_TIMETABLE, latestPrintRun, printTimetableProblem } from "./print-timetable.ts";

const at = (moment: string) => new Date(moment);

describe("the day's print run", () => {
  it.each([
    ["before it, is yesterday's", "2026-11-30T17:49:59Z", "2026-11-29T17:50:00Z", "2026-11-29T17:30:00Z"],
    ["at its time, is today's", "2026-11-30T17:50:00Z", "2026-11-30T17:50:00Z", "2026-11-30T17:30:00Z"],
    ["in summer, is an hour earlier in UTC", "2026-06-10T16:50:00Z", "2026-06-10T16:50:00Z", "2026-06-10T16:30:00Z"],
    ["on the day clocks go forward", "2026-03-29T20:00:00Z", "2026-03-29T16:50:00Z", "2026-03-29T16:30:00Z"],
    ["on the day clocks go back", "2026-10-25T20:00:00Z", "2026-10-25T17:50:00Z", "2026-10-25T17:30:00Z"],
  ])("%s", (_, now, dueAt, cutOffAt) => {
    expect(latestPrintRun(DEFAULT_PRINT_TIMETABLE, at(now))).toEqual({ dueAt: at(dueAt), cutOffAt: at(cutOffAt) });
  });

  it("is at home where the deployment is", () => {
    const timetable = { timeZone: "Pacific/Auckland", cutOff: "09:00", runAt: "10:00" };
    expect(latestPrintRun(timetable, at("2026-11-29T21:30:00Z"))?.dueAt).toEqual(at("2026-11-29T21:00:00Z"));
  });

  it("waits a day where clocks leave its time out", () => {
    const timetable = { timeZone: "Europe/London", cutOff: "01:10", runAt: "01:20" };
    expect(latestPrintRun(timetable, at("2026-03-29T12:00:00Z"))?.dueAt).toEqual(at("2026-03-28T01:20:00Z"));
  });
});

describe("the cut-off of a letter", () => {
  it.each([
    ["2026-11-30T17:29:59.999Z", "2026-11-30T17:30:00Z"],
    ["2026-11-30T17:30:00Z", "2026-12-01T17:30:00Z"],
    ["2026-11-30T23:59:00Z", "2026-12-01T17:30:00Z"],
    ["2026-06-10T16:29:00Z", "2026-06-10T16:30:00Z"],
    ["2026-10-24T20:00:00Z", "2026-10-25T17:30:00Z"],
  ])("made at %s is %s", (createdAt, cutOffAt) => {
    expect(cutOffFor(DEFAULT_PRINT_TIMETABLE, at(createdAt))).toEqual(at(cutOffAt));
  });
});

describe("a timetable", () => {
  it.each([
    [{}, undefined],
    [{ cutOff: "5pm" }, "times must be written like 17:30"],
    [{ runAt: "24:00" }, "times must be written like 17:30"],
    [{ runAt: "17:00" }, "letters cannot be printed before the cut-off of their day"],
    [{ timeZone: "Europe/Atlantis" }, "the time zone must be one such as Europe/London"],
  ])("with %j is wrong in words: %s", (change, problem) => {
    expect(printTimetableProblem({ ...DEFAULT_PRINT_TIMETABLE, ...change })).toBe(problem);
  });
});
