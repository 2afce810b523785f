import { describe, expect, it } from "vitest";
import cases from "../../../test/vectors/postal-addresses.json" with { type: "json" };
import { checkSuppliedLetter, type SuppliedLetter, type SuppliedPage } from "./check-supplied-letter.ts";
import { postageFor } from "./postage.ts";
import { sheetsOf } from "./sheets.ts";

const page: SuppliedPage = { widthMm: 210, heightMm: 297, hasInkOutside: false, hasTag: false };
const landscape = { ...page, widthMm: 297, heightMm: 210 };
const inky = { ...page, hasInkOutside: true };
const tagged = { ...page, hasTag: true };
const ADDRESS = "A Person\n1 High Street\nsw1a 1aa";
const AT_HOME = { international: false };

function letter(pages: SuppliedPage[], addressText = ADDRESS): SuppliedLetter {
  return { kind: "read", pages, addressText };
}

function copies(count: number, of: SuppliedPage): SuppliedPage[] {
  return Array.from({ length: count }, () => of);
}

describe("a letter supplied as a PDF", () => {
  it.each<[string, SuppliedLetter, string, number[]]>([
    ["that cannot be read", { kind: "unreadable" }, "unable-to-read-the-file", []],
    ["without pages", letter([]), "unable-to-read-the-file", []],
    ["with too many pages", letter(copies(11, landscape)), "letter-too-long", []],
    ["with so many pages that they were not looked at", { kind: "too-long" }, "letter-too-long", []],
    ["on its side", letter([page, landscape, inky, landscape]), "letter-not-a4-portrait-oriented", [2, 4]],
    ["with ink at the edge", letter([inky, tagged, inky], ""), "content-outside-printable-area", [1, 3]],
    ["with a tag inside", letter([tagged, page, tagged], ""), "notify-tag-found-in-content", [3]],
    ["with an empty window", letter([page], " \n "), "address-is-empty", [1]],
    ["with a bad address", letter([page, page], "A\nB\nC"), "not-a-real-uk-postcode", [1]],
  ])("%s is refused", (_, supplied, problem, pages) => {
    expect(checkSuppliedLetter(supplied, AT_HOME)).toEqual({ kind: "refuse", problem, pages });
  });

  it.each<[string, SuppliedLetter]>([
    ["one page", letter([page])],
    ["ten pages", letter(copies(10, page))],
    ["a tag where it belongs", letter([tagged, page])],
    ["an address with ligatures", letter([page], "Mr Fl\u00e9ur of the Of\ufb01ce\n1 High Street\nSW1A\u00a01AA")],
  ])("with %s is printed", (_, supplied) => {
    expect(checkSuppliedLetter(supplied, AT_HOME)).toMatchObject({ kind: "print", address: { postcode: "SW1A 1AA" } });
  });

  it.each(cases.map((worked) => [JSON.stringify(worked.lines), worked] as const))("addressed to %s", (_, worked) => {
    const supplied = letter([page], worked.lines.join("\n"));
    const problemIf = (international: boolean) => {
      const verdict = checkSuppliedLetter(supplied, { international });
      return verdict.kind === "refuse" ? verdict.problem : null;
    };
    expect([problemIf(false), problemIf(true)]).toEqual([
      worked.uk_only.precompiled_error,
      worked.international_allowed.precompiled_error,
    ]);
  });
});

describe("sheets of paper", () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 1],
    [3, 2],
    [10, 5],
  ])("for %i pages are %i", (pages, sheets) => {
    expect(sheetsOf(pages)).toBe(sheets);
  });
});

describe("postage", () => {
  it.each([
    ["united-kingdom", "first", "first"],
    ["united-kingdom", "economy", "economy"],
    ["europe", "first", "europe"],
    ["rest-of-world", "second", "rest-of-world"],
  ] as const)("to %s, chosen %s, is %s", (zone, chosen, postage) => {
    expect(postageFor(zone, chosen)).toBe(postage);
  });
});
