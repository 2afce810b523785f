import { describe, expect, it } from "vitest";
import type { Status } from "../delivery/statuses.ts";
import { CODE_ALPHABETS, lifeInWords, normaliseCode } from "./code.ts";
import { fallbackStep, verificationState } from "./verification-state.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 5, 1, 10, 0, seconds));
const course = { verifiedAt: undefined, expiresAt: at(300), attempts: 0, attemptsMax: 5 };

describe("normaliseCode", () => {
  it.each([
    ["123456", "123456"],
    [" 123 456\n", "123456"],
    ["bcd-fgh", "BCDFGH"],
    ["BCD\u2011FGH", "BCDFGH"],
  ])("%j is %j", (typed, code) => expect(normaliseCode(typed)).toBe(code));

  it("leaves every character a code can have as it is", () => {
    for (const alphabet of Object.values(CODE_ALPHABETS)) expect(normaliseCode(alphabet)).toBe(alphabet);
  });
});

describe("lifeInWords", () => {
  it.each([
    [60, "1 minute"],
    [61, "2 minutes"],
    [1_800, "30 minutes"],
  ])("%i seconds are %s", (seconds, words) => expect(lifeInWords(seconds)).toBe(words));
});

describe("verificationState", () => {
  it.each([
    [{}, 0, "pending"],
    [{}, 299, "pending"],
    [{}, 300, "expired"],
    [{ attempts: 4 }, 0, "pending"],
    [{ attempts: 5 }, 0, "too-many-attempts"],
    [{ attempts: 5 }, 400, "too-many-attempts"],
    [{ verifiedAt: at(20), attempts: 5 }, 400, "verified"],
  ])("of %j after %i seconds is %s", (change, seconds, state) =>
    expect(verificationState({ ...course, ...change }, at(seconds))).toBe(state),
  );
});

describe("fallbackStep", () => {
  it.each<[Status | undefined, number, object]>([
    ["created", 0, { kind: "look-again", at: at(3) }],
    ["sending", 58, { kind: "look-again", at: at(60) }],
    ["sending", 60, { kind: "send" }],
    ["sent", 60, { kind: "send" }],
    ["pending", 10, { kind: "look-again", at: at(13) }],
    ["permanent-failure", 1, { kind: "send" }],
    ["temporary-failure", 1, { kind: "send" }],
    ["technical-failure", 1, { kind: "send" }],
    ["cancelled", 1, { kind: "send" }],
    [undefined, 1, { kind: "send" }],
    ["delivered", 61, { kind: "none" }],
    ["permanent-failure", 300, { kind: "none" }],
  ])("of a text that is %s after %i seconds is %j", (status, seconds, step) =>
    expect(fallbackStep(course, { status, sentAt: at(0), fallbackAfterSeconds: 60 }, at(seconds))).toEqual(step),
  );

  it("is none once the code was used, or may not be tried again", () => {
    const text = { status: "permanent-failure", sentAt: at(0), fallbackAfterSeconds: 60 } as const;
    expect(fallbackStep({ ...course, verifiedAt: at(1) }, text, at(2))).toEqual({ kind: "none" });
    expect(fallbackStep({ ...course, attempts: 5 }, text, at(2))).toEqual({ kind: "none" });
  });
});
