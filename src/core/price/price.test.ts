import { describe, expect, it } from "vitest";
import type { Status } from "../delivery/statuses.ts";
import { writeJson } from "../json/write-json.ts";
import { costOf } from "./cost-of.ts";
import { decimal, decimalText, times } from "./decimal.ts";
import { smsRateOn } from "./sms-rates.ts";

const createdAt = new Date("2026-06-01T12:00:00Z");

function sms(change: { status?: Status; fragments?: number; rateMultiplier?: number }) {
  return {
    channel: "sms" as const,
    status: "delivered" as const,
    fragments: 1,
    rateMultiplier: 1,
    createdAt,
    ...change,
  };
}

describe("what a text costs", () => {
  it.each([
    [{}, "0.024"],
    [{ fragments: 2 }, "0.048"],
    [{ fragments: 3, rateMultiplier: 10 }, "0.72"],
    [{ fragments: 125 }, "3.0"],
    [{ status: "sent" as const, fragments: 0 }, "0.0"],
    [{ status: "technical-failure" as const, fragments: 2 }, "0.0"],
    [{ status: "temporary-failure" as const, fragments: 2 }, "0.048"],
    [{ status: "permanent-failure" as const }, "0.024"],
    [{ status: "created" as const }, "0.024"],
  ])("%j costs %s pounds", (change, pounds) => {
    expect(writeJson(costOf(sms(change)).costInPounds)).toBe(pounds);
  });

  it("shows how the cost came about, with decimal points", () => {
    expect(writeJson(costOf(sms({ fragments: 2, rateMultiplier: 2 })))).toBe(
      '{"isCostDataReady":true,"costInPounds":0.096,' +
        '"costDetails":{"billableSmsFragments":2,"internationalRateMultiplier":2.0,"smsRate":0.024}}',
    );
  });

  it("keeps the fragments of a technical failure in sight", () => {
    expect(costOf(sms({ status: "technical-failure", fragments: 4 })).costDetails?.billableSmsFragments).toBe(4);
  });

  it("is not known before the first attempt", () => {
    const cost = costOf(sms({ status: "created", fragments: 0 }));
    expect(cost).toEqual({ isCostDataReady: false, costInPounds: null, costDetails: undefined });
  });
});

describe("what an email costs", () => {
  it("is nothing, written as money", () => {
    expect(writeJson(costOf({ channel: "email" }))).toBe('{"isCostDataReady":true,"costInPounds":0.0}');
  });
});

describe("the rate of a text", () => {
  it.each([
    ["2024-01-01T00:00:00Z", "0.0233"],
    ["2026-03-31T22:59:59Z", "0.0233"],
    ["2026-03-31T23:30:00Z", "0.0233"],
    ["2026-04-01T00:00:00Z", "0.024"],
  ])("at %s is %s", (moment, rate) => {
    expect(decimalText(smsRateOn(new Date(moment)))).toBe(rate);
  });
});

describe("decimals", () => {
  it("are exact where binary fractions are not", () => {
    expect(decimalText(times(decimal("0.1"), 3))).toBe("0.3");
    expect(decimalText(times(decimal("-0.05"), 2))).toBe("-0.1");
    expect(decimalText(times(decimal("0.0233"), 918_273_645))).toBe("21395775.9285");
  });

  it.each(["", "1.", ".5", "1e3", "£1"])("are not read from %j", (text) => {
    expect(() => decimal(text)).toThrow();
  });
});
