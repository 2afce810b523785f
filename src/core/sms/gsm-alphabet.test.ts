import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countExtended,
  decodeGsm7,
  encodeGsm7,
  GSM_BASIC_CHARACTERS,
  GSM_EXTENDED_CHARACTERS,
  isGsm7,
} from "./gsm-alphabet.ts";
import { decodeUcs2, encodeUcs2 } from "./ucs2.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
const gsmText = fc.string({ unit: fc.constantFrom(...GSM_BASIC_CHARACTERS, ...GSM_EXTENDED_CHARACTERS) });

describe("the GSM 7 bit alphabet", () => {
  it("has 127 characters and 9 in its extension", () => {
    expect([GSM_BASIC_CHARACTERS.length, GSM_EXTENDED_CHARACTERS.length]).toEqual([127, 9]);
  });

  it.each([
    ["@£$¥", "00010203"],
    ["Hello", "48656c6c6f"],
    ["àÄÖÑÜ§", "7f5b5c5d5e5f"],
    ["ΔΦΓΛΩΠΨΣΘΞ", "1012131415161718191a"],
    ["^{}\\[~]|€", "1b141b281b291b2f1b3c1b3d1b3e1b401b65"],
    ["\n\r", "0a0d"],
    ["¿¡", "6040"],
  ])("encodes %j", (text, encoded) => {
    expect(hex(encodeGsm7(text))).toBe(encoded);
    expect(decodeGsm7(bytes(encoded))).toBe(text);
  });

  it.each([
    ["an escape at the end", "411b", "A "],
    ["an escape to an escape", "1b1b41", " A"],
    ["an escape to a code without an extension", "1b41", "A"],
    ["a page break", "1b0a", "\f"],
    ["octets that are no septets", "80ff41", "\ufffd\ufffdA"],
  ])("reads %s as the standard says", (_, encoded, text) => {
    expect(decodeGsm7(bytes(encoded))).toBe(text);
  });

  it("puts a question mark for each code point it lacks", () => {
    expect(decodeGsm7(encodeGsm7("a😀ŵ\u001b"))).toBe("a???");
  });

  it.each([
    ["£5 [€]", true],
    ["ÄÖÜ éèùìò", true],
    ["naïve", false],
    ["`", false],
    ["\u001b", false],
    ["\f", false],
  ])("knows whether %j fits", (text, fits) => {
    expect(isGsm7(text)).toBe(fits);
  });

  it("counts characters of the extension", () => {
    expect(countExtended("a€b[]")).toBe(3);
  });

  it("gives back every text it can hold", () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        expect(decodeGsm7(encodeGsm7(text))).toBe(text);
      }),
    );
  });

  it("reads any octets", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect(decodeGsm7(octets).length).toBeLessThanOrEqual(octets.length);
      }),
    );
  });
});

describe("UCS-2", () => {
  it("is UTF-16, most significant octet first", () => {
    expect(hex(encodeUcs2("aŵ€😀"))).toBe("0061017520acd83dde00");
  });

  it("gives back every text, lone surrogates included", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        expect(decodeUcs2(encodeUcs2(text))).toBe(text);
      }),
    );
    const long = "ŵ😀".repeat(100_000);
    expect(decodeUcs2(encodeUcs2(long))).toBe(long);
  });

  it("leaves out half a character at the end", () => {
    expect(decodeUcs2(bytes("006100"))).toBe("a");
  });
});
