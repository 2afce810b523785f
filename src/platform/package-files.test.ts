import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { assetPath, packagePath } from "./package-files.ts";

describe("files of the package", () => {
  it("are found from its root", () => {
    expect(JSON.parse(readFileSync(packagePath("package.json"), "utf8")).name).toBe("pennypost");
  });
  it("are found beside the code that runs", () => {
    expect(assetPath("platform/package-files.ts")).toBe(packagePath("src/platform/package-files.ts"));
  });
});
