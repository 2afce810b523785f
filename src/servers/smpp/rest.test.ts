import { describe, expect, it } from "vitest";
import { Rest } from "./rest.ts";

describe("a rest", () => {
  it("lasts a second, and then twice as long each time, up to five minutes", () => {
    const rest = new Rest();
    let nowMs = 0;
    const lengths = Array.from({ length: 11 }, () => {
      rest.begin(nowMs);
      const startedMs = nowMs;
      while (rest.isOn(nowMs)) nowMs += 1_000;
      return (nowMs - startedMs) / 1_000;
    });
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it("is not lengthened by what else is refused while it lasts", () => {
    const rest = new Rest();
    for (let refused = 0; refused < 50; refused += 1) rest.begin(500);
    expect([rest.isOn(1_499), rest.isOn(1_500)]).toEqual([true, false]);
  });

  it("is served out when something is acknowledged, and the next is short", () => {
    const rest = new Rest();
    rest.begin(0);
    rest.begin(1_000);
    rest.shorten();
    expect(rest.isOn(2_999)).toBe(true);
    rest.begin(3_000);
    expect(rest.isOn(4_000)).toBe(false);
  });
});
