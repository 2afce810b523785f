import { describe, expect, it } from "vitest";
import { decodeTable } from "./decode-table.ts";
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
    [
      'a;"b;c, d"x\n1,5;2',
      [
        ["a", "b;c, d"],
        ["1,5", "2"],
      ],
    ],
    ["a;b,c,d\n1", [["a;b", "c", "d"], ["1"]]],
  ])("%j is read cell by cell", (text, rows) => {
    expect(readCsv(text)).toEqual(rows);
  });
});

it.each([
  ["UTF-8 with its mark", [0xef, 0xbb, 0xbf, 0xc3, 0xa9]],
  ["UTF-8", [0xc3, 0xa9]],
  ["UTF-16, as a spreadsheet's Unicode text is", [0xff, 0xfe, 0xe9, 0x00]],
  ["UTF-16, the other way round", [0xfe, 0xff, 0x00, 0xe9]],
  ["Windows-1252", [0xe9]],
])("a table in %s is read", (_, bytes) => {
  expect(decodeTable(Uint8Array.from(bytes)).replace(/^\uFEFF/, "")).toBe("é");
});
