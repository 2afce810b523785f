import { describe, expect, it } from "vitest";
import { placePart } from "./place-part.ts";

const sentAt = new Date("2026-11-22T12:00:00Z");
const waiting = (number: number, text: string) => ({ number, text, userNumber: "447700900123", sentAt, isPassedOn: false });
const passedOn = (number: number, text: string) => ({ ...waiting(number, text), isPassedOn: true });
const texts = (parts: readonly { text: string }[] | undefined) => parts?.map(({ text }) => text);

describe("placePart", () => {
  it.each([
    ["waits for the others when it is the first", [], waiting(2, "b"), { abandoned: [], complete: undefined }],
    ["waits while one is missing", [waiting(1, "a")], waiting(2, "b"), { abandoned: [], complete: undefined }],
    [
      "completes its text, in order",
      [waiting(2, "b"), waiting(3, "c")],
      waiting(1, "a"),
      { abandoned: [], complete: ["a", "b", "c"] },
    ],
    [
      "begins another text when those before are passed on and say something else",
      [passedOn(1, "a"), passedOn(2, "b"), passedOn(3, "c")],
      waiting(2, "B"),
      { abandoned: [], complete: undefined },
    ],
    [
      "begins another text when it takes the place of one that waited",
      [waiting(1, "a"), waiting(2, "b")],
      waiting(2, "B"),
      { abandoned: ["a", "b"], complete: undefined },
    ],
    [
      "goes on with another text when some of the old are still kept",
      [waiting(1, "A"), waiting(3, "C"), passedOn(2, "b")],
      waiting(2, "B"),
      { abandoned: ["A", "C"], complete: undefined },
    ],
  ])("a part %s", (_, known, arriving, expected) => {
    const placement = placePart(known, arriving, 3);
    expect({ abandoned: texts(placement.abandoned), complete: texts(placement.complete) }).toEqual(expected);
  });
});
