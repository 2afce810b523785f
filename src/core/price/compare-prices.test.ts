import { describe, expect, it } from "vitest";
import { comparePrices } from "./compare-prices.ts";
import { compareDecimals, decimal, decimalText, divided } from "./decimal.ts";

const pounds = (amount: string) => ({ amount, currency: "GBP" });
const charged = (countryPrefix: string, prices: Record<string, string>) =>
  Object.entries(prices).map(([provider, price]) => ({ provider, countryPrefix, price, own: pounds(price) }));

describe("what providers charge", () => {
  it("is held against their average and against what services pay", () => {
    const all = [...charged("44", { fen: "0.03", hill: "0.02", coast: "0.025" }), ...charged("33", { fen: "0.05" })];
    expect(comparePrices(all, ({ countryPrefix }) => decimal(countryPrefix === "44" ? "0.024" : "0.048"))).toEqual([
      {
        countryPrefix: "44",
        ours: "0.024",
        average: "0.025",
        providers: [
          { provider: "hill", price: "0.02", own: pounds("0.02"), verdict: "usual" },
          { provider: "coast", price: "0.025", own: pounds("0.025"), verdict: "usual" },
          { provider: "fen", price: "0.03", own: pounds("0.03"), verdict: "usual" },
        ],
        margin: "0.004",
      },
      {
        countryPrefix: "33",
        ours: "0.048",
        average: "0.05",
        providers: [{ provider: "fen", price: "0.05", own: pounds("0.05"), verdict: "usual" }],
        margin: "-0.002",
      },
    ]);
  });

  it("stands last, and in no average, where it cannot be compared", () => {
    const dollars = {
      provider: "reef",
      countryPrefix: "44",
      price: undefined,
      own: { amount: "0.01", currency: "USD" },
    };
    const [rated, unrated] = comparePrices(
      [dollars, ...charged("44", { fen: "0.03" }), { ...dollars, countryPrefix: "33" }],
      () => decimal("0.024"),
    );
    expect(rated).toMatchObject({ average: "0.03", margin: "-0.006" });
    expect(rated?.providers.map(({ provider, verdict }) => `${provider} ${verdict}`)).toEqual([
      "fen usual",
      "reef unrated",
    ]);
    expect(unrated).toMatchObject({ average: undefined, margin: undefined, ours: "0.024" });
  });

  it("is told apart by network", () => {
    const one = charged("372", { fen: "0.03" }).map((row) => ({ ...row, network: "24801" }));
    const places = comparePrices([...charged("372", { fen: "0.04" }), ...one], ({ network }) =>
      decimal(network ? "0.05" : "0.06"),
    );
    expect(places.map(({ network, ours, average }) => [network, ours, average])).toEqual([
      [undefined, "0.06", "0.04"],
      ["24801", "0.05", "0.03"],
    ]);
  });

  it.each([
    ["0.0199", "low"],
    ["0.02", "low"],
    ["0.0301", "usual"],
    ["0.08", "high"],
  ])("%s beside 0.03 and 0.04 is %s", (price, verdict) => {
    const [country] = comparePrices(charged("44", { one: price, two: "0.03", three: "0.04" }), () => decimal("0.024"));
    expect(country?.providers.find(({ provider }) => provider === "one")?.verdict).toBe(verdict);
  });
});

describe("decimals", () => {
  it.each([
    ["0.1", 3, 6, "0.033333"],
    ["0.2", 3, 6, "0.066667"],
    ["-0.2", 3, 6, "-0.066667"],
    ["0.000005", 10, 6, "0.000001"],
    ["0.000004", 10, 6, "0.0"],
    ["7", 1, 0, "7.0"],
  ])("%s / %i to %i decimals is %s", (amount, by, decimals, quotient) => {
    expect(decimalText(divided(decimal(amount), by, decimals))).toBe(quotient);
  });

  it.each([
    ["0.1", "0.10", 0],
    ["0.1", "0.09", 1],
    ["-1", "0", -1],
    ["123456789.000001", "123456789.000002", -1],
  ])("%s against %s: %i", (a, b, sign) => {
    expect(compareDecimals(decimal(a), decimal(b))).toBe(sign);
  });
});
