import { describe, expect, it } from "vitest";
import { checkBasicAuth } from "./basic-auth.ts";

const KNOWN = [
  { username: "mmg", password: "one:two" },
  { username: "firetext", password: "pässword" },
];

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

describe("checkBasicAuth", () => {
  it.each([
    [basic("mmg:one:two"), "right"],
    [basic("firetext:pässword"), "right"],
    [basic("mmg:one:two").replace("Basic", "basic"), "right"],
    [basic("mmg:pässword"), "wrong"],
    [basic("mmg:"), "wrong"],
    [basic("mmg"), "wrong"],
    [undefined, "absent"],
    ["", "absent"],
    ["Bearer abc", "absent"],
    ["Basic", "absent"],
    ["Basic not base64!", "absent"],
  ])("says of %j that it is %s", (header, verdict) => {
    expect(checkBasicAuth(header, KNOWN)).toBe(verdict);
  });

  it("lets nobody in when no credentials are known", () => {
    expect(checkBasicAuth(basic("mmg:one:two"), [])).toBe("wrong");
  });
});
