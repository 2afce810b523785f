import { describe, expect, it } from "vitest";
import { FLOOD_USUAL, type FloodKind, slotOf, stopEndsAt, subjectOf } from "./flood-rule.ts";

const text = (digits: string, countryPrefix: string) => {
  return { channel: "sms", number: { digits, countryPrefix }, templateId: "t" };
};
const chat = { channel: "chat", number: undefined, templateId: "t" };
const email = { channel: "email", number: undefined, templateId: "t" };

describe("a message counts by", () => {
  it.each([
    ["prefix", 4, text("447700900123", "44"), "447700"],
    ["prefix", 0, text("447700900123", "44"), "44"],
    ["prefix", 6, text("37251234567", "372"), "3725123"],
    ["prefix", 6, text("29012345", "290"), "2901"],
    ["prefix", 6, text("29012", "290"), "290"],
    ["prefix", 4, chat, undefined],
    ["template", 4, text("447700900123", "44"), "t"],
    ["template", 4, email, undefined],
    ["template", 4, chat, undefined],
    ["spend", 4, text("447700900123", "44"), ""],
    ["spend", 4, chat, ""],
    ["spend", 4, email, undefined],
  ] as const)("%s with %i digits: %j as %j", (countsBy: FloodKind, prefixDigits, message, subject) => {
    expect(subjectOf({ ...FLOOD_USUAL, countsBy, prefixDigits }, message)).toBe(subject);
  });
});

it("a window has sixty steps", () => {
  const at = (seconds: number) => slotOf({ windowMinutes: 5 }, new Date(seconds * 1_000));
  expect([at(0), at(4.999), at(5), at(300)]).toEqual([0, 0, 1, 60]);
});

it("a stop ends by itself, or does not", () => {
  const now = new Date("2026-06-01T10:00:00Z");
  expect(stopEndsAt({ stopsMinutes: 90 }, now)?.toISOString()).toBe("2026-06-01T11:30:00.000Z");
  expect(stopEndsAt({ stopsMinutes: 0 }, now)).toBeUndefined();
});
