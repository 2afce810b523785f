import { describe, expect, it } from "vitest";
import { type ForecastText, forecast } from "./forecast.ts";

const text = (change: Partial<ForecastText> = {}): ForecastText => ({
  ...{ countryPrefix: "44", cost: 0.02, status: undefined, isRoaming: false },
  ...change,
});
const many = (count: number, change?: Partial<ForecastText>): ForecastText[] => Array(count).fill(text(change));
const lately = {
  byCountry: new Map([
    ["44", { ended: 1_000, delivered: 900 }],
    ["372", { ended: 99, delivered: 0 }],
  ]),
  total: { ended: 2_000, delivered: 1_600 },
};

describe("how many of some texts arrive", () => {
  it.each([
    ["as many as lately, of the same country", many(1_000), { delivered: 900, costOfLost: 2 }],
    [
      "as of all, where few went to the country",
      many(100, { countryPrefix: "372" }),
      { delivered: 80, costOfLost: 0.4 },
    ],
    ["as of all, where none went to it", many(10, { countryPrefix: "1" }), { delivered: 8, costOfLost: 0.04 }],
    ["none of nobody's numbers", many(10, { status: "INVALID" }), { delivered: 0, costOfLost: 0.2 }],
    ["of both together", [...many(10), ...many(10, { status: "INVALID" })], { delivered: 9, costOfLost: 0.22 }],
    ["of nothing", [], { delivered: 0, costOfLost: 0 }],
  ])("%s", (_, texts, expected) => {
    expect(forecast(texts, lately).expected).toEqual(expected);
  });

  it("is not told from few", () => {
    const few = { byCountry: new Map(), total: { ended: 99, delivered: 99 } };
    expect(forecast(many(3), few).expected).toBeUndefined();
    expect(forecast(many(3, { status: "INVALID" }), few).expected).toEqual({ delivered: 0, costOfLost: 0.06 });
  });
});

it("counts what networks said", () => {
  const told = [text({ status: "ON", isRoaming: true }), text({ status: "OFF" }), text({ status: "INVALID" }), text()];
  expect(forecast(told, lately)).toMatchObject({ asked: 3, nobodysNumber: 1, switchedOff: 1, roaming: 1 });
});
