import { describe, expect, it } from "vitest";
import { countryPrices } from "../price/country-prices.ts";
import { calculateText, takeOffers } from "./calculate-text.ts";

const style = { name: "Town", textMode: "unicode", prefixesTexts: false } as const;

describe("the text calculator", () => {
  it.each<[string, string, object]>([
    ["one short text", "Hello", { encoding: "gsm7", fragments: 1, charactersLeft: 155, charactersOver: undefined }],
    ["a full text", "a".repeat(160), { fragments: 1, charactersLeft: 0 }],
    ["one character too many", "a".repeat(161), { fragments: 2, charactersLeft: 145, charactersOver: 1 }],
    [
      "a euro sign",
      "€5",
      { encoding: "gsm7", double: ["€"], charactersLeft: 157, offered: [{ from: "€", to: "EUR " }] },
    ],
    ["a Polish letter", "Zażółć", { encoding: "ucs2", charactersLeft: 64, forcingUcs2: ["ż", "ó", "ł", "ć"] }],
    [
      "typography",
      "it’s – ok",
      {
        encoding: "gsm7",
        replaced: [
          { from: "’", to: "'" },
          { from: "–", to: "-" },
        ],
      },
    ],
    ["an emoji", "😀", { encoding: "ucs2", charactersLeft: 68, offered: [] }],
    ["71 of UCS-2", `ż${"a".repeat(70)}`, { encoding: "ucs2", fragments: 2, charactersLeft: 63, charactersOver: 1 }],
    ["too much", "a".repeat(919), { isTooLong: true, charactersMax: 918, characters: 919 }],
  ])("explains %s", (_, typed, expected) => {
    expect(calculateText(typed, style)).toMatchObject(expected);
  });

  it("counts the service's name in front, but not against the limit", () => {
    const calculated = calculateText("Hello", { ...style, prefixesTexts: true });
    expect(calculated).toMatchObject({ text: "Town: Hello", characters: 5, charactersLeft: 149 });
  });

  it("offers what makes a text cheaper, and taking it does", () => {
    const dear = `naïve [note] ${"a".repeat(100)}`;
    const { offered, fragments } = calculateText(dear, style);
    const cheap = calculateText(takeOffers(dear, offered), style);
    expect([fragments, cheap.fragments, cheap.encoding]).toEqual([2, 1, "gsm7"]);
  });
});

describe("prices", () => {
  it("are exact, by country and the day's rate", () => {
    const at = new Date("2026-06-01T12:00:00Z");
    const prices = countryPrices(2, at);
    expect(prices[0]).toEqual({ country: "United Kingdom", prefix: "44", multiplier: 1, pounds: "0.048" });
    expect(prices.find(({ country }) => country === "France")?.pounds).toBe("0.096");
    expect(prices.length).toBeGreaterThan(150);
  });
});
