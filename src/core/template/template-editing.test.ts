import { describe, expect, it } from "vitest";
import { checkTemplate } from "./check-template.ts";
import { highlightPlaceholders } from "./highlight-placeholders.ts";
import { placeholderChanges } from "./placeholder-changes.ts";
import { type LineChange, textDifference } from "./text-difference.ts";

describe("what an edit does to those who send", () => {
  it.each<[string, string[], string[], object]>([
    ["nothing", ["name"], ["name"], { added: [], removed: [], renamed: [], isBreaking: false }],
    ["nothing, for another spelling", ["First name"], ["first_NAME"], { added: [], removed: [], isBreaking: false }],
    ["a new value", ["name"], ["name", "day"], { added: ["day"], removed: [], renamed: [], isBreaking: true }],
    ["one value less", ["name", "day"], ["name"], { added: [], removed: ["day"], isBreaking: false }],
    ["another name", ["name"], ["who"], { added: [], renamed: [{ from: "name", to: "who" }], isBreaking: true }],
    ["several at once", ["a", "b"], ["c"], { added: ["c"], removed: ["a", "b"], renamed: [], isBreaking: true }],
  ])("is %s", (_, before, after, expected) => {
    expect(placeholderChanges(before, after)).toMatchObject(expected);
  });
});

describe("pieces of a template", () => {
  it.each(["Hi ((name)), ((late??you are late)) ((", "", "((a))((b))", "(((x)))"])("join to %j", (template) => {
    const pieces = highlightPlaceholders(template);
    expect(pieces.map(({ text }) => text).join("")).toBe(template);
  });

  it("name what is filled in", () => {
    expect(highlightPlaceholders("Hi ((name)) ((late??soon))")).toEqual([
      { kind: "text", text: "Hi " },
      { kind: "placeholder", text: "((name))", name: "name" },
      { kind: "text", text: " " },
      { kind: "condition", text: "((late??soon))", name: "late" },
    ]);
  });
});

/** The lines that one side has. */
function side(changes: readonly LineChange[], kind: "removed" | "added"): string {
  const lines = changes.flatMap((change) => {
    if (change.kind === "changed") {
      const pieces = kind === "removed" ? change.before : change.after;
      return [pieces.map(({ text }) => text).join("")];
    }
    return change.kind === "same" || change.kind === kind ? [change.text] : [];
  });
  return lines.join("\n");
}

describe("the difference of two texts", () => {
  it("shows words of a changed line, and lines that came and went", () => {
    expect(textDifference("Dear Ann\nkept\nold", "Dear Bob\nkept\nnew 1\nnew 2")).toEqual([
      {
        kind: "changed",
        before: [
          { text: "Dear ", isChanged: false },
          { text: "Ann", isChanged: true },
        ],
        after: [
          { text: "Dear ", isChanged: false },
          { text: "Bob", isChanged: true },
        ],
      },
      { kind: "same", text: "kept" },
      { kind: "changed", before: [{ text: "old", isChanged: true }], after: expect.anything() },
      { kind: "added", text: "new 2" },
    ]);
  });

  const texts = ["", "a", "a\nb\nc", "c\nb\na", "a\n\n\nb", "x y  z\nq", "x  y z\nq\nr", "b\nc"];
  const pairs = texts.flatMap((before) => texts.map((after) => [before, after] as const));

  it.each(pairs)("of %j and %j gives back both", (before, after) => {
    const changes = textDifference(before, after);
    expect([side(changes, "removed"), side(changes, "added")]).toEqual([before, after]);
  });

  it("of two texts that are too long to compare is all of both", () => {
    const long = (word: string) => Array.from({ length: 1_100 }, (_, line) => `${word} ${line}`).join("\n");
    expect(textDifference(long("a"), long("b")).every(({ kind }) => kind === "changed")).toBe(true);
  });
});

describe("a template somebody has written", () => {
  const sms = { channel: "sms", name: "A", subject: undefined, body: "Hello" } as const;
  it.each<[object, string[]]>([
    [{}, []],
    [{ name: " " }, ["name-missing"]],
    [{ name: "n".repeat(256) }, ["name-too-long"]],
    [{ body: "" }, ["body-missing"]],
    [{ body: "a".repeat(919) }, ["body-too-long"]],
    [{ body: `((${"n".repeat(50)}))${"a".repeat(918)}` }, []],
    [{ body: "((a, b))" }, ["comma-in-placeholder"]],
    [{ body: "((late??yes, very))" }, []],
    [{ channel: "email", subject: "" }, ["subject-missing"]],
    [{ channel: "letter" }, ["subject-missing"]],
    [{ channel: "letter", subject: "A", body: "a".repeat(919) }, []],
    [{ channel: "email", subject: "((a,b))", body: "" }, ["comma-in-placeholder", "body-missing"]],
  ])("%j has the problems %j", (change, expected) => {
    expect(checkTemplate({ ...sms, ...change }, "unicode").map(({ problem }) => problem)).toEqual(expected);
  });
});
