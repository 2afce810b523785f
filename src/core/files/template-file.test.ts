import { describe, expect, it } from "vitest";
import {
  findTemplateFileNameProblem,
  linkInWords,
  parseLinkText,
  parseWeeks,
  withoutPlaceholder,
  withPlaceholder,
} from "./template-file.ts";

describe("the name of a file that goes with a template", () => {
  it.each([
    ["map.pdf", undefined],
    ["Map of the town.pdf", undefined],
    ["map (2).pdf", "brackets-in-name"],
    ["map [old].pdf", "brackets-in-name"],
    ["maps, plans.pdf", "comma-in-name"],
    ["map??.pdf", "comma-in-name"],
    ["Ref.pdf", "name-in-subject"],
    ["PLAN.pdf", "name-taken"],
    ["pl an.pdf", "name-taken"],
  ])("%s: %s", (name, problem) => {
    const others = { subject: "About ((ref.pdf))", taken: ["plan.pdf"] };
    expect(findTemplateFileNameProblem(name, others)).toBe(problem);
  });
});

describe("its place in the message", () => {
  it.each([
    ["Hello", "Hello\n\n((map.pdf))"],
    ["Hello\n\n", "Hello\n\n((map.pdf))"],
    ["Hello ((MAP.pdf))!", "Hello ((MAP.pdf))!"],
  ])("%j becomes %j", (body, after) => {
    expect(withPlaceholder(body, "map.pdf")).toBe(after);
  });

  it.each([
    ["Hello\n\n((map.pdf))", "Hello"],
    ["Hello\n\n((map.pdf))\n\nGoodbye ((name))", "Hello\n\nGoodbye ((name))"],
    ["See ((Map.pdf)) or ((plan.pdf))", "See  or ((plan.pdf))"],
    ["((old??Bring it.))\n\n((map.pdf))", "((old??Bring it.))"],
    ["Nothing", "Nothing"],
  ])("%j without it is %j", (body, after) => {
    expect(withoutPlaceholder(body, "map.pdf")).toBe(after);
  });
});

describe("how it is handed out", () => {
  it.each([
    ["1", 1],
    [" 78 ", 78],
    ["0", undefined],
    ["79", undefined],
    ["1.5", undefined],
    ["", undefined],
    ["ten", undefined],
  ])("%j weeks are %s", (typed, weeks) => {
    expect(parseWeeks(typed)).toBe(weeks);
  });

  it.each([
    [" Your \n map ", "Your map"],
    ["", ""],
    ["Your map (new)", undefined],
    ["a".repeat(256), undefined],
  ])("%j as a link's text is %j", (typed, text) => {
    expect(parseLinkText(typed)).toBe(text);
  });

  it("is its address, or words that lead there", () => {
    expect(linkInWords("https://a/d/1", undefined)).toBe("https://a/d/1");
    expect(linkInWords("https://a/d/1", "Your map")).toBe("[Your map](https://a/d/1)");
  });
});
