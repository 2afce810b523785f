import { describe, expect, it } from "vitest";
import type { Status } from "../delivery/statuses.ts";
import { firstLook, holdEnding, nextLook } from "./hold-ending.ts";

const heldAt = new Date("2026-06-01T12:00:00Z");
const later = (ms: number) => new Date(heldAt.getTime() + ms);
const HOUR_MS = 3_600_000;

describe("the money held for a text", () => {
  it.each<[Status, number, string]>([
    ["created", 0, "wait"],
    ["created", 2, "wait"],
    ["sending", 1, "wait"],
    ["pending", 1, "wait"],
    ["sent", 1, "wait"],
    ["delivered", 1, "charge"],
    ["permanent-failure", 1, "charge"],
    ["temporary-failure", 3, "charge"],
    ["temporary-failure", 0, "release"],
    ["permanent-failure", 0, "release"],
    ["technical-failure", 1, "release"],
    ["cancelled", 0, "release"],
  ])("of one that is %s after %i attempts: %s", (status, attempts, ending) => {
    expect(holdEnding({ text: { status, attempts }, heldAt, now: later(HOUR_MS) })).toBe(ending);
  });

  it("is released when the text is gone", () => {
    expect(holdEnding({ text: undefined, heldAt, now: later(HOUR_MS) })).toBe("release");
  });

  it.each([
    [72 * HOUR_MS - 1, "wait"],
    [72 * HOUR_MS, "charge"],
  ])("of one that has been sent for %i ms: %s", (ms, ending) => {
    expect(holdEnding({ text: { status: "sent", attempts: 1 }, heldAt, now: later(ms) })).toBe(ending);
  });

  it.each([
    [60_000, 60_000],
    [120_000, 120_000],
    [HOUR_MS, 900_000],
    [-5_000, 60_000],
  ])("is looked at again: %i ms old, in %i ms", (ageMs, inMs) => {
    const now = later(ageMs);
    expect(nextLook(heldAt, now).getTime() - now.getTime()).toBe(inMs);
  });

  it("is looked at first a minute after the text is due", () => {
    expect(firstLook(heldAt)).toEqual(later(60_000));
  });
});
