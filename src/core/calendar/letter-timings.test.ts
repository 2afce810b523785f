import { describe, expect, it } from "vitest";
import holidays from "../../../test/vectors/bank-holidays.json" with { type: "json" };
import cases from "../../../test/vectors/letter-estimated-delivery.json" with { type: "json" };
import type { Postage } from "../letter/postage.ts";
import { bankHolidaysOf, isBankHoliday } from "./bank-holidays.ts";
import { letterTimings } from "./letter-timings.ts";

const LONDON = { timeZone: "Europe/London", cutOff: "17:30" };

function micros(moment: Date): string {
  return moment.toISOString().replace("Z", "000Z");
}

describe("the timings of a letter", () => {
  it.each(cases.map((worked) => [worked.created_at, worked.postage, worked] as const))(
    "made at %s, posted %s",
    (_, __, worked) => {
      const letter = { createdAt: new Date(worked.created_at), postage: worked.postage as Postage };
      const { printedBy, earliestDelivery, latestDelivery } = letterTimings(letter, LONDON);
      expect({
        created_at: worked.created_at,
        postage: worked.postage,
        estimated_delivery: micros(latestDelivery),
        earliest_delivery: micros(earliestDelivery),
        printed_by: micros(printedBy),
      }).toEqual(worked);
    },
  );

  it("count Saturdays for first class alone", () => {
    const createdAt = new Date("2026-01-08T12:00:00.123Z"); // a Thursday, so printed on Friday
    expect(letterTimings({ createdAt, postage: "first" }, LONDON).latestDelivery.toISOString()).toBe(
      "2026-01-10T16:00:00.123Z",
    );
    expect(letterTimings({ createdAt, postage: "second" }, LONDON).earliestDelivery.toISOString()).toBe(
      "2026-01-15T16:00:00.123Z",
    );
  });
});

describe("a deployment's own habits", () => {
  it.each([
    ["2026-06-09T10:59:00Z", { timeZone: "Europe/London", cutOff: "12:00" }, "2026-06-10T14:00:00.000Z"],
    ["2026-06-09T11:00:00Z", { timeZone: "Europe/London", cutOff: "12:00" }, "2026-06-11T14:00:00.000Z"],
    ["2026-06-09T22:00:00Z", { timeZone: "America/New_York", cutOff: "17:30" }, "2026-06-11T19:00:00.000Z"],
  ])("made at %s under %j is printed by %s", (createdAt, habits, printedBy) => {
    const letter = { createdAt: new Date(createdAt), postage: "second" } as const;
    expect(letterTimings(letter, habits).printedBy.toISOString()).toBe(printedBy);
  });
});

describe("bank holidays", () => {
  it("are those that were announced", () => {
    const years = Array.from({ length: 10 }, (_, index) => 2018 + index);
    expect(years.flatMap(bankHolidaysOf)).toEqual(holidays);
  });

  it.each([
    ["2028-04-14", true], // Good Friday
    ["2028-04-17", true],
    ["2038-04-23", true], // the latest it can be
    ["2038-04-26", true],
    ["2033-12-27", true],
    ["2033-12-28", false],
    ["2028-01-03", true],
    ["2028-05-01", true],
    ["2028-12-24", false],
  ])("are known for years to come: %s %s", (day, isHoliday) => {
    expect(isBankHoliday(day)).toBe(isHoliday);
  });
});
