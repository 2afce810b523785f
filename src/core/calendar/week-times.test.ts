import { describe, expect, it } from "vitest";
import { isWithin, minuteOfWeek, parseWeekTimes } from "./week-times.ts";

const HOUR = 60;
const DAY = 24 * HOUR;

describe("times of the week", () => {
  it.each([
    ["mon 08:00-20:00", [[8 * HOUR, 20 * HOUR]]],
    [
      "sat,mon 00:00-24:00",
      [
        [5 * DAY, 6 * DAY],
        [0, DAY],
      ],
    ],
    ["sun 22:00-06:30", [[6 * DAY + 22 * HOUR, 7 * DAY + 6.5 * HOUR]]],
    [
      "sun-mon 10:00-11:00",
      [
        [6 * DAY + 10 * HOUR, 6 * DAY + 11 * HOUR],
        [10 * HOUR, 11 * HOUR],
      ],
    ],
  ])("are read: %s", (text, spans) => {
    expect(parseWeekTimes(text)?.map(({ from, to }) => [from, to])).toEqual(spans);
  });

  it.each([
    "",
    "mon",
    "mon 8:00-20:00",
    "mon 08:00-08:00",
    "mon 24:00-08:00",
    "die 08:00-20:00",
    "mon-wed-fri 08:00-20:00",
    "mon, 08:00-20:00",
  ])("are not read from %j", (text) => expect(parseWeekTimes(text)).toBeUndefined());

  it.each([
    ["2026-06-01T07:00:00Z", "Europe/London", 8 * HOUR], // a Monday, in summer
    ["2026-01-04T23:59:00Z", "Europe/London", 6 * DAY + 24 * HOUR - 1],
    ["2026-01-04T23:59:00Z", "Europe/Tallinn", HOUR + 59],
  ])("are told by the clocks at home: %s in %s", (moment, timeZone, minute) => {
    expect(minuteOfWeek(new Date(moment), timeZone)).toBe(minute);
  });

  it.each([
    ["mon 08:00-20:00", 8 * HOUR, true],
    ["mon 08:00-20:00", 20 * HOUR, false],
    ["sun 22:00-06:00", 5 * HOUR, true],
    ["sun 22:00-06:00", 6 * HOUR, false],
    ["fri 22:00-06:00", 5 * DAY + HOUR, true],
  ])("of %s hold minute %d: %s", (text, minute, holds) => {
    expect(isWithin(minute, parseWeekTimes(text) ?? [])).toBe(holds);
  });
});
