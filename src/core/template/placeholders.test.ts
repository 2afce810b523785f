import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asBullets, asSentence, normaliseKey, type Personalisation } from "./personalisation.ts";
import { asTyped, fillIn, missingPersonalisation, parseTemplate, placeholderNames } from "./placeholders.ts";

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/vectors/${name}.json`, import.meta.url), "utf8"));
const names: Array<{ template: string; names: string[] }> = vectors("placeholders");
const keys: Array<{ a: string; b: string; equal: boolean }> = vectors("key-equivalence");

const fill = (template: string, personalisation: Personalisation) =>
  fillIn(parseTemplate(template), personalisation, { lists: "sentence" });

describe("placeholders", () => {
  it.each(names)("$template asks for $names", (worked) => {
    expect(placeholderNames(parseTemplate(worked.template))).toEqual(worked.names);
  });

  it.each(keys)("$a and $b are the same key: $equal", ({ a, b, equal }) => {
    expect(normaliseKey(a) === normaliseKey(b)).toBe(equal);
    expect(missingPersonalisation([a], { [b]: "" })).toEqual(equal ? [] : [a]);
  });

  it.each<[template: string, personalisation: Personalisation, filled: string]>([
    ["(((a)))", { a: "x" }, "(x)"],
    ["((a)", { a: "x" }, "((a)"],
    ["((a)b))", { a: "x" }, "((a)b))"],
    ["(())", {}, "(())"],
    ["((show??[x](y)))", { show: "yes" }, "((show??[x](y)))"],
    ["((a??b ((c))))", { a: "yes", c: "x" }, "((a??b x))"],
    ["((two\nlines))", { "two\nlines": "x" }, "x"],
    ["((a)) ((A_)) (( -a))", { a: "x" }, "x x x"],
    ["((İ))", { i̇: "x" }, "x"],
    ["(( ))((_))", { "": "x" }, "xx"],
    ["((a??b??c))", { a: "yes" }, "b??c"],
    ["((a???b))", { a: "1" }, "?b"],
    ["((a??b))", { a: ["yes"] }, "b"],
    ["((a))", { a: "((b))", b: "x" }, "((b))"],
    ["((a))", { a: "$& $1" }, "$& $1"],
    ["((toString))((__proto__))", {}, "((toString))((__proto__))"],
    ["((a)) and ((b??c))", {}, "((a)) and ((b??c))"],
  ])("%j with %j is %j", (template, personalisation, filled) => {
    expect(fill(template, personalisation)).toBe(filled);
  });

  it.each(["yes", "Y", "TRUE", "t", "1", "Include", "show"])("a condition is met by %j", (value) => {
    expect(fill("((a??b))", { a: value })).toBe("b");
  });

  it.each(["no", "", " yes", "False", "0", "2", "on"])("a condition is not met by %j", (value) => {
    expect(fill("((a??b))", { a: value })).toBe("");
  });

  it("the last of two values under the same key holds", () => {
    expect(fill("((firstname))", { "first name": "a", First_Name: "b" })).toBe("b");
  });

  it("names of subject and body are one list, in order", () => {
    expect(placeholderNames(parseTemplate("((B)) ((a))"), parseTemplate("((c)) ((b))"))).toEqual(["B", "a", "c"]);
  });

  it("escapes text, values and conditional text, each by itself", () => {
    const template = parseTemplate("<((a))<((b??<))");
    const escapeAngles = (text: string) => text.replaceAll("<", "&lt;");
    expect(fillIn(template, { a: "<", b: "y" }, { lists: "sentence", escape: escapeAngles })).toBe("&lt;&lt;&lt;&lt;");
  });

  it("cuts any text so that it can be put together again", () => {
    const unit = fc.constantFrom("(", ")", "?", "a", " ", "\n");
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const { segments } = parseTemplate(text);
        expect(segments.map((part) => (part.kind === "text" ? part.text : asTyped(part))).join("")).toBe(text);
        expect(fill(text, {})).toBe(text);
      }),
    );
  });
});

describe("a list of values", () => {
  it.each<[items: string[], sentence: string, bullets: string]>([
    [[], "", ""],
    [["a"], "a", "\n\n* a"],
    [["a", "b"], "a and b", "\n\n* a\n* b"],
    [["a", "b", "c"], "a, b and c", "\n\n* a\n* b\n* c"],
    [["", " a ", "\u200b"], "a", "\n\n* a"],
  ])("%j is %j in a sentence", (items, sentence, bullets) => {
    expect([asSentence(items), asBullets(items)]).toEqual([sentence, bullets]);
  });
});
