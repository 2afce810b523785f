import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { silentLog } from "../log.ts";
import { chooseAccount } from "./account.ts";
import { findPlatformPackage, linkLibraries, prepareBinaries } from "./binaries.ts";

const isRoot = process.getuid?.() === 0;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), "pennypost-binaries-"));
  chmodSync(folder, mode);
  folders.push(folder);
  return folder;
}

function copyOfPackage(mode: number): string {
  const copy = join(newFolder(mode), "package");
  cpSync(findPlatformPackage(), copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function version(binDir: string): string {
  const account = chooseAccount();
  const identity = account ? { uid: account.uid, gid: account.gid } : {};
  return spawnSync(join(binDir, "postgres"), ["--version"], { ...identity, cwd: "/", encoding: "utf8" }).stdout;
}

describe("the server's programs", () => {
  it("run after an install without install scripts, which leaves the libraries' links out", () => {
    const packageDir = copyOfPackage(0o755);
    const links: { target: string }[] = JSON.parse(readFileSync(join(packageDir, "native/pg-symlinks.json"), "utf8"));
    for (const { target } of links) rmSync(join(packageDir, target));
    expect(version(join(packageDir, "native/bin"))).toBe("");

    linkLibraries(packageDir);
    for (const { target } of links) expect(lstatSync(join(packageDir, target)).isSymbolicLink()).toBe(true);
    expect(version(join(packageDir, "native/bin"))).toMatch(/^postgres \(PostgreSQL\) 18\./);
  });

  it("run from the package when the server's user gets there", async () => {
    const packageDir = copyOfPackage(0o755);
    const sharedDir = join(newFolder(0o755), "shared");
    const binDir = await prepareBinaries({ account: chooseAccount(), sharedDir, log: silentLog, packageDir });
    expect(binDir).toBe(join(packageDir, "native/bin"));
  });

  it.skipIf(!isRoot)("run from one shared copy when it does not, however many make it at once", async () => {
    const packageDir = copyOfPackage(0o700);
    const sharedDir = join(newFolder(0o755), "shared");
    const options = { account: chooseAccount(), sharedDir, log: silentLog, packageDir };
    const umask = process.umask(0o077);
    const [first, second] = await Promise.all([prepareBinaries(options), prepareBinaries(options)]).finally(() =>
      process.umask(umask),
    );
    expect(second).toBe(first);
    expect(first?.startsWith(sharedDir)).toBe(true);
    expect(readdirSync(sharedDir)).toHaveLength(1);
    expect(version(first ?? "")).toMatch(/^postgres \(PostgreSQL\) 18\./);
  });
});
