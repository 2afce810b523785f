import { describe, expect, it } from "vitest";
import { parseVerpAddress, readSignedReference, signReference, verpAddress } from "./verp.ts";

const SECRET = "a secret of the deployment";
const REFERENCE = "0190f2b0-6a7c-7e3a-9d53-0f5f6d0a1b2c";
const ADDRESS = verpAddress({ reference: REFERENCE, domain: "bounces.example.org", secret: SECRET });

describe("a return path", () => {
  it("carries its reference there and back", () => {
    expect(parseVerpAddress(ADDRESS, SECRET)).toBe(REFERENCE);
  });

  it("fits the 64 octets of a local part with the longest reference", () => {
    const longest = verpAddress({ reference: "a".repeat(40), domain: "x.example", secret: SECRET });
    expect(longest.indexOf("@")).toBeLessThanOrEqual(64);
    expect(parseVerpAddress(longest, SECRET)).toBe("a".repeat(40));
  });

  it("survives a mail system that changes its case", () => {
    expect(parseVerpAddress(ADDRESS.toUpperCase(), SECRET)).toBe(REFERENCE);
  });

  it.each([
    ["of another reference", ADDRESS.replace("0190", "0191")],
    ["with another signature", ADDRESS.replace(/.@/, (end) => (end === "a@" ? "b@" : "a@"))],
    ["with a shorter signature", ADDRESS.replace(/.@/, "@")],
    ["with a longer signature", ADDRESS.replace("@", "a@")],
    ["with something more", ADDRESS.replace("@", ".a@")],
    ["without a signature", `bounce+${REFERENCE}@bounces.example.org`],
    ["without a prefix", ADDRESS.slice("bounce+".length)],
    ["with letters beyond ASCII of the same length", ADDRESS.replace(/.{16}@/, `${"é".repeat(16)}@`)],
    ["without a domain", ADDRESS.replace(/@.*/, "")],
    ["that is empty", ""],
  ])("%s is not ours", (_what, address) => {
    expect(parseVerpAddress(address, SECRET)).toBeUndefined();
  });

  it("signed with another secret is not ours", () => {
    expect(parseVerpAddress(ADDRESS, "another secret")).toBeUndefined();
  });

  it.each(["", "a".repeat(41), "UPPER", "a.b", "a@b", "a\r\nb"])("is not made of the reference %j", (reference) => {
    expect(() => signReference(reference, SECRET)).toThrow("mail reference");
  });
});

it("a signed reference can be read without an address", () => {
  expect(readSignedReference(signReference(REFERENCE, SECRET), SECRET)).toBe(REFERENCE);
});
