import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatenationHeader, parseUserDataHeader } from "./user-data-header.ts";

const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

describe("the user data header", () => {
  it("is written with an 8-bit reference", () => {
    const header = concatenationHeader({ reference: 0xcc, total: 2, number: 1 });
    expect(Buffer.from(header).toString("hex")).toBe("050003cc0201");
  });

  it.each([
    ["8-bit", "05 00 03 cc 02 01 41", 6, { reference: 0xcc, total: 2, number: 1 }],
    ["16-bit", "06 08 04 12 34 03 02 41", 7, { reference: 0x1234, total: 3, number: 2 }],
    ["port element first", "0b 05 04 15 81 00 00 00 03 07 02 02", 12, { reference: 7, total: 2, number: 2 }],
    [
      "two concatenations, the later holds",
      "0a 00 03 01 02 01 00 03 02 02 02",
      11,
      { reference: 2, total: 2, number: 2 },
    ],
    ["no concatenation", "06 05 04 15 81 00 00", 7, undefined],
    ["an empty header", "00 41", 1, undefined],
    ["number 0", "05 00 03 cc 02 00", 6, undefined],
    ["a number beyond the total", "05 00 03 cc 02 03", 6, undefined],
    ["a concatenation of the wrong length", "04 00 02 cc 02", 5, undefined],
  ])("is read: %s", (_, octets, ...[lengthOctets, concatenation]) => {
    expect(parseUserDataHeader(bytes(octets))).toEqual({ lengthOctets, concatenation });
  });

  it.each([
    ["nothing", ""],
    ["a length beyond the data", "05 00 03"],
    ["an element beyond the header", "03 00 09 01 02 03"],
    ["an element without a length", "01 00"],
  ])("is not there: %s", (_, octets) => {
    expect(parseUserDataHeader(bytes(octets))).toBeUndefined();
  });

  it("reads back what it writes, and never throws", () => {
    const octet = fc.integer({ min: 1, max: 255 });
    fc.assert(
      fc.property(octet, octet, octet, (reference, a, b) => {
        const concatenation = { reference, total: Math.max(a, b), number: Math.min(a, b) };
        expect(parseUserDataHeader(concatenationHeader(concatenation))?.concatenation).toEqual(concatenation);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect(parseUserDataHeader(octets)?.lengthOctets ?? 0).toBeLessThanOrEqual(octets.length);
      }),
    );
  });
});
