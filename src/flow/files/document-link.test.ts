import { describe, expect, it } from "vitest";
import { filePath, linkWithKey, linkWithoutKey, parseKey, parseShortId, shortId, testLink } from "./document-link.ts";

const IDS = { serviceId: "0b1e3c8e-5f3a-4c56-9e2f-5a0f0d1c2b3a", id: "0192f3a4-b5c6-7d8e-9fa0-b1c2d3e4f506" };
const KEY = Buffer.alloc(32, 0xfb);

describe("a link to a file", () => {
  it("has its ids in 22 characters each and its key in 43", () => {
    const link = linkWithKey(linkWithoutKey("https://documents.example.org", IDS), KEY);
    expect(link).toBe(
      `https://documents.example.org/d/Cx48jl86TFaeL1oPDRwrOg/AZLzpLXGfY6foLHC0-T1Bg?key=${KEY.toString("base64url")}`,
    );
    expect(link.split("key=")[1]).toHaveLength(43);
  });

  it("leads to the file under its whole ids", () => {
    expect(filePath(IDS)).toBe(`/services/${IDS.serviceId}/documents/${IDS.id}`);
    expect(testLink("https://d.example", IDS.serviceId)).toBe(
      `https://d.example/services/${IDS.serviceId}/documents/test-document`,
    );
  });
});

describe("what stands in a link", () => {
  it("is read back", () => {
    expect(parseShortId(shortId(IDS.id))).toBe(IDS.id);
    expect(parseKey(KEY.toString("base64url"))).toEqual(KEY);
  });

  it.each(["", "a", "a".repeat(42), "a".repeat(44), `${"a".repeat(42)}+`, `${"a".repeat(42)}=`])(
    "is no key: %j",
    (text) => {
      expect(parseKey(text)).toBeUndefined();
    },
  );

  it.each(["", "a".repeat(21), "a".repeat(23), "../../../../../etc/pw", IDS.id])("is no id: %j", (text) => {
    expect(parseShortId(text)).toBeUndefined();
  });
});
