import { describe, expect, it } from "vitest";
import { numberFacts } from "./number-facts.ts";

describe("number data", () => {
  it.each([
    ["07700 900123", "447700900123", "mobile", "GB"],
    ["+44 7400 123456", "447400123456", "mobile", "GB"],
    ["020 7946 0000", "442079460000", "landline", "GB"],
    ["+44 7797 712345", "447797712345", "mobile", "JE"],
    ["+1 202 555 0123", "12025550123", "mobile-or-landline", "US"],
    ["+1 416 555 0123", "14165550123", "mobile-or-landline", "CA"],
    ["+372 5123 4567", "37251234567", "mobile", "EE"],
    ["+44 70 1234 5678", "447012345678", "personal-number", "GB"],
  ])("of %s", (text, digits, type, country) => {
    expect(numberFacts(text)).toMatchObject({ number: { digits }, type, country });
  });

  it.each([
    ["0770090012345", "too-long"],
    ["12", "too-short"],
    ["07700 90012X", "unknown-character"],
    ["+44 909 8790000", "invalid"],
  ])("say of %s that it is %s", (text, problem) => {
    expect(numberFacts(text)).toBe(problem);
  });
});
