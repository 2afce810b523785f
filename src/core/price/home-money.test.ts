import { describe, expect, it } from "vitest";
import { decimal, decimalText, roundedHalfEven, timesDecimal } from "./decimal.ts";
import { atHome, POUNDS, parseCurrency } from "./home-money.ts";
import { currencySymbol, moneyWords, wholeMoneyWords, withoutCurrency } from "./money-words.ts";

describe("rounding to six decimals", () => {
  it.each([
    ["0.0000005", "0.0"],
    ["0.0000015", "0.000002"],
    ["0.0000025", "0.000002"],
    ["0.00000250000001", "0.000003"],
    ["-0.0000015", "-0.000002"],
    ["-0.0000025", "-0.000002"],
    ["0.9999995", "1.0"],
    ["0.0249995", "0.025"],
    ["12345678901234567890.1234565", "12345678901234567890.123456"],
    ["0.5", "0.5"],
  ])("of %s is %s", (amount, rounded) => {
    expect(decimalText(roundedHalfEven(decimal(amount), 6))).toBe(rounded);
  });
});

it.each([
  ["0.1", "0.2", "0.02"],
  ["0.031", "0.8612345678", "0.0266982716018"],
  ["-0.5", "3", "-1.5"],
])("%s times %s is exactly %s", (a, b, product) => {
  expect(decimalText(timesDecimal(decimal(a), decimal(b)))).toBe(product);
});

describe("a house rate of 0.0233 pounds", () => {
  it.each([
    ["GBP", "1", "0.0233"],
    ["EUR", "1.15", "0.026795"],
    ["EUR", "1.153457", "0.026876"],
    ["JPY", "193.5", "4.50855"],
    ["KWD", "0.4123", "0.009607"],
  ])("is in %s at %s: %s", (currency, pound, amount) => {
    expect(decimalText(atHome(decimal("0.0233"), { currency, pound: decimal(pound) }))).toBe(amount);
  });

  it("stays as it is in pounds, whatever is said of them", () => {
    expect(atHome(decimal("0.0233"), { ...POUNDS, pound: decimal("2") })).toEqual(decimal("0.0233"));
  });
});

it.each([
  ["EUR", "EUR"],
  [" usd ", "USD"],
  ["GBX", undefined],
  ["E", undefined],
  ["", undefined],
  ["€", undefined],
])("the currency %j is %s", (typed, code) => {
  expect(parseCurrency(typed)).toBe(code);
});

describe("amounts in words", () => {
  it.each([
    ["0.0245", "GBP", "£0.0245"],
    ["1234.5", "EUR", "€1,234.50"],
    ["0.000001", "EUR", "€0.000001"],
    ["4.5", "JPY", "JP¥4.5"],
    ["5", "JPY", "JP¥5"],
    ["-0.5", "USD", "-US$0.50"],
    ["9007199254740993.000001", "GBP", "£9,007,199,254,740,993.000001"],
  ])("%s in %s: %s", (amount, currency, words) => {
    expect(moneyWords(amount, currency)).toBe(words);
  });

  it.each([
    [50, "GBP", "£50"],
    [1_000, "EUR", "€1,000"],
    [100, "JPY", "JP¥100"],
    [1_000, "JPY", "JP¥1,000"],
    [25.5, "GBP", "£25.50"],
  ])("%d in whole %s: %s", (amount, currency, words) => {
    expect(wholeMoneyWords(amount, currency)).toBe(words);
  });

  it.each([
    ["€ 5", "EUR", "5"],
    ["€5", "EUR", "5"],
    ["EUR 5", "EUR", "5"],
    ["US$5", "USD", "5"],
    ["$5", "USD", "5"],
    [" 5 ", "EUR", "5"],
    ["£5", "EUR", "£5"],
    ["", "EUR", ""],
  ])("%j typed where %s is charged is %j", (typed, currency, amount) => {
    expect(withoutCurrency(typed, currency)).toBe(amount);
  });

  it("have the symbol of their currency", () => {
    expect(["GBP", "EUR", "SEK"].map(currencySymbol)).toEqual(["£", "€", "SEK"]);
  });
});
