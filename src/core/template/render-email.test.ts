import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { missingPersonalisation, parseTemplate, placeholderNames } from "./placeholders.ts";
import {
  renderEmailBody,
  renderEmailHtml,
  renderEmailParts,
  renderEmailPlainText,
  renderPreheader,
  renderSubject,
} from "./render-email.ts";

interface EmailCase {
  subject_template: string;
  template: string;
  personalisation: Record<string, unknown> | null;
  unsubscribe_link: string | null;
  [expected: string]: unknown;
}

const cases: EmailCase[] = JSON.parse(
  readFileSync(new URL("../../../test/vectors/template-email.json", import.meta.url), "utf8"),
);

/** As values come in: everything is text, and a null was never there. */
function valuesOf(json: Record<string, unknown> | null): Record<string, string | string[]> {
  const entries = Object.entries(json ?? {}).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Array.isArray(value) ? value.map(textOf) : textOf(value)]),
  );
}

function textOf(value: unknown): string {
  return value === true ? "True" : String(value ?? "");
}

describe("an email", () => {
  it.each(cases.map((worked) => [JSON.stringify([worked.template, worked.personalisation]), worked] as const))(
    "%s",
    (_, worked) => {
      const [subject, body] = [parseTemplate(worked.subject_template), parseTemplate(worked.template)];
      const personalisation = valuesOf(worked.personalisation);
      const email = { body, personalisation, unsubscribeUrl: worked.unsubscribe_link ?? undefined };
      const placeholders = placeholderNames(subject, body);
      expect(worked).toMatchObject({
        placeholders,
        missing: missingPersonalisation(placeholders, personalisation),
        api_body: renderEmailBody(body, personalisation),
        api_subject: renderSubject(subject, personalisation),
        plain_text: renderEmailPlainText(email),
        html_body: renderEmailHtml(email),
        preheader: renderPreheader(body, personalisation),
      });
      expect(renderEmailParts(email)).toEqual({
        html: worked["html_body"],
        plainText: worked["plain_text"],
        preheader: worked["preheader"],
      });
    },
  );
});

describe("a preheader", () => {
  const preheader = (body: string) => renderPreheader(parseTemplate(body), {});

  it("is the first 256 characters, across blocks", () => {
    const paragraphs = Array.from({ length: 100 }, (_, index) => `Paragraph ${index}`);
    expect(preheader(paragraphs.join("\n\n"))).toBe(paragraphs.join(" ").slice(0, 256).trimEnd());
  });

  it("is not cut inside a character reference", () => {
    expect(preheader(`${"a".repeat(253)}<b`)).toBe("a".repeat(253));
  });
});
