/**
 * Where a thread's code begins: in the file that the build made for it or, in development and tests, in one that is made on the spot.
 * A thread that had to learn TypeScript first would take three times as long to start.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { assetPath, packagePath } from "../package-files.ts";

const MADE_IN = ".cache/threads";
const madeBefore = new Map<string, URL>();

/** `module` is named without its ending, from the folder of the code. Throws when there is no such module. */
export function threadEntry(module: string): URL {
  const built = assetPath(`${module}.mjs`);
  return existsSync(built) ? pathToFileURL(built) : (madeBefore.get(module) ?? make(module));
}

/** Several processes may make the same at once: the name is that of what is in it, and it is there only when it is whole. */
function make(module: string): URL {
  const code = bundle(assetPath(`${module}.ts`));
  const folder = packagePath(MADE_IN);
  const file = join(folder, `${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  }
  const entry = pathToFileURL(file);
  madeBefore.set(module, entry);
  return entry;
}

/** The part of esbuild that is used. It is there where TypeScript runs. */
type Esbuild = { buildSync(options: object): { outputFiles: { text: string }[] } };

function bundle(source: string): string {
  const { buildSync } = createRequire(import.meta.url)("esbuild") as Esbuild;
  const { outputFiles } = buildSync({
    entryPoints: [source],
    bundle: true,
    write: false,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20.19",
    define: { "import.meta.url": JSON.stringify(pathToFileURL(source).href) }, // it finds the files beside the sources
    sourcemap: "inline",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
