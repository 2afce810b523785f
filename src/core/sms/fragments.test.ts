import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainCharacters } from "./explain-characters.ts";
import { encodingOf, measureText, splitIntoFragments } from "./fragments.ts";
import { decodeGsm7 } from "./gsm-alphabet.ts";
import { decodeUcs2 } from "./ucs2.ts";

describe("measuring a text", () => {
  it.each([
    ["", "gsm7", 0, 1, 0],
    ["a".repeat(160), "gsm7", 160, 1, 0],
    ["a".repeat(161), "gsm7", 161, 2, 0],
    ["a".repeat(306), "gsm7", 306, 2, 0],
    ["a".repeat(307), "gsm7", 307, 3, 0],
    ["€".repeat(80), "gsm7", 80, 1, 80],
    ["€".repeat(81), "gsm7", 81, 2, 81],
    ["ŵ".repeat(70), "ucs2", 70, 1, 0],
    ["ŵ".repeat(71), "ucs2", 71, 2, 0],
    ["ŵ€".repeat(67), "ucs2", 134, 2, 0],
    ["ŵ".repeat(135), "ucs2", 135, 3, 0],
    ["😀".repeat(35), "ucs2", 70, 1, 0],
  ])("%j", (text, encoding, ...[characters, fragments, extendedCharacters]) => {
    const expected = { encoding, characters, fragments, extendedCharacters };
    expect(measureText(text, "unicode")).toEqual(expected);
    expect(measureText(text, "gsm")).toEqual(expected);
  });

  it("counts by division in gsm mode, as cut in unicode mode", () => {
    const everyBorderInsideAnEscape = `${"a".repeat(152)}€${"a".repeat(151)}€`;
    expect(measureText(everyBorderInsideAnEscape, "gsm").fragments).toBe(3);
    const oneOver = `${"a".repeat(152)}€${"a".repeat(152)}`;
    expect(measureText(oneOver, "gsm").fragments).toBe(2);
    expect(measureText(oneOver, "unicode").fragments).toBe(3);
    expect(measureText("😀".repeat(67), "unicode").fragments).toBe(3);
    expect(measureText("😀".repeat(67), "gsm").fragments).toBe(2);
  });
});

describe("cutting a text", () => {
  it("keeps an escape with its character", () => {
    const [first, second] = splitIntoFragments(`${"a".repeat(152)}€${"b".repeat(10)}`, "gsm7");
    expect([first?.length, second && decodeGsm7(second)]).toEqual([152, `€${"b".repeat(10)}`]);
  });

  it("keeps a surrogate pair together", () => {
    const [first, second] = splitIntoFragments(`${"ŵ".repeat(66)}😀${"ŵ".repeat(10)}`, "ucs2");
    expect([first?.length, second && decodeUcs2(second)]).toEqual([132, `😀${"ŵ".repeat(10)}`]);
  });

  it("gives fragments that join to the text, each within its size and whole by itself", () => {
    const unit = fc.constantFrom("a", "€", "[", "£", "ŵ", "😀", "\n");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 1_000 }), (text) => {
        const encoding = encodingOf(text);
        const fragments = splitIntoFragments(text, encoding);
        const decode = encoding === "gsm7" ? decodeGsm7 : decodeUcs2;
        expect(fragments.map(decode).join("")).toBe(text);
        const joined = encoding === "gsm7" ? 153 : 134;
        if (fragments.length > 1) expect(Math.max(...fragments.map((data) => data.length))).toBeLessThanOrEqual(joined);
        expect(measureText(text, "unicode").fragments).toBe(fragments.length);
      }),
    );
  });
});

describe("explaining the price of a text", () => {
  it("names what counts twice", () => {
    expect(explainCharacters("[€5] for [you]", "unicode")).toMatchObject({ double: ["[", "€", "]"], forcingUcs2: [] });
  });

  it("names what makes it UCS-2, where nothing counts twice", () => {
    expect(explainCharacters("€ŵ😀ŵ", "unicode")).toMatchObject({ double: [], forcingUcs2: ["ŵ", "😀"] });
  });

  it("names what is replaced, and by what", () => {
    expect(explainCharacters("It’s – 😀", "gsm").replaced).toEqual([
      { from: "’", to: "'" },
      { from: "–", to: "-" },
      { from: "😀", to: "?" },
    ]);
    expect(explainCharacters("It’s 😀", "unicode").replaced).toEqual([{ from: "’", to: "'" }]);
  });

  it("says when a text is longer than may be sent", () => {
    expect(explainCharacters("a".repeat(918), "gsm").tooLong).toBe(false);
    expect(explainCharacters("a".repeat(919), "gsm").tooLong).toBe(true);
  });
});
