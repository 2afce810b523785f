import { describe, expect, it } from "vitest";
import { readCsv } from "./read-csv.ts";

describe("a table", () => {
  it.each([
    ["", []],
    ["a", [["a"]]],
    ["a\n", [["a"]]],
    [
      "a,b\r\nc,d\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a\tb,c\nd\te",
      [
        ["a", "b,c"],
        ["d", "e"],
      ],
    ],
    ['"a, ""b""",c', [['a, "b"', "c"]]],
    ['"two\nlines",x\ny', [["two\nlines", "x"], ["y"]]],
    ["\uFEFFa,b", [["a", "b"]]],
    [" a , b ", [["a", "b"]]],
    ["a\n\nb", [["a"], [""], ["b"]]],
    ["'+44 7700 900123,'quoted'", [["+44 7700 900123", "'quoted'"]]],
    ['"never closed', [["never closed"]]],
    ["a,", [["a"]]],
  ])("%j is read cell by cell", (text, rows) => {
    expect(readCsv(text)).toEqual(rows);
  });
});
