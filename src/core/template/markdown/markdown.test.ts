import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTemplate } from "../placeholders.ts";
import { renderEmailParts } from "../render-email.ts";
import type { Block, Inline } from "./ast.ts";
import { renderHtml } from "./html.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import { renderPlainText } from "./plain-text.ts";

const HTML_STYLES = / style="[^"]*"| role="presentation"/g;
const html = (text: string) =>
  renderHtml(parseMarkdown(text))
    .replace(HTML_STYLES, "")
    .replace(/<table><tr><td>|<\/td><\/tr><\/table>/g, "");
const plain = (text: string) => renderPlainText(parseMarkdown(text)).trim();

describe("markdown as HTML", () => {
  it.each([
    ["# One\n## Two\n### Three\n###### Six", "<h2>One</h2><h3>Two</h3><p>Three</p><p>Six</p>"],
    ["#", "<p>#</p>"],
    ["##", "<h2>#</h2>"],
    ["One\n=\n\nTwo\n--", "<h2>One</h2><h3>Two</h3>"],
    ["Head\n---\n\n\ntext", "<h3>Head</h3><br><p>text</p>"],
    ["1.one\n2.two", "<ol><li>one</li><li>two</li></ol>"],
    ["•one\n• two", "<ul><li>one</li><li>two</li></ul>"],
    ["* one\n\n* two", "<ul><li><p>one</p></li><li><p>two</p></li></ul>"],
    [
      "* one\n  * two\n    * three\n* four",
      "<ul><li>one<ul><li>two<ul><li>three</li></ul></li></ul></li><li>four</li></ul>",
    ],
    ["* one\n\n  more\n\ntext", "<ul><li><p>one</p><br><p>more</p></li></ul><p>text</p>"],
    ["* one\n***\n* two", "<ul><li>one</li></ul><hr><ul><li>two</li></ul>"],
    ["+ one", "<p>+ one</p>"],
    ["text\n*one", "<p>text<br>*one</p>"],
    ["-\nfoo", "<ul><li>foo</li></ul>"],
    ["* a\n*\nb", "<ul><li>a</li><li>b</li></ul>"],
    ["* a\n---\nb", "<h3>* a</h3><p>b</p>"],
    ["^ one\n\n^ two\n\nthree", "<div><blockquote><p>one</p><p>two</p></blockquote></div><p>three</p>"],
    ["^ # Head\n* a", "<div><blockquote><h2>Head</h2><ul><li>a</li></ul></blockquote></div>"],
    ["text\n^ not", "<p>text<br>^ not</p>"],
    ["~~~\na\n\nb\n~~~\ntext", "a\n\nb<p>text</p>"],
    ["```\nunclosed", "<p>```<br>unclosed</p>"],
    ["_a_ *b* `c` ~~d~~", "<p>_a_ *b* `c` ~~d~~</p>"],
    ["a | b\n- | -\n1 | 2\n\nafter", "<p>after</p>"],
    ["\\# a \\* b \\[c\\](d) \\q", "<p># a * b [c](d) \\q</p>"],
    ["a[^1] b[^2] c[^3]\n\n[^2]: two\n[^1]: one", "<p>a b c[^3]</p><p>one</p><p>two</p>"],
    ["a\n \nb", "<p>a</p><p>b</p>"],
  ])("%j", (text, expected) => {
    expect(html(text)).toBe(expected);
  });
});

describe("links", () => {
  it.each([
    ["[a](example.com)", '<a href="http://example.com">a</a>'],
    ["[a](javascript:alert(1))", '<a href="http://javascript:alert%281">a</a>)'],
    ["[a](JavaScript:x)", '<a href="http://JavaScript:x">a</a>'],
    ["[a](data:text/html,x)", '<a href="http://data:text/html%2Cx">a</a>'],
    ["[a](https://x.example \"t 'q' (b)\")", '<a href="https://x.example" title="t \'q\' (b)">a</a>'],
    ['[a](https://x.example"onclick="y)', '<a href="https://x.example%22onclick=%22y">a</a>'],
    ["[a [b] c](https://x.example)", '<a href="https://x.example">a [b] c</a>'],
    ["[https://a.example](https://b.example)", '<a href="https://b.example">https://a.example</a>'],
    ["[[a](b)](c)", '<a href="http://c">[a](b)</a>'],
    ["[ñ](https://x.example/ñ)", '<a href="https://x.example/%C3%B1">ñ</a>'],
    ["[k]\n\n[K]: https://x.example", '<a href="https://x.example">k</a>'],
    ["[t][no]", "[t][no]"],
    ["[a](b", "[a](b"],
    ["http://a", "http://a"],
    ["(https://x.example/a), b", '(<a href="https://x.example/a">https://x.example/a</a>), b'],
    ["HTTPS://X.EXAMPLE www.x.example a@x.example", "HTTPS://X.EXAMPLE www.x.example a@x.example"],
  ])("%j", (text, expected) => {
    expect(html(text)).toBe(`<p>${expected}</p>`);
  });

  it("keep their markdown, for letters", () => {
    expect(parseMarkdown('see [a](b "c")')).toEqual([
      {
        kind: "paragraph",
        content: [
          { kind: "text", text: "see " },
          { kind: "link", url: "b", title: "c", content: [{ kind: "text", text: "a" }], source: '[a](b "c")' },
        ],
      },
    ]);
  });
});

describe("markdown as plain text", () => {
  it.each([
    ['[a](https://x.example "t")', "a (t): https://x.example"],
    ["<https://x.example> <me@x.example>", "https://x.example me@x.example"],
    ["1. a\n   * b", "1. a\n\n• b"],
    ["* one\n\n* two", "• one\n• two"],
    ["a\n\n```\ncode\n```\n\nb", "a\n\ncode\n\nb"],
  ])("%j", (text, expected) => {
    expect(plain(text)).toBe(expected);
  });
});

const MARKUP = [
  "*",
  "-",
  "#",
  "^",
  "[",
  "]",
  "(",
  ")",
  "\\",
  "`",
  "|",
  "=",
  "!",
  "<",
  ">",
  "&",
  '"',
  "'",
  ":",
  "1.",
  "•",
];
const markup = fc.string({
  unit: fc.constantFrom(...MARKUP, "\n", "\n\n", " ", "    ", "a", "http://", "gov.uk", "@"),
});

describe("any text", () => {
  it("can be rendered, and no tag, attribute or scheme of its own comes through", () => {
    fc.assert(
      fc.property(fc.oneof(markup, fc.string({ unit: "binary" })), (text) => {
        const email = { body: parseTemplate(text), personalisation: { a: text } };
        const rendered = renderEmailParts(email).html;
        const withoutOurs = rendered.replace(OUR_TAGS, "");
        expect(withoutOurs.replace(OUR_MARKS, "")).not.toMatch(/[<>]/);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps its words in the plain text", () => {
    const word = fc.stringMatching(/^[b-z]{3,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom(" ", "\n", "\n\n", "\n* ", "\n\n# ", "\n\n^ "))), (parts) => {
        const text = parts.flat().join("");
        const words = plain(text).match(/[b-z]{3,8}/g) ?? [];
        expect(words).toEqual(parts.map(([one]) => one));
      }),
    );
  });

  it.each([
    ["opening parentheses", "(".repeat(500_000)],
    ["stars", `${"*".repeat(500_000)}x`],
    ["opening brackets", "[".repeat(500_000)],
    ["nested brackets beside a definition", `[a]: b\n\n${"[".repeat(225_000)}${"]".repeat(225_000)}`],
    ["links that do not end", "[a](".repeat(125_000)],
    ["links that end together", `${"[a](".repeat(125_000)})`],
    ["titles that do not end", '[a](u "x) '.repeat(50_000)],
    ["nested lists", Array.from({ length: 900 }, (_, depth) => `${" ".repeat(depth)}* a`).join("\n")],
    ["nested insets", "^".repeat(500_000)],
    ["spaces", `a${" ".repeat(500_000)}b`],
    ["fences that do not end", "```x\n".repeat(100_000)],
    ["angles", "<a:".repeat(150_000)],
    ["references", "&#1".repeat(150_000)],
    ["footnotes in footnotes", `${"[^".repeat(125_000)}${"]".repeat(125_000)}`],
  ])(
    "takes seconds at most for half a million characters of %s",
    (_, text) => {
      expect(renderEmailParts({ body: parseTemplate(text), personalisation: {} }).plainText.length).toBeGreaterThan(0);
    },
    20_000,
  );

  it("nests no deeper than can be shown", () => {
    const deep = Array.from({ length: 50 }, (_, depth) => `${"  ".repeat(depth)}* a`).join("\n");
    expect(depthOf(parseMarkdown(deep))).toBeLessThanOrEqual(8);
    expect(depthOf(parseMarkdown("^".repeat(50)))).toBeLessThanOrEqual(8);
  });
});

const OUR_TAGS =
  /<\/?(?:p|h2|h3|ul|ol|li|div|blockquote|table|tr|td|a)(?: (?:role="presentation"|style="[^"<>]*"|title="[^"<>]*"|href="(?:https?|ftp|file|mailto|tel):[\w.~:/?#=&;%-]*"))*>|<(?:br|hr style="[^"]*")>/gi;
const OUR_MARKS = /<span class='placeholder(?:-conditional)?'>|<\/span>/g;

function depthOf(blocks: readonly Block<readonly Inline[]>[]): number {
  const inner = blocks.flatMap((block) => {
    if (block.kind === "list") return block.items.map(depthOf);
    return block.kind === "inset" ? [depthOf(block.blocks)] : [];
  });
  return inner.length === 0 ? 0 : 1 + Math.max(...inner);
}
