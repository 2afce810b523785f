import { describe, expect, it } from "vitest";
import { daysOf, isLiveRange, parseDays } from "./ranges.ts";

/** In London it is the 2nd already. */
const NOW = new Date("2026-06-01T23:30:00Z");

describe("days from one to another", () => {
  it.each([
    ["2026-05-01", "2026-05-31", { first: "2026-05-01", last: "2026-05-31" }],
    ["2026-06-02", "2026-06-02", { first: "2026-06-02", last: "2026-06-02" }],
    ["2026-05-01", "2026-12-31", { first: "2026-05-01", last: "2026-06-02" }],
    ["2026-06-03", "2026-06-04", "first-wrong"],
    ["", "2026-05-31", "first-wrong"],
    ["2026-02-30", "2026-05-31", "first-wrong"],
    ["2026-05-01", "31/05/2026", "last-wrong"],
    ["2026-05-31", "2026-05-01", "last-before-first"],
    ["2020-01-01", "2026-05-01", "too-long"],
  ])("%s to %s", (first, last, days) => {
    expect(parseDays({ first, last }, NOW)).toEqual(days);
  });
});

describe("a range by name", () => {
  it("ends today, at home", () => {
    const clock = { now: () => NOW };
    expect(daysOf({ clock }, "today")).toEqual({ first: "2026-06-02", last: "2026-06-02" });
    expect(daysOf({ clock }, "7-days")).toEqual({ first: "2026-05-27", last: "2026-06-02" });
  });

  it("is one of a few", () => {
    expect(["today", "30-days", "custom", "toString", undefined].map((name) => isLiveRange(name))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
