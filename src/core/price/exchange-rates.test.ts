import { describe, expect, it } from "vitest";
import { type CarrierPriceRow, carrierPrices, chargeWords } from "./carrier-prices.ts";
import { decimal, decimalText } from "./decimal.ts";
import { exchangeRates } from "./exchange-rates.ts";

const RATES = exchangeRates(
  [
    { currency: "EUR", validFrom: "2026-06-01", rate: "0.86" },
    { currency: "EUR", validFrom: "2026-07-01", rate: "0.8612345678" },
    { currency: "EUR", validFrom: "2026-01-01", rate: "0.5" },
    { currency: "VND", validFrom: "2026-01-01", rate: "0.0000287" },
    { currency: "USD", validFrom: "2026-08-01", rate: "0.75" },
  ],
  "GBP",
);

describe("an amount in another currency", () => {
  it.each([
    ["0.031", "EUR", "2026-06-30", "0.02666"],
    ["0.031", "EUR", "2026-07-01", "0.026698"],
    ["0.031", "EUR", "2026-05-31", "0.0155"],
    ["0.000001", "EUR", "2026-05-31", "0.0"],
    ["0.000003", "EUR", "2026-05-31", "0.000002"],
    ["0.000005", "EUR", "2026-05-31", "0.000002"],
    ["650", "VND", "2026-06-30", "0.018655"],
    ["0.02", "GBP", "2020-01-01", "0.02"],
    ["0.02", "USD", "2026-07-31", undefined],
    ["0.02", "EUR", "2025-12-31", undefined],
    ["0.02", "SEK", "2026-06-30", undefined],
  ])("%s %s on %s is %s at home", (amount, currency, day, atHome) => {
    const converted = RATES.atHome(decimal(amount), { currency, day });
    expect(converted && decimalText(converted)).toBe(atHome);
  });
});

describe("what a provider charges", () => {
  const rows: CarrierPriceRow[] = [
    { provider: "fen", currency: "EUR", countryPrefix: "372", price: "0.031" },
    { provider: "fen", currency: "EUR", countryPrefix: "372", network: "24801", price: "0.02" },
    { provider: "hill", currency: "GBP", countryPrefix: "372", price: "0.025" },
    { provider: "reef", currency: "USD", countryPrefix: "372", network: "24801", price: "0.01" },
  ];
  const prices = carrierPrices(rows, RATES, "2026-06-30");

  it.each([
    ["fen", "372", undefined, "€0.031 (£0.02666)", 26_660],
    ["fen", "372", "24801", "€0.02 (£0.0172)", 17_200],
    ["fen", "372", "24802", "€0.031 (£0.02666)", 26_660],
    ["hill", "372", "24801", "£0.025", 25_000],
    ["reef", "372", "24801", "US$0.01 (no exchange rate)", undefined],
    ["reef", "372", undefined, "price not known", undefined],
    ["fen", "44", undefined, "price not known", undefined],
    ["coast", "372", undefined, "price not known", undefined],
  ])("%s to %s on %s: %s", (provider, countryPrefix, network, words, millionths) => {
    const price = prices.of(provider, { countryPrefix, network });
    expect(chargeWords(price, "GBP")).toBe(words);
    expect(price?.millionths).toBe(millionths);
  });

  it("is in its currency", () => {
    expect(["fen", "hill", "reef", "coast"].map(prices.currencyOf)).toEqual(["EUR", "GBP", "USD", undefined]);
  });
});
