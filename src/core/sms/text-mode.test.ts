import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillIn, parseTemplate } from "../template/placeholders.ts";
import { measureText } from "./fragments.ts";
import { isGsm7 } from "./gsm-alphabet.ts";
import { SMS_CHARACTER_LIMIT, toGsmOnly, toSmsText, withPrefix } from "./text-mode.ts";

interface SmsCase {
  template: string | null;
  template_repeat?: [string, number][];
  personalisation: Record<string, string> | null;
  service_name_prefix: string | null;
  rendered?: string;
  character_count: number;
  character_count_without_prefix: number;
  encoding: "gsm-7" | "ucs-2";
  extended_gsm_characters: number;
  fragment_count: number;
  too_long: boolean;
  empty: boolean;
  quirk?: boolean;
}

const cases: SmsCase[] = JSON.parse(readFileSync(new URL("../../../test/vectors/sms.json", import.meta.url), "utf8"));

function templateOf(worked: SmsCase): string {
  return worked.template ?? (worked.template_repeat ?? []).map(([text, times]) => text.repeat(times)).join("");
}

function measured(worked: SmsCase) {
  const text = fillIn(parseTemplate(templateOf(worked)), worked.personalisation ?? {}, { lists: "sentence" });
  const body = toSmsText(text, "gsm");
  const name = worked.service_name_prefix;
  const sent = name === null ? body : withPrefix(body, name, "gsm");
  const measure = measureText(sent, "gsm");
  return {
    rendered: sent,
    character_count: measure.characters,
    character_count_without_prefix: body.length,
    encoding: measure.encoding === "gsm7" ? "gsm-7" : "ucs-2",
    extended_gsm_characters: measure.extendedCharacters,
    fragment_count: measure.fragments,
    too_long: body.length > SMS_CHARACTER_LIMIT,
    empty: body === "",
  };
}

describe("a text in gsm mode", () => {
  it.each(cases.filter((worked) => !worked.quirk).map((worked, index) => [index, worked] as const))(
    "reads and counts as in worked case %i",
    (_, worked) => {
      const { rendered, ...counts } = measured(worked);
      expect(worked).toMatchObject(worked.rendered === undefined ? counts : { rendered, ...counts });
    },
  );

  it("counts the text without its prefix by what it is, not by taking off the name's untrimmed length", () => {
    const quirks = cases.filter((worked) => worked.quirk);
    expect(quirks.map((worked) => worked.service_name_prefix)).toEqual([" Gwasanaeth ŵ "]);
    for (const quirk of quirks) {
      const { character_count_without_prefix, ...rest } = measured(quirk);
      expect(quirk).toMatchObject(rest);
      expect(character_count_without_prefix).toBe("Hello".length);
    }
  });

  it.each([
    ["a step of decomposition that leaves a Welsh letter", "ế", "ê"],
    ["a step that leaves no letter of ours", "ệ", "?"],
    ["signs that are other spellings of a letter", "\u212b\u2126\u212a", "ÅΩK"],
    ["a compatibility decomposition is not the same letter", "①ﬁ", "??"],
    ["combining marks on their own", "e\u0301", "e?"],
    ["each code point of an emoji", "👩‍👧", "??"],
    ["half a surrogate pair, NUL and escape", "\ud83d\0\u001b", "???"],
    ["breaks of all sorts", "a\r\nb\rc\u000bd\u0085e\u2029f", "a\nb\nc\nd\ne\nf"],
    ["three empty lines", "a\n\n\n\nb", "a\n\nb"],
    ["spaces of all widths", "a\u2003\u3000\u001fb", "a b"],
  ])("maps %s", (_, typed, sent) => {
    expect(toSmsText(typed, "gsm")).toBe(sent);
  });

  it("never needs more than the GSM alphabet and Welsh letters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const withoutWelsh = toSmsText(text, "gsm").replace(/[À-ÿŴ-ŸẀ-ẅỲỳ]/g, "");
        expect(isGsm7(withoutWelsh)).toBe(true);
      }),
    );
  });
});

describe("a text in unicode mode", () => {
  it.each([
    ["curly quotes, dashes and ellipses", "‘It’s’ “here” – or… not — 5−3", "'It's' \"here\" - or... not - 5-3"],
    ["the same beside a letter that needs UCS-2", "“Привет” – it’s", '"Привет" - it\'s'],
    ["hard and thin spaces", "a\u00a0b\u202fc\td", "a b c d"],
    ["soft hyphens and zero-width spaces", "co\u00adop\u200b.uk", "coop.uk"],
    ["joiners that join nothing", "a\u200db \u200c", "ab"],
    ["a byte order mark in front", "\ufeffhello", "hello"],
    ["letters in two parts", "Zoe\u0308", "Zoë"],
    ["NUL, controls and half a surrogate pair", "a\0b\u0007c\udc00d", "a?b?c?d"],
  ])("makes plain %s", (_, typed, sent) => {
    expect(toSmsText(typed, "unicode")).toBe(sent);
  });

  it.each(["Łódź", "½ `x`", "你好", "👩‍👧 hello 🏴󠁧󠁢󠁷󠁬󠁳󠁿", "می‌خواهم", "• item"])("keeps %s", (text) => {
    expect(toSmsText(text, "unicode")).toBe(text.normalize("NFC"));
  });

  it("holds nothing that a phone cannot show, whatever was typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(toSmsText(text, "unicode")).not.toMatch(/(?!\n)[\p{Cc}\p{Cs}]/u);
      }),
    );
  });
});

describe("nothing but the GSM alphabet", () => {
  it.each([
    ["Olá ŵyn", "Ola wyn"],
    ["à la carte: 5 €", "à la carte: 5 €"],
    ["日 😀 “so”", '? ? "so"'],
  ])("%s", (text, fit) => {
    expect(toGsmOnly(text)).toBe(fit);
  });
});
