import { describe, expect, it } from "vitest";
import letterRates from "../../../test/vectors/letter-rates.json" with { type: "json" };
import type { Status } from "../delivery/statuses.ts";
import { writeJson } from "../json/write-json.ts";
import type { Postage } from "../letter/postage.ts";
import { costOf } from "./cost-of.ts";
import { decimal, decimalText, times } from "./decimal.ts";
import { POUNDS } from "./home-money.ts";
import { letterRateOn } from "./letter-rates.ts";
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
    expect(writeJson(costOf(sms(change), POUNDS).cost)).toBe(pounds);
  });

  it("shows how the cost came about, with decimal points", () => {
    expect(writeJson(costOf(sms({ fragments: 2, rateMultiplier: 2 }), POUNDS))).toBe(
      '{"isCostDataReady":true,"cost":0.096,' +
        '"costDetails":{"billableSmsFragments":2,"internationalRateMultiplier":2.0,"smsRate":0.024}}',
    );
  });

  it("keeps the fragments of a technical failure in sight", () => {
    expect(costOf(sms({ status: "technical-failure", fragments: 4 }), POUNDS).costDetails).toMatchObject({
      billableSmsFragments: 4,
    });
  });

  it("is not known before the first attempt", () => {
    const cost = costOf(sms({ status: "created", fragments: 0 }), POUNDS);
    expect(cost).toEqual({ isCostDataReady: false, cost: null, costDetails: undefined });
  });
});

describe("what an email costs", () => {
  it("is nothing, written as money", () => {
    expect(writeJson(costOf({ channel: "email" }, POUNDS))).toBe('{"isCostDataReady":true,"cost":0.0}');
  });
});

function letter(change: { status?: Status; postage?: Postage; sheets?: number; createdAt?: Date }) {
  return {
    channel: "letter" as const,
    status: "sending" as const,
    postage: "second" as const,
    sheets: 1,
    createdAt,
    ...change,
  };
}

describe("what a letter costs", () => {
  it.each([
    [{}, "0.73"],
    [{ sheets: 5 }, "0.91"],
    [{ postage: "first" as const, sheets: 2 }, "1.61"],
    [{ postage: "economy" as const, sheets: 3 }, "0.73"],
    [{ postage: "europe" as const }, "1.8"],
    [{ postage: "rest-of-world" as const, sheets: 5 }, "1.96"],
    [{ status: "returned-letter" as const }, "0.73"],
    [{ status: "created" as const }, "0.73"],
    [{ sheets: 0 }, "0.0"],
    [{ status: "cancelled" as const, sheets: 3 }, "0.0"],
    [{ status: "technical-failure" as const }, "0.0"],
    [{ status: "validation-failed" as const, sheets: 0 }, "0.0"],
    [{ status: "virus-scan-failed" as const, sheets: 0 }, "0.0"],
  ])("%j costs %s pounds", (change, pounds) => {
    expect(writeJson(costOf(letter(change), POUNDS).cost)).toBe(pounds);
  });

  it("shows how the cost came about, with nothing charged for what was not printed", () => {
    expect(costOf(letter({ sheets: 2 }), POUNDS).costDetails).toEqual({ billableSheetsOfPaper: 2, postage: "second" });
    expect(costOf(letter({ sheets: 2, status: "cancelled" }), POUNDS).costDetails).toEqual({
      billableSheetsOfPaper: 0,
      postage: "second",
    });
  });

  it.each([
    [{ status: "created" as const, sheets: 0 }],
    [{ status: "pending-virus-check" as const, sheets: 0 }],
    [{ status: "pending-virus-check" as const }],
  ])("is not known while %j", (change) => {
    expect(costOf(letter(change), POUNDS)).toEqual({ isCostDataReady: false, cost: null, costDetails: undefined });
  });
});

describe("the rates of letters", () => {
  const sheetsOfAll = [1, 2, 3, 4, 5];
  const inForce = (from: string, postage: Postage): string[] =>
    sheetsOfAll.map((sheets) => decimalText(letterRateOn(new Date(from), { postage, sheets }, POUNDS)));

  it.each(letterRates.map((given) => [given.postage, given.from, given] as const))("%s from %s", (_, __, given) => {
    const nextMidnight = new Date(Date.parse(given.from) + 24 * 60 * 60_000).toISOString();
    const expected = Object.values(given.rate_by_sheets).map((pounds) => decimalText(decimal(String(pounds))));
    expect(inForce(nextMidnight, given.postage as Postage)).toEqual(expected);
  });

  it("hold from the first day that begins with them", () => {
    expect(inForce("2026-04-06T23:30:00Z", "first")[0]).toBe("1.49");
    expect(inForce("2026-04-07T00:00:00Z", "first")[0]).toBe("1.56");
    expect(inForce("2020-01-01T00:00:00Z", "europe")[0]).toBe("1.72");
  });

  it.each([0, 6, 1.5])("are none for %f sheets", (sheets) => {
    expect(() => letterRateOn(createdAt, { postage: "first", sheets }, POUNDS)).toThrow("no rate");
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
