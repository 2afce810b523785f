import { expect, it } from "vitest";
import { fileSize, lastDayAvailable, longDate } from "./shown-file.ts";

it.each([
  ["2026-11-30", 1, "2026-12-07"],
  ["2026-03-27", 1, "2026-04-03"],
  ["2024-02-26", 1, "2024-03-04"],
  ["2026-01-01", 78, "2027-07-01"],
])("what was made on %s is there for %i weeks, to %s", (day, weeks, last) => {
  expect(lastDayAvailable(day, weeks)).toBe(last);
});

it.each([
  ["2026-12-07", "7 December 2026"],
  ["2027-01-31", "31 January 2027"],
])("%s reads %s", (day, words) => {
  expect(longDate(day)).toBe(words);
});

it.each([
  [1, "1 KB"],
  [1_536, "2 KB"],
  [1_048_575, "1024 KB"],
  [1_048_576, "1.0 MB"],
  [2_098_176, "2.0 MB"],
])("%i bytes are %s", (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});
