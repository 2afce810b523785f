import { describe, expect, it } from "vitest";
import { listCountries } from "../phone/international-rates.ts";
import { clockOffsets, timeZonesOf } from "../phone/time-zones.ts";
import { parseQuietHours, quietUntil } from "./quiet-hours.ts";

const NIGHT = { from: "21:00", until: "08:00" };
const until = (prefix: string, moment: string, hours = NIGHT) => {
  const now = new Date(moment);
  return quietUntil(hours, clockOffsets(prefix, now), now)?.toISOString().slice(0, 16);
};

describe("parseQuietHours", () => {
  it.each([
    ["21:00", "08:00", NIGHT],
    ["09:00", "17:30", { from: "09:00", until: "17:30" }],
    ["21:00", "21:00", "empty"],
    ["20:00", "08:01", "too-long"],
    ["24:00", "08:00", "time-wrong"],
    ["9:00", "10:00", "time-wrong"],
  ])("from %s until %s is %j", (from, to, expected) => expect(parseQuietHours(from, to)).toEqual(expected));
});

describe("quietUntil", () => {
  it.each([
    ["44", "2026-01-10T20:59:59Z", undefined],
    ["44", "2026-01-10T21:00:00Z", "2026-01-11T08:00"],
    ["44", "2026-01-11T07:59:59Z", "2026-01-11T08:00"],
    ["44", "2026-01-11T08:00:00Z", undefined],
    ["44", "2026-07-10T20:00:00Z", "2026-07-11T07:00"],
    ["33", "2026-01-10T20:00:00Z", "2026-01-11T07:00"],
    ["91", "2026-01-10T15:30:00Z", "2026-01-11T02:30"],
    ["977", "2026-01-10T15:15:00Z", "2026-01-11T02:15"],
    // From Newfoundland at 21:00 to the Aleutians at 08:00.
    ["1", "2026-01-10T18:00:00Z", undefined],
    ["1", "2026-01-11T00:30:00Z", "2026-01-11T18:00"],
    ["1876", "2026-01-11T00:30:00Z", undefined],
    // Chatham and New Zealand; Kaliningrad to Kamchatka, with Kazakhstan between.
    ["7", "2026-01-10T07:00:00Z", undefined],
    ["7", "2026-01-10T12:00:00Z", "2026-01-11T06:00"],
  ])("for +%s at %s is %s", (prefix, moment, expected) => expect(until(prefix, moment)).toBe(expected));

  it("of a day's hours is the evening", () => {
    expect(until("44", "2026-01-10T09:00:00Z", { from: "09:00", until: "17:30" })).toBe("2026-01-10T17:30");
  });

  it("lets every country have an hour, however long the night that can be set", () => {
    const longest = { from: "20:00", until: "08:00" };
    for (const { prefix } of listCountries()) {
      const now = new Date("2026-01-10T00:00:00Z");
      const offsets = clockOffsets(prefix, now);
      const spanHours = (Math.max(...offsets) - Math.min(...offsets)) / 3_600_000;
      expect([prefix, spanHours < 12]).toEqual([prefix, true]);
      const end = quietUntil(longest, offsets, now);
      if (end) expect(quietUntil(longest, offsets, end)).toBeUndefined();
    }
  });
});

describe("timeZonesOf", () => {
  it.each([
    ["33", ["Europe/Paris"]],
    ["1876", ["America/Jamaica"]],
    ["0", ["UTC"]],
  ])("+%s is %j", (prefix, zones) => expect(timeZonesOf(prefix)).toEqual(zones));
});
