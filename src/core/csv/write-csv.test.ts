import { describe, expect, it } from "vitest";
import { csvText } from "./write-csv.ts";

describe("a cell of a table to take away", () => {
  it.each([
    ["plain", "plain"],
    [-3, "-3"],
    ['says "no", twice', '"says ""no"", twice"'],
    ["two\nlines", '"two\nlines"'],
    ["=1+1", "'=1+1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["-2+3", "'-2+3"],
    ["+44", "'+44"],
  ])("%j is written %j", (cell, written) => {
    expect(csvText([[cell]])).toBe(`${written}\r\n`);
  });
});
