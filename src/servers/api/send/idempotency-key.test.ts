import { describe, expect, it } from "vitest";
import { parseLosslessJson } from "../../../core/json/parse-lossless-json.ts";
import { canonicalJson, readIdempotency } from "./idempotency-key.ts";

function canonical(text: string): string {
  return canonicalJson(parseLosslessJson(text) ?? "not JSON");
}

const searchIndex = Buffer.alloc(32, 1);

function bodyHash(text: string, { type = "sms", keys = { searchIndex } } = {}): string | undefined {
  const send = { type, bytes: Buffer.from(text), json: parseLosslessJson(text) };
  return readIdempotency(keys, "key", send)?.bodyHash.toString("hex");
}

describe("canonical JSON", () => {
  it.each([
    ['{ "b": 1, "a": [ true, null, "x" ] }', '{"a":[true,null,"x"],"b":1}'],
    ['{"a": {"d": 1, "c": {}}}', '{"a":{"c":{},"d":1}}'],
    ['{"\\u00e9": "\\u0041"}', '{"é":"A"}'],
    ['{"a": 1.0, "b": 1e2, "c": 12345678901234567890}', '{"a":1.0,"b":1e2,"c":12345678901234567890}'],
    ['{"__proto__": 1, "a": 2}', '{"__proto__":1,"a":2}'],
    ['{"a": 1, "a": 2}', '{"a":2}'],
    ["[]", "[]"],
    ['"x"', '"x"'],
  ])("of %s is %s", (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });
});

describe("two requests are the same", () => {
  it("when they hold the same values, or, not being JSON, the same bytes", () => {
    expect(bodyHash('{"a":1,"b":2}')).toBe(bodyHash('{"b": 2, "a": 1}'));
    expect(bodyHash("{oops")).toBe(bodyHash("{oops"));
  });

  it("and are not when anything differs", () => {
    expect(bodyHash('{"a":1}')).not.toBe(bodyHash('{"a":1.0}'));
    expect(bodyHash('{"a":"1"}')).not.toBe(bodyHash('{"a":1}'));
    expect(bodyHash('{"a":1}')).not.toBe(bodyHash('{"a":1}', { type: "email" }));
    expect(bodyHash("{oops")).not.toBe(bodyHash("{oops!"));
  });

  it("which nobody can tell from the hash without the installation's key", () => {
    const keys = { searchIndex: Buffer.alloc(32, 2) };
    expect(bodyHash('{"a":1}')).not.toBe(bodyHash('{"a":1}', { keys }));
  });
});
