import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeOwnership } from "./owner-file.ts";
import { findProcess } from "./process-table.ts";

describe("takeOwnership", () => {
  let folder = "";
  let file = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pennypost-owner-"));
    file = join(folder, "postgres.owner");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is given once, and again after it is given up", () => {
    const ownership = takeOwnership(file);
    expect(ownership).toBeDefined();
    expect(takeOwnership(file)).toBeUndefined();
    ownership?.release();
    expect(existsSync(file)).toBe(false);
    expect(takeOwnership(file)).toBeDefined();
    expect(readdirSync(folder)).toEqual(["postgres.owner"]);
  });

  it.each([
    ["a process that has ended", () => ({ pid: 2 ** 22 + 1, startedAt: "1", file })],
    ["one whose id another process has by now", () => ({ pid: process.pid, startedAt: "1", file })],
    [
      "the owner of the folder that this one is a copy of",
      () => ({ pid: process.pid, startedAt: findProcess(process.pid)?.startedAt, file: "/elsewhere" }),
    ],
    ["nobody, for it was cut short", () => ""],
  ])("passes on from %s", (_name, owner) => {
    writeFileSync(file, JSON.stringify(owner()));
    expect(takeOwnership(file)).toBeDefined();
  });

  it("is not taken from its new owner by giving up an old one", () => {
    const first = takeOwnership(file);
    rmSync(file);
    writeFileSync(join(folder, "draft"), JSON.stringify({ pid: 1, startedAt: "1", file }));
    copyFileSync(join(folder, "draft"), file);
    first?.release();
    expect(existsSync(file)).toBe(true);
  });
});
