import { describe, expect, it } from "vitest";
import { decimalText } from "./decimal.ts";
import { asksForVolume, countryOfPrefix, listedPrice, type PriceRow, priceList } from "./price-list.ts";

const row = (prefix: string, price: string, change: Partial<PriceRow> = {}): PriceRow => {
  return { prefix, validFrom: "2026-01-01", fromFragments: 0, price, label: "", ...change };
};

const LIST = priceList([
  row("372", "0.041"),
  row("37255", "0.0375"),
  row("372", "0.039", { validFrom: "2026-07-01" }),
  row("372", "0.035", { validFrom: "2026-07-01", fromFragments: 1_000 }),
  row("372", "0.030001", { validFrom: "2026-07-01", fromFragments: 10_000 }),
  row("49", "0.07", { fromFragments: 500 }),
  row("33", "0"),
]);

describe("the listed price of a fragment", () => {
  it.each([
    ["of a country", "37251234567", "2026-06-30", 0, "0.041"],
    ["of a network's numbers, before its country's", "37255123456", "2026-06-30", 0, "0.0375"],
    ["from the day on that it holds from", "37251234567", "2026-07-01", 0, "0.039"],
    ["just below a volume", "37251234567", "2026-07-01", 999, "0.039"],
    ["at a volume", "37251234567", "2026-07-01", 1_000, "0.035"],
    ["far above the highest volume", "37251234567", "2026-12-01", 2_000_000, "0.030001"],
    ["of a volume that an earlier day did not ask for", "37251234567", "2026-06-30", 50_000, "0.041"],
    ["of a network, whatever its country's volume", "37255123456", "2026-12-01", 50_000, "0.0375"],
    ["that is nothing", "33612345678", "2026-06-30", 0, "0.0"],
    ["that is reached by volume alone", "4915112345678", "2026-06-30", 500, "0.07"],
  ])("%s", (_, digits, day, used, price) => {
    const listed = listedPrice(LIST, { digits, day, used });
    expect(listed && decimalText(listed)).toBe(price);
  });

  it.each([
    ["before the first day", "37251234567", "2025-12-31", 0],
    ["below the only volume", "4915112345678", "2026-06-30", 499],
    ["elsewhere", "447700900123", "2026-06-30", 0],
    ["of fewer digits than any beginning", "3", "2026-06-30", 0],
  ])("is none %s", (_, digits, day, used) => {
    expect(listedPrice(LIST, { digits, day, used })).toBeUndefined();
  });

  it("is none in an empty list", () => {
    expect(listedPrice(priceList([]), { digits: "372", day: "2026-06-30", used: 0 })).toBeUndefined();
  });

  it("asks for the volume only where one is named", () => {
    expect(asksForVolume(LIST)).toBe(true);
    expect(asksForVolume(priceList([row("372", "0.041")]))).toBe(false);
  });
});

describe("a network's price", () => {
  const list = priceList([
    row("372", "0.041"),
    row("37255", "0.0375"),
    row("372", "0.03", { network: "24801" }),
    row("372", "0.02", { network: "24801", validFrom: "2026-07-01", fromFragments: 1_000 }),
    row("3725", "0.025", { network: "24802" }),
  ]);

  it.each([
    ["comes before that of a longer beginning", "37255123456", "24801", "2026-06-30", "0.03"],
    ["is that of its longest beginning", "37255123456", "24802", "2026-06-30", "0.025"],
    ["is not that of another network", "37251234567", "24803", "2026-06-30", "0.041"],
    [
      "is none where its volume is not reached, and then all networks' holds",
      "37251234567",
      "24801",
      "2026-07-01",
      "0.041",
    ],
    ["does not hold in another country", "37151234567", "24801", "2026-06-30", undefined],
    ["does not hold where the network is not known", "37255123456", undefined, "2026-06-30", "0.0375"],
  ])("%s", (_, digits, network, day, price) => {
    const listed = listedPrice(list, { digits, network, day, used: 0 });
    expect(listed && decimalText(listed)).toBe(price);
  });
});

describe("the country of a price's beginning", () => {
  it.each([
    ["372", "372"],
    ["37255", "372"],
    ["44", "44"],
    ["447", "44"],
    ["1", "1"],
    ["1664", "1664"],
    ["1212", "1"],
    ["999", undefined],
    ["0", undefined],
  ])("%s → %s", (prefix, country) => {
    expect(countryOfPrefix(prefix)?.prefix).toBe(country);
  });
});
