import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readQrCode } from "../../../test/support/read-qr-code.ts";
import { previewAddressLines } from "../address/preview-address.ts";
import type { LetterBlock, LetterContent, LetterInline } from "../letter/letter-content.ts";
import { letterDate } from "../letter/letter-date.ts";
import { escapeText } from "./html-text.ts";
import { missingPersonalisation, parseTemplate, placeholderNames } from "./placeholders.ts";
import { renderEmailBody } from "./render-email.ts";
import { type Letterhead, renderLetter, renderLetterSubject } from "./render-letter.ts";

interface LetterCase {
  subject_template: string;
  template: string;
  personalisation: Record<string, string | string[]>;
  contact_block_template: string | null;
  [expected: string]: unknown;
}

const cases: LetterCase[] = JSON.parse(
  readFileSync(new URL("../../../test/vectors/template-letter.json", import.meta.url), "utf8"),
);

const moment = new Date("2026-03-04T12:00:00Z");
const date = letterDate(moment, { language: "en", timeZone: "Europe/London" });

/** Blocks as Notify writes them in HTML. */
function asHtml(blocks: readonly LetterBlock[]): string {
  return blocks.map(blockAsHtml).join("");
}

function blockAsHtml(block: LetterBlock): string {
  switch (block.kind) {
    case "heading":
      return `<h2>${inlinesAsHtml(block.content)}</h2>\n`;
    case "paragraph":
      return `<p>${inlinesAsHtml(block.content)}</p>`;
    case "lines":
      return inlinesAsHtml(block.content);
    case "list": {
      const tag = block.ordered ? "ol" : "ul";
      return `<${tag}>\n${block.items.map((item) => `<li>${asHtml(item)}</li>\n`).join("")}</${tag}>\n`;
    }
    case "page-break":
      return `<div class="page-break">&nbsp;</div>`;
    case "qr-code":
      return `<p><div class='qrcode'>${block.data}</div></p>`;
    case "gap":
      return "<br>";
  }
}

function inlinesAsHtml(inlines: readonly LetterInline[]): string {
  return inlines.map(inlineAsHtml).join("");
}

function inlineAsHtml(inline: LetterInline): string {
  if (inline.kind === "line-break") return "<br>";
  const text = escapeText(inline.text);
  if (inline.isPlaceholder)
    return `<span class='placeholder'>${text.replace("((", "&#40;&#40;").replace("))", "&#41;&#41;")}</span>`;
  return inline.isBold ? `<strong>${text}</strong>` : text;
}

/** QR codes as what they say. Our letters know no attribute for the scheme left out, and no spaces at the ends of paragraphs. */
function comparable(html: unknown): string {
  return String(html)
    .replace(/<svg .*?<\/svg>/g, readQrCode)
    .replace(/ data‑original‑protocol='[^']*'/g, "")
    .replaceAll("page‑break", "page-break")
    .replace(/<p> +/g, "<p>");
}

function rendered(template: string, personalisation: LetterCase["personalisation"], head: Partial<Letterhead> = {}) {
  const words = { language: "en", subject: parseTemplate("Heading"), body: parseTemplate(template) } as const;
  const [letter] = renderLetter({ addressLines: [], contactBlock: undefined, date, ...head }, [words], personalisation);
  return letter as LetterContent;
}

describe("a letter", () => {
  it.each(cases.map((worked) => [JSON.stringify([worked.template, worked.personalisation]), worked] as const))(
    "%s",
    (_, worked) => {
      const { personalisation } = worked;
      const [subject, body] = [parseTemplate(worked.subject_template), parseTemplate(worked.template)];
      const contactBlock = parseTemplate(worked.contact_block_template ?? "");
      const placeholders = placeholderNames(contactBlock, subject, body);
      const letter = rendered(worked.template, personalisation, { contactBlock });
      expect({
        placeholders,
        missing: missingPersonalisation(placeholders, personalisation),
        api_body: renderEmailBody(body, personalisation),
        api_subject: renderLetterSubject(subject, personalisation),
        message_html: asHtml(letter.blocks),
        contact_block_html: letter.contactBlock.map(escapeText).join("<br>"),
        address_lines: previewAddressLines(personalisation),
        date: letter.date,
      }).toEqual({
        placeholders: worked["placeholders"],
        missing: worked["missing"],
        api_body: worked["api_body"],
        api_subject: worked["api_subject"],
        message_html: comparable(worked["message_html"]),
        contact_block_html: worked["contact_block_html"],
        address_lines: (worked["address_lines"] as string[]).map((line) => line.replace(/<\/?span[^>]*>/g, "")),
        date: worked["date"],
      });
    },
  );
});

const text = (words: string) => ({ kind: "text", text: words }) as const;
const bold = (words: string) => ({ kind: "text", text: words, isBold: true }) as const;
const placeholder = (words: string) => ({ kind: "text", text: words, isPlaceholder: true }) as const;
const paragraph = (...content: LetterInline[]) => ({ kind: "paragraph", content }) as const;
const LINE_BREAK = { kind: "line-break" } as const;

describe("the blocks of a letter", () => {
  it.each<[string, string, LetterBlock[]]>([
    ["one level of heading", "# One\n\n## Two", [{ kind: "heading", content: [text("One")] }, paragraph(text("Two"))]],
    ["page breaks", "a\n\n***\n\nb", [paragraph(text("a")), { kind: "page-break" }, paragraph(text("b"))]],
    ["bold addresses without scheme", "a https://b-c.uk/d.", [paragraph(text("a "), bold("b‑c.uk/d"), text("."))]],
    ["quotes round an address", '"http://a.uk"', [paragraph(text("“"), bold("a.uk"), text("”"))]],
    ["tags as words", "<b>1 < 2</b> &amp; <br>", [paragraph(text("<b>1 < 2</b> & <br>"))]],
    ["hard spaces", "a&nbsp;b\u00a0c", [paragraph(text("a\u00a0b\u00a0c"))]],
    ["spaces at line ends", "a  \n  b", [paragraph(text("a"), LINE_BREAK, text("b"))]],
    ["lines of code", "```\na - b\nc\n```", [paragraph(text("a – b"), LINE_BREAK, text("c"))]],
    ["unfilled placeholders", "a ((b-c)) d", [paragraph(text("a "), placeholder("((b‑c))"), text(" d"))]],
    ["unfilled conditions", "((a??b))", [paragraph(placeholder("((a??b))"))]],
    ["no link to a placeholder", "[a](((b)))", [paragraph(text("[a]("), placeholder("((b))"), text(")"))]],
    ["QR codes as typed", 'Qr:a-b "c" &amp; <d>', [{ kind: "qr-code", data: 'a-b "c" & <d>' }]],
    ["QR codes of links as typed", "qr: [a](http://b)", [{ kind: "qr-code", data: "[a](http://b)" }]],
    ["QR codes not filled yet", "qr: a/((b))", [{ kind: "qr-code", data: "a/((b))", isPlaceholder: true }]],
    ["no QR code in two lines", "qr: a\nb", [paragraph(text("qr: a"), LINE_BREAK, text("b"))]],
    ["no QR code of nothing", "qr:", [paragraph(text("qr:"))]],
    ["nothing", "  ", []],
  ])("are %s", (_, body, blocks) => {
    expect(rendered(body, {}).blocks).toEqual(blocks);
  });

  it("are lists in lists, with paragraphs where there are empty lines", () => {
    const { blocks } = rendered("1. a\n   * b\n\n2. c", {});
    const inner = { kind: "list", ordered: false, items: [[{ kind: "lines", content: [text("b")] }]] };
    const items = [[paragraph(text("a")), inner], [paragraph(text("c"))]];
    expect(blocks).toEqual([{ kind: "list", ordered: true, items }]);
  });
});

describe("any words at all", () => {
  const markup = [
    "<b>",
    "</b>",
    "<span>",
    "<br>",
    "&lt;",
    "((",
    "))",
    "??",
    "*",
    "# ",
    "\n",
    "qr:",
    "[",
    "](",
    ")",
    "http://a",
    "-",
    '"',
    " ",
  ];
  const words = fc
    .array(fc.oneof(fc.constantFrom(...markup), fc.string()), { maxLength: 40 })
    .map((parts) => parts.join(""));

  it("are rendered, and a value is never bold, a placeholder or a tag", () => {
    fc.assert(
      fc.property(words, words, (body, value) => {
        const withoutPlaceholders = body.replaceAll("((", "(");
        const { blocks } = rendered(`${withoutPlaceholders}\n\nx ((v)) y`, { v: value });
        const written = JSON.stringify(blocks);
        expect(written).not.toContain('"isPlaceholder"');
        if (!`${body}${value}`.includes("http")) expect(written).not.toContain('"isBold"');
      }),
    );
  });

  it("take time in proportion to their length", () => {
    const startedAt = performance.now();
    rendered(`qr:${" ".repeat(200_000)}[a\nb](c)\n\n${"<".repeat(100_000)}\n\n${"- ".repeat(100_000)}`, {});
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe("a letter's subject", () => {
  it("is HTML in answers, and one line of words on paper", () => {
    const subject = parseTemplate("((who))'s  <b>\nnew-ish ((what))");
    const [letter] = renderLetter(
      { addressLines: [], contactBlock: undefined, date },
      [{ language: "en", subject, body: parseTemplate("x") }],
      { who: "O & P" },
    );
    expect(renderLetterSubject(subject, { who: "O & P", what: "-" })).toBe("O &amp; P’s &lt;b&gt; new-ish -");
    expect(letter?.subject).toEqual([text("O & P’s <b> new-ish "), placeholder("((what))")]);
  });
});

describe("a contact block", () => {
  it.each([
    [null, []],
    ["  \n ", []],
    ["\n A \n\n  B , C.\n", ["A", "", "B, C."]],
    ["((office))\nT: ((tel))", ["1 Road", "Town", "T: 0303 123 0303"]],
    ["((missing)) &amp; <b>", ["((missing)) & <b>"]],
  ])("%j has the lines %j", (source, lines) => {
    const contactBlock = source === null ? undefined : parseTemplate(source);
    const letter = rendered("x", { office: "1 Road \nTown", tel: "0303 123 0303" }, { contactBlock });
    expect(letter.contactBlock).toEqual(lines);
  });
});

describe("a bilingual letter", () => {
  it("has its letterhead on the first part only", () => {
    const head = { addressLines: ["A", "B", "SW1A 1AA"], contactBlock: parseTemplate("C"), date };
    const words = (language: "en" | "cy", body: string) =>
      ({ language, subject: parseTemplate("S"), body: parseTemplate(body) }) as const;
    const letters = renderLetter(head, [words("cy", "Bore da"), words("en", "Good morning")], {});
    expect(letters).toEqual([
      {
        language: "cy",
        addressLines: ["A", "B", "SW1A 1AA"],
        contactBlock: ["C"],
        date,
        subject: [text("S")],
        blocks: [paragraph(text("Bore da"))],
      },
      {
        language: "en",
        addressLines: [],
        contactBlock: [],
        date: "",
        subject: [text("S")],
        blocks: [paragraph(text("Good morning"))],
      },
    ]);
  });
});

describe("a letter's date", () => {
  it.each([
    ["2026-03-04T12:00:00Z", "en", "4 March 2026"],
    ["2026-06-30T23:30:00Z", "en", "1 July 2026"],
    ["2026-12-31T23:30:00Z", "cy", "31 Rhagfyr 2026"],
    ["2027-01-01T00:00:00Z", "cy", "1 Ionawr 2027"],
  ] as const)("at %s in %s is %s", (at, language, expected) => {
    expect(letterDate(new Date(at), { language, timeZone: "Europe/London" })).toBe(expected);
  });
});

describe("the address of a letter that is looked at", () => {
  it.each<[Record<string, string | string[]>, string]>([
    [{}, "1 2 3 4 5 6 7"],
    [{ "Address Line 1": "A", "ADDRESS-LINE-3": "C" }, "A 2 C 4 5 6 7"],
    [{ address_line_1: "A", address_line_2: "B", postcode: "n11aa" }, "A B N1 1AA"],
    [{ address_line_1: "A", address_line_7: "", postcode: "n11aa" }, "A 2 3 4 5 6 7"],
    [{ address_line_1: "A\nB", address_line_2: ["Road", "Town"] }, "A B Road, Town"],
  ])("given %j is %s", (personalisation, lines) => {
    const shown = previewAddressLines(personalisation).map((line) => line.replace("address line ", ""));
    expect(shown.join(" ")).toBe(lines);
  });
});
