import { describe, expect, it } from "vitest";
import { examplesFor, namesIn } from "./examples.ts";
import { previewText } from "./preview-text.ts";

const style = { name: "Libraries", textMode: "unicode", prefixesTexts: false } as const;
const shownAs = (body: string, examples: Record<string, string> = {}, change = {}) => {
  const list = Object.entries(examples).map(([name, value]) => ({ name, value }));
  return previewText(body, list, { ...style, ...change });
};
const wordsOf = ({ pieces }: ReturnType<typeof previewText>) => pieces.map(({ text }) => text).join("");

describe("the preview of a text", () => {
  it.each([
    ["Hello ((name))", {}, "Hello ((name))"],
    ["Hello ((name))", { name: "Ann" }, "Hello Ann"],
    ["Hello ((Name)), ((name))", { Name: "Ann" }, "Hello Ann, Ann"],
    ["See “us” – today", {}, 'See "us" - today'],
    ["((late??You are late. ))Come in", { late: "yes" }, "You are late. Come in"],
    ["((late??You are late. ))Come in", { late: "no" }, "Come in"],
  ])("%s with %j reads %s", (body, examples, expected) => {
    expect(wordsOf(shownAs(body, examples))).toBe(expected);
  });

  it("marks what has no value yet", () => {
    expect(shownAs("Hi ((name))((vip?? Thank you))").pieces.map(({ kind }) => kind)).toEqual([
      "text",
      "placeholder",
      "condition",
    ]);
  });

  it("has the service's name in front where it is sent so", () => {
    expect(wordsOf(shownAs("Hello", {}, { prefixesTexts: true }))).toBe("Libraries: Hello");
  });

  it("offers to replace what the template itself says, not what a value or the service's name does", () => {
    const change = { name: "Café €", prefixesTexts: true };
    const offered = (body: string) => shownAs(body, { x: "€" }, change).calculation.offered.map(({ from }) => from);
    expect(offered("((x))")).toEqual([]);
    expect(offered("((x)) costs €5")).toEqual(["€"]);
  });

  it("counts conditions, and placeholders only once they have a value", () => {
    const characters = (body: string, examples = {}) => shownAs(body, examples).calculation.characters;
    expect(characters("ab((name))")).toBe(2);
    expect(characters("ab((name))", { name: "cd" })).toBe(4);
    expect(characters("ab((show??cdef))")).toBe(6);
  });
});

describe("examples", () => {
  it("follow the placeholders of subject and body, and keep their values", () => {
    const names = namesIn({ subject: "For ((name))", body: "((day)) ((Name))" });
    expect(names).toEqual(["name", "day"]);
    expect(examplesFor(names, [{ name: "day", value: "Monday" }])).toEqual([
      { name: "name", value: "" },
      { name: "day", value: "Monday" },
    ]);
  });
});
