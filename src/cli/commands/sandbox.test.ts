import { describe, expect, it } from "vitest";
import { asKept } from "./sandbox.ts";

describe("whom messages were to", () => {
  it.each([
    ["07700 900123", "447700900123"],
    ["+44 7700 900123", "447700900123"],
    ["447700900123", "447700900123"],
    ["ada@example.gov.uk", "ada@example.gov.uk"],
    ["/delivery-receipts", "/delivery-receipts"],
    ["60006", "60006"],
  ])("%s is found as %s", (asked, kept) => {
    expect(asKept(asked)).toBe(kept);
  });
});
