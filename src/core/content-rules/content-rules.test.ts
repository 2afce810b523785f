import { describe, expect, it } from "vitest";
import { brokenRule, type ContentRule, type JudgedMessage } from "./content-rule.ts";
import { findLinkHosts, parseDomain } from "./find-links.ts";
import { foldWords } from "./fold-words.ts";

function rule(change: Partial<ContentRule>): ContentRule {
  const usual = {
    name: "A rule",
    looksFor: "words",
    action: "refuse",
    entries: [],
    countryPrefixes: [],
    isPlatform: false,
  } as const;
  return { ...usual, channels: ["sms", "email"], ...change };
}

function text(body: string, change: Partial<JudgedMessage> = {}): JudgedMessage {
  return { channel: "sms", countryPrefix: "44", subject: undefined, body, ...change };
}

describe("words", () => {
  it.each([
    ["a free prize for you", true],
    ["FREE  PRIZE", true],
    ["Free,\nprize!", true],
    ["frée prïze", true],
    ["fr\u00ADee pr\u200Bize", true],
    ["fr3e pr1ze", true],
    ["frее prіzе", true],
    ["Ｆｒｅｅ ｐｒｉｚｅ", true],
    ["**free** [prize](https://example.org)", true],
    ["a free prizewinner", false],
    ["carefree prize", false],
    ["a prize, free", false],
    ["free of charge, a prize", false],
    ["", false],
  ])("of %j: a free prize, %s", (body, isFound) => {
    const phrase = rule({ entries: ["Casino", "free prize"] });
    expect(brokenRule([phrase], text(body)) === phrase).toBe(isFound);
  });

  it("are those of a subject, too", () => {
    const phrase = rule({ entries: ["prize"] });
    expect(brokenRule([phrase], text("hello", { channel: "email", subject: "Your prize" }))).toBe(phrase);
  });

  it.each([
    ["50 of 100", ["50", "of", "100"]],
    ["Straße Łódź", ["strasse", "lodz"]],
    ["modern rnodern", ["modem", "modem"]],
  ])("%j are read as %j", (body, words) => expect(foldWords(body)).toEqual(words));
});

describe("links in", () => {
  it.each([
    ["https://Example.org/a?b", ["example.org"]],
    ["see www.example.unheardof, or example.co.uk.", ["example.co.uk", "www.example.unheardof"]],
    ["[here](https://a.example.org)", ["a.example.org"]],
    ["http://gov.uk@evil.example/x", ["evil.example"]],
    ["https:\\\\evil.example\\x", ["evil.example"]],
    ["bit.ly/3xY", ["bit.ly"]],
    ["bit\u200B.ly/3xY and evil。com", ["bit.ly", "evil.com"]],
    ["ｅｖｉｌ．ｃｏｍ", ["evil.com"]],
    ["сайт.рф", ["xn--80aswg.xn--p1ai"]],
    ["http://3232235777/ http://0x7f.1/", ["192.168.1.1", "127.0.0.1"]],
    ["http://[2001:db8::1]/x", ["[2001:db8::1]"]],
    ["192.0.2.7/login 192.0.2.7:8080", ["192.0.2.7", "192.0.2.7"]],
    ["http://%%%", [""]],
    [".evil.com", ["evil.com"]],
    ["evil.com.Thanks for evil.com...bye", ["evil.com", "evil.com"]],
  ])("%j lead to %j", (body, hosts) => expect(findLinkHosts(body).toSorted()).toEqual(hosts.toSorted()));

  it.each([
    "write to help@example.org or first.last@mail.example.co.uk",
    "at 10.30am, e.g. on 1.12.2026",
    "version 10.0.0.1 costs £3.50",
    "01.23.45.67.89",
    "Yours, St.Ives Library etc...",
    "call 07700 900123: tel 12",
    "",
  ])("%j there are none", (body) => expect(findLinkHosts(body)).toEqual([]));

  it("a long word or a long mail take no time", () => {
    const began = performance.now();
    findLinkHosts(`${"a".repeat(100_000)} ${"a.".repeat(50_000)} ${"a@".repeat(50_000)}`);
    foldWords("a.".repeat(50_000));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("a rule", () => {
  it.each([
    ["links", [], "see example.org", true],
    ["links", [], "see you", false],
    ["unlisted-links", ["example.org"], "https://www.example.org/x", false],
    ["unlisted-links", ["example.org"], "https://example.org.evil.com", true],
    ["unlisted-links", ["example.org"], "notexample.org", true],
    ["unlisted-links", ["example.org"], "https://%%", true],
    ["short-links", [], "https://bit.ly/x", true],
    ["short-links", ["sho.rt"], "http://sho.rt/x", true],
    ["short-links", [], "https://example.org/x", false],
    ["address-links", [], "http://192.0.2.7/x", true],
    ["address-links", [], "http://example.org", false],
  ] as const)("that looks for %s beside %j: %j breaks it, %s", (looksFor, entries, body, isBroken) => {
    expect(brokenRule([rule({ looksFor, entries })], text(body)) !== undefined).toBe(isBroken);
  });

  it.each([
    [{ channels: ["email"] }, {}, false],
    [{ channels: ["sms"] }, {}, true],
    [{ countryPrefixes: ["33"] }, {}, false],
    [{ countryPrefixes: ["33", "44"] }, {}, true],
    [{ countryPrefixes: ["44"] }, { channel: "email", countryPrefix: undefined }, false],
  ] as const)("with %j concerns %j: %s", (change, message, isConcerned) => {
    const links = rule({ looksFor: "links", ...change });
    expect(brokenRule([links], text("example.org", message)) === links).toBe(isConcerned);
  });

  it.each(["letter", "chat"] as const)("concerns what goes by %s where it says so", (channel) => {
    const message = { channel, countryPrefix: undefined, subject: "About", body: "see example.org" } as const;
    const links = rule({ looksFor: "links", channels: [channel] });
    expect(brokenRule([rule({ looksFor: "links" }), links], message)).toBe(links);
  });

  it("that refuses comes before those that hold", () => {
    const [held, refused] = [rule({ looksFor: "links", action: "hold" }), rule({ looksFor: "short-links" })];
    expect(brokenRule([held, refused], text("bit.ly/x"))).toBe(refused);
    expect(brokenRule([held, refused], text("example.org"))).toBe(held);
  });

  it("comes before those behind it", () => {
    const [first, second] = [rule({ name: "1", looksFor: "links" }), rule({ name: "2", looksFor: "short-links" })];
    expect(brokenRule([first, second], text("bit.ly/x"))?.name).toBe("1");
    expect(brokenRule([second, first], text("bit.ly/x"))?.name).toBe("2");
  });
});

it.each([
  ["example.org", "example.org"],
  [" https://www.Example.org/x ", "www.example.org"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["example", undefined],
  ["192.0.2.7", undefined],
  ["two words.org", undefined],
  ["", undefined],
])("the domain of %j is %j", (typed, domain) => expect(parseDomain(typed)).toBe(domain));
