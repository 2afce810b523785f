import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stepsNeeded } from "./bootstrap.mjs";
import { build, fingerprint } from "./build.mjs";
import { isInstallCurrent } from "./install.mjs";
import { withLock } from "./lock.mjs";

const LOCK = {
  packages: {
    "": { version: "0.1.0" },
    "node_modules/pg": { version: "8.0.0", integrity: "sha512-a" },
    "node_modules/esbuild": { version: "0.28.0", integrity: "sha512-b", dev: true },
    "node_modules/@esbuild/aix-ppc64": { version: "0.28.0", integrity: "sha512-c", dev: true, optional: true },
  },
};
const { "": _root, "node_modules/@esbuild/aix-ppc64": _other, ...PRESENT } = LOCK.packages;
const { "node_modules/esbuild": _esbuild, ...PRODUCTION } = PRESENT;
const OTHER_PG = { "node_modules/pg": { version: "8.0.1", integrity: "sha512-d" } };
const TAMPERED_PG = { "node_modules/pg": { version: "8.0.0", integrity: "sha512-e" } };

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pennypost-bootstrap-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

describe("isInstallCurrent", () => {
  it.each([
    ["nothing is installed", undefined, false, false],
    ["everything for this platform is", { packages: PRESENT }, true, true],
    ["a package has another version", { packages: { ...PRESENT, ...OTHER_PG } }, true, false],
    ["a package has other content", { packages: { ...PRESENT, ...TAMPERED_PG } }, true, false],
    ["development packages are left out and not wanted", { packages: PRODUCTION }, false, true],
    ["development packages are left out and wanted", { packages: PRODUCTION }, true, false],
  ])("when %s", (_name, installed, development, expected) => {
    expect(isInstallCurrent(LOCK, installed, { development })).toBe(expected);
  });
});

describe("stepsNeeded", () => {
  const wanted = { development: false, build: true };
  const steps = () => stepsNeeded({ root, ...wanted });

  beforeEach(() => {
    write("package.json", "{}");
    write("src/main.ts", "export {};");
    write("src/main.test.ts", "");
    write("package-lock.json", JSON.stringify(LOCK));
    write("node_modules/.package-lock.json", JSON.stringify({ packages: PRODUCTION }));
    write("dist/built-from", fingerprint(root));
  });

  it("is nothing when all is as it was", () => {
    expect(steps()).toEqual([]);
  });
  it("builds after a change, and installs first what building needs", () => {
    write("src/main.ts", "export const changed = true;");
    expect(steps()).toEqual(["install", "build"]);
    write("node_modules/.package-lock.json", JSON.stringify({ packages: PRESENT }));
    expect(steps()).toEqual(["build"]);
  });
  it("builds when a source is gone, or came with an older date", () => {
    write("src/page.njk", "hello");
    write("dist/built-from", fingerprint(root));
    rmSync(join(root, "src/page.njk"));
    expect(steps()).toContain("build");
    write("dist/built-from", fingerprint(root));
    utimesSync(join(root, "src/main.ts"), 1, 1);
    expect(steps()).toContain("build");
  });
  it("does not build because a test changed", () => {
    write("src/main.test.ts", "changed");
    expect(steps()).toEqual([]);
  });
  it("installs when npm was cut short", () => {
    write("node_modules/.package-lock.json", '{"packages":{');
    expect(steps()).toEqual(["install"]);
  });
});

describe("build", () => {
  it("bundles the code and takes what is not code along, in place of the last build", async () => {
    write("package.json", "{}");
    write("src/main.ts", 'import { word } from "./word.ts"; export const run = async (): Promise<string> => word;');
    write("src/word.ts", 'export const word: string = "built";');
    write("src/servers/page.njk", "{{ title }}");
    write("src/servers/admin/browser/admin.ts", "document.title = location.href as string;");
    write("src/servers/admin/styles/admin.css", "body { margin: 0; }");
    write("src/servers/admin/mark/icon.svg", "<svg/>");
    write("dist/left-over.mjs", "");
    await build(root);
    const { run } = await import(join(root, "dist/main.mjs"));
    expect(await run()).toBe("built");
    expect(readFileSync(join(root, "dist/servers/page.njk"), "utf8")).toBe("{{ title }}");
    expect(() => readFileSync(join(root, "dist/left-over.mjs"))).toThrow("ENOENT");
    const names = JSON.parse(readFileSync(join(root, "dist/assets/names.json"), "utf8"));
    expect(Object.keys(names).sort()).toEqual(["admin.css", "admin.js", "icon.svg"]);
    expect(readFileSync(join(root, "dist/assets", names["admin.css"]), "utf8")).toContain("body{margin:0}");
    expect(stepsNeeded({ root, development: false, build: true })).toEqual([]);
  });
});

describe("withLock", () => {
  it("lets one in at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside++;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withLock(join(root, "lock"), work)));
    expect(most).toBe(1);
  });
  it("does not wait for a process that is gone", async () => {
    write("lock", String(2 ** 22 + 1));
    expect(await withLock(join(root, "lock"), async () => "done")).toBe("done");
  });
  it("is free again after a failure", async () => {
    const fail = () => withLock(join(root, "lock"), () => Promise.reject(new Error("no")));
    await expect(fail()).rejects.toThrow("no");
    await expect(fail()).rejects.toThrow("no");
  });
});
