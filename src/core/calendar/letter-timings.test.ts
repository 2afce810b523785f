import { describe, expect, it } from "vitest";
import holidays from "../../../test/vectors/bank-holidays.json" with { type: "json" };
import cases from "../../../test/vectors/letter-estimated-delivery.json" with { type: "json" };
import type { Postage } from "../letter/postage.ts";
import { bankHolidaysOf, isBankHoliday } from "./bank-holidays.ts";
import { letterTimings } from "./letter-timings.ts";

const LONDON = "Europe/London";

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
