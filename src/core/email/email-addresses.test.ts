import { domainToASCII } from "node:url";
import { describe, expect, it } from "vitest";
import cases from "../../../test/vectors/emails.json" with { type: "json" };
import { asciiHostName } from "./host-name.ts";
import { EMAIL_PROBLEM_MESSAGE, parseEmailAddress, toAsciiHost } from "./parse-email-address.ts";
import { encodePunycode } from "./punycode.ts";
import { senderLocalPart } from "./sender-local-part.ts";

describe("parsing email addresses", () => {
  it.each(cases.filter((example) => example.valid))("takes $input", ({ input, cleaned, normalised }) => {
    expect(parseEmailAddress(input)).toEqual({ asSubmitted: cleaned, normalised });
  });

  it.each(cases.filter((example) => !example.valid))("refuses $input", ({ input, error }) => {
    expect(parseEmailAddress(input)).toBe("invalid-email");
    expect(`email_address ${EMAIL_PROBLEM_MESSAGE}`).toBe(error);
  });

  it.each(["a@b", "a@b.c0m", `${"a".repeat(309)}@example.com`, "a@host.example\u0000.com", "a@examp\u00adle.\u00ad"])(
    "refuses %j",
    (input) => {
      expect(parseEmailAddress(input)).toBe("invalid-email");
    },
  );

  it("takes exactly 320 characters", () => {
    expect(parseEmailAddress(`${"a".repeat(308)}@example.com`)).toHaveProperty("normalised");
  });

  it("removes characters nobody sees from anywhere in the address", () => {
    expect(parseEmailAddress("\u200Ba\u00A0@exam\u2060ple.com\n")).toMatchObject({ asSubmitted: "a@example.com" });
  });
});

describe("host names in ASCII", () => {
  // Worked examples of RFC 3492 §7.1.
  it.each([
    ["ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"],
    ["他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"],
    ["почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"],
    ["3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"],
    ["-with-super-monkeys", "-with-super-monkeys-"],
    ["パフィーdeルンバ", "de-jg4avhby1noc0d"],
    ["そのスピードで", "d9juau41awczczp"],
  ])("encodes %s as %s", (label, encoded) => {
    expect(encodePunycode(label)).toBe(encoded);
  });

  it.each(["bücher.example", "例え.テスト", "BÜCHER.example", "поддержка.рф", "ábc。example", "مثال.إختبار"])(
    "encodes %s as the WHATWG URL standard does",
    (host) => {
      expect(asciiHostName(host)).toBe(domainToASCII(host));
    },
  );

  it.each([
    ["straße.example", "strasse.example"],
    ["ΣΑΣ.example", asciiHostName("σασ.example")],
    ["soft\u00adhyphen.example", "softhyphen.example"],
  ])("folds %s by the tables of 2003", (host, ascii) => {
    expect(asciiHostName(host)).toBe(ascii);
  });

  it.each(["a..example", "", "\u{E000}.example", "אa.example", "xn--ü.example", `${"ü".repeat(80)}.example`])(
    "has no ASCII for %j",
    (host) => {
      expect(asciiHostName(host)).toBeUndefined();
    },
  );

  it("leaves the local part as submitted when an address goes to a mail server", () => {
    const address = parseEmailAddress("O'Neil@bücher.example");
    expect(typeof address === "object" && toAsciiHost(address)).toBe("O'Neil@xn--bcher-kva.example");
  });
});

describe("the address emails come from", () => {
  it.each([
    ["Apply for a licence", "apply.for.a.licence"],
    ["  Café   Crème  ", "cafe.creme"],
    ["Juror's (summons) & more", "jurors.summons.more"],
    ["St. Mary's..School.", "st.marys.school"],
    ["Straße Øst", "strasse.ost"],
    ["🎉", "notifications"],
    [`${"a".repeat(63)} b`, "a".repeat(63)],
  ])("is made of the name %j", (name, localPart) => {
    expect(senderLocalPart(name)).toBe(localPart);
  });
});
