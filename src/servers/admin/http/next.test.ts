import { describe, expect, it } from "vitest";
import { ownPath } from "./next.ts";

describe("the page after signing in", () => {
  it.each([
    ["/services/1/templates?q=a", "/services/1/templates?q=a"],
    ["/", "/"],
    ["/a/../services", "/services"],
    [undefined, "/home"],
    ["", "/home"],
    ["services", "/home"],
    ["https://elsewhere.example/", "/home"],
    ["//elsewhere.example/", "/home"],
    ["/\\elsewhere.example/", "/home"],
    ["/\t/elsewhere.example/", "/home"],
    ["javascript:alert(1)", "/home"],
    [`/${"a".repeat(2_000)}`, "/home"],
  ])("for %s is %s", (next, expected) => {
    expect(ownPath(next, "/home")).toBe(expected);
  });

  it("never begins with two slashes, which would be another host", () => {
    expect(ownPath("/.//elsewhere.example", "/home")).not.toMatch(/^\/\//);
  });
});
