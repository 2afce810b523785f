/** Bundles `src` into `dist/main.mjs`, with everything beside it that is not TypeScript. By itself: `npm run build`. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAssets } from "./assets.mjs";
import { seconds } from "./install.mjs";

const STAMP = "dist/built-from";
const DRAFT = "dist.new";

/**
 * Whether `dist` was built from the sources as they are. Times of change alone would miss files that are gone or that came
 * with an older date.
 * @param {string} root
 */
export function isBuildNeeded(root) {
  const stamp = join(root, STAMP);
  return !existsSync(stamp) || readFileSync(stamp, "utf8") !== fingerprint(root);
}

/**
 * Stands for the names, sizes and times of everything that a build is made from.
 * @param {string} root
 */
export function fingerprint(root) {
  const makers = ["package.json", "scripts/build.mjs", "scripts/assets.mjs"].map((file) => join(root, file));
  const files = [...listFiles(join(root, "src")), ...makers];
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    const stat = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file.slice(root.length)} ${stat?.size} ${stat?.mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/**
 * Builds beside the old build and then takes its place, so that no start finds half of one.
 * @param {string} root
 */
export async function build(root) {
  const startedAt = performance.now();
  const draft = join(root, DRAFT);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  try {
    await fill(root, draft);
    rmSync(join(root, "dist"), { recursive: true, force: true });
    renameSync(draft, join(root, "dist"));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  process.stderr.write(`Built in ${seconds(startedAt)} s\n`);
}

/**
 * @param {string} root
 * @param {string} outdir
 */
async function fill(root, outdir) {
  const stamp = fingerprint(root); // before reading the sources: a change meanwhile makes the next start build again
  await bundle(root, outdir);
  copyAssets(join(root, "src"), outdir);
  await buildAssets(root, join(outdir, "assets"));
  writeFileSync(join(outdir, basename(STAMP)), stamp);
}

/**
 * @param {string} root
 * @param {string} outdir
 */
async function bundle(root, outdir) {
  const { build: esbuild, stop } = await import("esbuild");
  await esbuild({
    absWorkingDir: root,
    entryPoints: { main: "src/main.ts", ...threadModules(root) },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    splitting: true, // what is imported later is loaded later, and with it the packages that it alone needs
    target: "node20.19",
    sourcemap: true,
    logLevel: "error",
  });
  await stop(); // else its helper lives as long as whoever built
}

/**
 * A thread runs a file of its own (src/platform/threads/thread-pool.ts).
 * @param {string} root
 */
function threadModules(root) {
  const src = join(root, "src");
  const modules = listFiles(src).filter((file) => file.endsWith("-thread.ts"));
  return Object.fromEntries(modules.map((file) => [file.slice(src.length + 1, -".ts".length), file]));
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyAssets(from, to) {
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith(".ts") });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build(fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, ""));
}
