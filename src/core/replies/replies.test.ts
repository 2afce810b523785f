import { describe, expect, it } from "vitest";
import { matchKeyword } from "./match-keyword.ts";
import { askedIn, plainWords } from "./reply-words.ts";

describe("what a text asks for", () => {
  it.each([
    ["STOP", "stop"],
    [" stop. ", "stop"],
    ["Stop all", "stop"],
    ["Arrêt", "stop"],
    ["unstop", "start"],
    ["Help!", "help"],
    ["cymorth", "help"],
    ["Please stop the leak", undefined],
    ["stop it", undefined],
    ["", undefined],
    ["👍", undefined],
  ])("%j: %s", (text, asked) => expect(askedIn(text, {})).toBe(asked));

  it("is told by a service's own words where it has some", () => {
    const own = { stop: ["Genug"], start: [], help: [] };
    expect([askedIn("GENUG", own), askedIn("stop", own), askedIn("start", own)]).toEqual(["stop", undefined, "start"]);
  });
});

describe("keywords", () => {
  const keywords = [
    { keyword: "PARK", serviceId: "parks" },
    { keyword: "PARK RIDE", serviceId: "buses" },
    { keyword: "LIBRARY", serviceId: "libraries" },
  ];
  it.each([
    ["Park", "parks", ""],
    ["park the car", "parks", "THE CAR"],
    ["PARK  & RIDE full?", "buses", "FULL"],
    ["Library: renew 12", "libraries", "RENEW 12"],
    ["library stop", "libraries", "STOP"],
    ["STOP library", "libraries", "STOP"],
    ["Parking please", undefined, undefined],
    ["I love the library", undefined, undefined],
    ["", undefined, undefined],
  ])("%j is for %s", (text, serviceId, rest) => {
    const matched = matchKeyword(keywords, text);
    expect([matched?.serviceId, matched?.rest]).toEqual([serviceId, rest]);
  });

  it("are compared without case, accents and marks", () => expect(plainWords("  Café — noir! ")).toBe("CAFE NOIR"));
});
