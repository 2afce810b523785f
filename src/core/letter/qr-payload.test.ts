import { describe, expect, it } from "vitest";
import type { LetterBlock } from "./letter-content.ts";
import { findTooLongQrPayload } from "./qr-payload.ts";

const qrCode = (data: string): LetterBlock => ({ kind: "qr-code", data });

describe("the QR codes of a letter", () => {
  it.each([
    ["none", [], undefined],
    ["one that just fits", [qrCode("a".repeat(504))], undefined],
    ["one character too many", [qrCode("a".repeat(505))], 505],
    ["characters of two octets that just fit", [qrCode("é".repeat(252))], undefined],
    ["characters of two octets", [qrCode("é".repeat(253))], 506],
    ["the second", [qrCode("a"), qrCode("b".repeat(600)), qrCode("c".repeat(700))], 600],
    ["one in a list", [{ kind: "list", ordered: true, items: [[qrCode("a")], [qrCode("b".repeat(505))]] }], 505],
  ] satisfies [string, LetterBlock[], number | undefined][])("%s", (_, blocks, bytes) => {
    expect(findTooLongQrPayload({ blocks })?.bytes).toBe(bytes);
  });

  it("that hold too much are named", () => {
    const data = "x".repeat(505);
    expect(findTooLongQrPayload({ blocks: [qrCode(data)] })).toEqual({ data, bytes: 505 });
  });
});
