import { describe, expect, it } from "vitest";
import { AppRest, askedMs, retryAfterMs } from "./throttling.ts";

describe("how long an app asks to be left alone", () => {
  it.each([
    ["7", 7_000],
    ["0", 1_000],
    ["99999999", 3_600_000],
    ["soon", undefined],
    ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
    [undefined, undefined],
  ])("by Retry-After %s is %s ms", (header, expected) => {
    expect(retryAfterMs({ headers: { "retry-after": header } })).toBe(expected);
  });

  it.each([
    [2.5, 2_500],
    [-1, undefined],
    [Number.NaN, undefined],
  ])("of %s seconds is %s ms", (seconds, expected) => {
    expect(askedMs(seconds)).toBe(expected);
  });
});

describe("a provider whose app says no more than that it wants less", () => {
  it("waits twice as long each time, once for all that was refused together, and five minutes at most", () => {
    const rest = new AppRest();
    expect([rest.begin(0, undefined), rest.begin(500, undefined)]).toEqual([2_000, 1_500]);
    expect([rest.isOn(1_999), rest.isOn(2_000)]).toEqual([true, false]);
    expect([rest.begin(2_000, undefined), rest.begin(6_000, undefined)]).toEqual([4_000, 8_000]);
    for (let nowMs = 14_000; nowMs < 1e7; nowMs += 600_000) rest.begin(nowMs, undefined);
    expect(rest.begin(1e8, undefined)).toBe(300_000);
  });

  it("waits shortly again once a message was taken, and as long as it is asked to whenever it is asked", () => {
    const rest = new AppRest();
    rest.begin(0, undefined);
    rest.begin(2_000, undefined);
    rest.shorten();
    expect(rest.begin(6_000, undefined)).toBe(2_000);
    expect(rest.begin(6_500, 60_000)).toBe(60_000);
    expect(rest.isOn(66_499)).toBe(true);
  });
});
