import { describe, expect, it } from "vitest";
import { formatsOf } from "./formats.ts";

const NOW = new Date("2026-06-01T10:30:00Z");
const formats = formatsOf({ language: "en", timeZone: "Europe/London", currency: "GBP" }, NOW);

describe("a moment", () => {
  it.each([
    ["2026-06-01T10:30:00Z", "now"],
    ["2026-06-01T10:29:15Z", "45 seconds ago"],
    ["2026-06-01T10:28:30Z", "1 minute ago"],
    ["2026-06-01T08:00:00Z", "2 hours ago"],
    ["2026-05-31T10:00:00Z", "yesterday"],
    ["2026-05-26T10:00:00Z", "6 days ago"],
    ["2026-05-01T10:00:00Z", "1 May 2026"],
    ["2026-06-01T12:30:00Z", "in 2 hours"],
  ])("%s is shown as %s, with its exact time", (iso, shown) => {
    const html = String(formats.time(new Date(iso)));
    expect(html).toContain(`>${shown}</time>`);
    expect(html).toContain(`datetime="${new Date(iso).toISOString()}"`);
  });

  it("is exact in the time zone of the house", () => {
    expect(formats.exactTime(NOW)).toBe("1 June 2026 at 11:30");
    expect(formats.preciseTime(new Date("2026-06-01T10:30:05Z"))).toBe("1 June 2026 at 11:30:05");
    const lateInJune = new Date("2026-06-30T23:30:00Z");
    expect(formats.date(lateInJune)).toBe("1 July 2026");
    expect([formats.shortDate, formats.clock, formats.month].map((show) => show(lateInJune))).toEqual([
      "1 Jul",
      "00:30",
      "July 2026",
    ]);
  });
});

describe("an amount", () => {
  it.each([
    ["1234.5", "£1,234.50"],
    ["0.0227", "£0.0227"],
    ["3.0", "£3.00"],
    ["12345678901234567.0227", "£12,345,678,901,234,567.0227"],
  ])("of %s is %s", (amount, shown) => {
    expect(formats.money(amount)).toBe(shown);
  });

  it("of anything else is a number", () => {
    expect([formats.number(1_234_567), formats.percent(0.034)]).toEqual(["1,234,567", "3.4%"]);
  });
});
