import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseTemplate } from "./placeholders.ts";
import { renderEmailHtml } from "./render-email.ts";
import { sanitiseContent } from "./sanitise-content.ts";

const cases: Array<{ unsanitised: string; sanitised: string }> = JSON.parse(
  readFileSync(new URL("../../../test/vectors/sanitise-content-for.json", import.meta.url), "utf8"),
);

describe("sanitising a value", () => {
  it.each(cases)("$unsanitised", ({ unsanitised, sanitised }) => {
    expect(sanitiseContent(unsanitised)).toBe(sanitised);
  });

  it.each([
    ["User, [click here](https://evil.example)", "User, \\[click here\\]\\(\\)"],
    ["evil.example/path?x=1 now", " now"],
    ["HTTPS://EVIL.EXAMPLE", ""],
    ["www.évil.example", ""],
    ["me@evil.example", "me@evil\\.example"],
    ["a.b.evil.example", "a\\. b\\. evil\\. example"],
    ["<b>bold</b>", "\\<b\\>bold\\</b\\>"],
    ["1.5 and 3.14", "1\\.5 and 3\\.14"],
  ])("%j becomes %j", (unsanitised, sanitised) => {
    expect(sanitiseContent(unsanitised)).toBe(sanitised);
  });

  it("shows as typed once it is in an email, but for the link", () => {
    const personalisation = { name: sanitiseContent("# *Jo* <i> [x](http://evil.example)") };
    const html = renderEmailHtml({ body: parseTemplate("((name))"), personalisation });
    expect(html).toMatch(/^<p [^>]*># \*Jo\* &lt;i&gt; \[x\]\(\)<\/p>$/);
  });

  it.each([
    ["hyphens", "a-".repeat(250_000)],
    ["full stops", "a.".repeat(250_000)],
    ["both", "a-b.".repeat(125_000)],
    ["schemes", "http://".repeat(70_000)],
    ["letters", "a".repeat(500_000)],
  ])(
    "takes no longer over half a million characters of %s",
    (_, value) => {
      expect(sanitiseContent(value).length).toBeGreaterThan(0);
    },
    5_000,
  );
});
