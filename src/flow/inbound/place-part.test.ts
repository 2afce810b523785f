import { describe, expect, it } from "vitest";
import { placePart } from "./place-part.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const HOUR_MS = 60 * 60_000;

const waiting = (number: number, text: string) => ({
  number,
  text,
  userNumber: "447700900123",
  sentAt: NOW,
  createdAt: NOW,
  isPassedOn: false,
});
const passedOn = (number: number, text: string) => ({ ...waiting(number, text), isPassedOn: true });
const hourOld = (number: number, text: string) => ({
  ...passedOn(number, text),
  createdAt: new Date(NOW.getTime() - HOUR_MS),
});
const texts = (parts: readonly { text: string }[] | undefined) => parts?.map(({ text }) => text);

describe("placePart", () => {
  it.each([
    ["waits for the others when it is the first", [], waiting(2, "b"), [], undefined],
    ["waits while one is missing", [waiting(1, "a")], waiting(2, "b"), [], undefined],
    ["completes its text, in order", [waiting(2, "b"), waiting(3, "c")], waiting(1, "a"), [], ["a", "b", "c"]],
    ["begins another text beside one passed on", [passedOn(1, "a"), passedOn(2, "b")], waiting(2, "B"), [], undefined],
    [
      "ends another text beside one passed on",
      [waiting(1, "A"), passedOn(2, "b"), waiting(3, "C")],
      waiting(2, "B"),
      [],
      ["A", "B", "C"],
    ],
    [
      "says the same as an hour ago",
      [waiting(1, "A"), hourOld(2, "b"), waiting(3, "C")],
      waiting(2, "b"),
      [],
      ["A", "b", "C"],
    ],
    ["takes the place of one that waited", [waiting(1, "a"), waiting(2, "b")], waiting(2, "B"), ["a", "b"], undefined],
  ])("takes a part that %s", (_, known, arriving, abandoned, complete) => {
    const placement = placePart(known, arriving, 3);
    expect(placement.isRepeat).toBe(false);
    expect(texts(placement.abandoned)).toEqual(abandoned);
    expect(texts(placement.complete)).toEqual(complete);
  });

  it.each([
    ["waits", [waiting(1, "a"), waiting(2, "b")]],
    ["was passed on a moment ago", [passedOn(1, "a"), passedOn(2, "b"), passedOn(3, "c")]],
  ])("knows a part again that %s", (_, known) => {
    expect(placePart(known, waiting(2, "b"), 3).isRepeat).toBe(true);
  });
});
