/**
 * Makes what browsers load: styles, scripts, fonts and pictures of the admin web, each named after its content, beside a compressed
 * twin of what compresses, and `names.json`, which leads from plain names to these.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync, constants as zlib } from "node:zlib";

const ADMIN = "src/servers/admin";
/** What every page loads. */
const ENTRIES = ["browser/admin.ts", "styles/admin.css", "mark/icon.svg"];
/** A script of one area's each; what several share becomes a chunk. */
const AREA_SCRIPTS = "browser/areas";
const COMPRESSES = /\.(css|js|svg)$/;
/** Smaller files gain nothing. */
const COMPRESSED_MIN_BYTES = 1_000;

/**
 * @param {string} root
 * @param {string} outdir emptied first
 */
export async function buildAssets(root, outdir) {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const { outputs } = await bundle(root, outdir);
  writeFileSync(join(outdir, "names.json"), JSON.stringify(plainNames(outputs)));
  for (const name of readdirSync(outdir)) if (COMPRESSES.test(name)) compress(join(outdir, name));
}

/**
 * @param {string} root
 * @param {string} outdir
 */
async function bundle(root, outdir) {
  const { build: esbuild } = await import("esbuild");
  const { metafile } = await esbuild({
    absWorkingDir: root,
    entryPoints: [...ENTRIES, ...areaScripts(root)].map((file) => `${ADMIN}/${file}`),
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome110", "firefox110", "safari16"],
    supported: { nesting: true },
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".svg": "copy" },
    publicPath: "/assets/",
    plugins: [govukWithoutFont],
    metafile: true,
    logLevel: "error",
  });
  return metafile;
}

/** @param {string} root */
function areaScripts(root) {
  const folder = join(root, ADMIN, AREA_SCRIPTS);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((name) => name.endsWith(".ts")).map((name) => `${AREA_SCRIPTS}/${name}`);
}

/**
 * GOV.UK's typeface and crest are for GOV.UK alone: their rules are taken out of its stylesheet, and our typeface stands in.
 * @type {import("esbuild").Plugin}
 */
const govukWithoutFont = {
  name: "govuk-without-font",
  setup(build) {
    build.onLoad({ filter: /govuk-frontend\.min\.css$/ }, ({ path }) => {
      const css = readFileSync(path, "utf8");
      return { loader: "css", contents: withoutFont(css) };
    });
  },
};

/** @param {string} css */
export function withoutFont(css) {
  return css
    .replace(/@font-face\{[^}]*GDS Transport[^}]*\}/g, "")
    .replaceAll("GDS Transport,arial,sans-serif", "var(--pp-font)")
    .replace(/url\(\/assets\/images\/govuk-crest\.svg\)/g, "none")
    .replace(/\/\*# sourceMappingURL=.*?\*\//, "");
}

/**
 * `admin.css` → `admin-K3V7QXTA.css`.
 * @param {Record<string, { entryPoint?: string, inputs: Record<string, unknown> }>} outputs
 */
function plainNames(outputs) {
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint);
  return Object.fromEntries(
    entries.map(([path]) => [basename(path).replace(/-[A-Z0-9]{8}(?=\.)/, ""), basename(path)]),
  );
}

/** @param {string} file */
function compress(file) {
  const content = readFileSync(file);
  if (content.length < COMPRESSED_MIN_BYTES) return;
  writeFileSync(`${file}.gz`, gzipSync(content, { level: zlib.Z_BEST_COMPRESSION }));
  writeFileSync(`${file}.br`, brotliCompressSync(content));
}
