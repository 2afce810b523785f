import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkFileStore } from "./check-file-store.ts";

const root = mkdtempSync(join(tmpdir(), "pennypost-store-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("the file store", () => {
  const check = (path: string) => checkFileStore({ fileStore: { kind: "folder", path } });

  it("is well when it can be written to, and before the first start", async () => {
    expect(await check(root)).toMatchObject({ verdict: "ok", what: root });
    expect(await check(join(root, "later"))).toMatchObject({
      verdict: "ok",
      what: expect.stringContaining("first start"),
    });
  });

  it("that cannot be reached is named with the reason", async () => {
    writeFileSync(join(root, "a-file"), "");
    expect(await check(join(root, "a-file"))).toMatchObject({
      verdict: "fail",
      what: expect.stringContaining("EEXIST"),
    });
    const fileStore = { kind: "s3", bucket: "files", prefix: "", endpoint: "http://127.0.0.1:1", region: "x" } as const;
    const finding = await checkFileStore({ fileStore });
    expect(finding.verdict).toBe("fail");
    expect(finding.what).toMatch(/bucket files cannot be written to/);
  });
});
