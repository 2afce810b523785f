import { describe, expect, it } from "vitest";
import { formatInterval, formatMoment, parseTime } from "./smpp-time.ts";

const NOW = new Date("2026-06-01T12:00:00Z");

describe("SMPP times", () => {
  it("write a moment in UTC with tenths", () => {
    expect(formatMoment(new Date("2026-06-01T12:30:05.274Z"))).toBe("260601123005200+");
  });

  it.each([
    [0, "000000000000000R"],
    [59.6, "000000000100000R"],
    [3_600, "000000010000000R"],
    [259_200, "000003000000000R"],
    [90_061, "000001010101000R"],
    [99_999_999_999, "000099000000000R"],
    [-5, "000000000000000R"],
  ])("write an interval of %d seconds", (seconds, text) => {
    expect(formatInterval(seconds)).toBe(text);
  });

  it.each([
    ["260601123005200+", "2026-06-01T12:30:05.200Z"],
    ["260601123005204+", "2026-06-01T11:30:05.200Z"],
    ["260601123005008-", "2026-06-01T14:30:05.000Z"],
    ["000000010000000R", "2026-06-01T13:00:00.000Z"],
    ["010203040506000R", "2027-08-04T16:05:06.000Z"],
  ])("read %s", (text, moment) => {
    expect(parseTime(text, NOW)?.toISOString()).toBe(moment);
  });

  it.each(["", "260601123005200", "260231123005000+", "261301123005000+", "260601243005000+", "260601123005049+", "x"])(
    "name no moment: '%s'",
    (text) => {
      expect(parseTime(text, NOW)).toBeUndefined();
    },
  );
});
