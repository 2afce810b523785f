/**
 * Sets letters with Typst: in milliseconds, as tagged PDF/A-2a (ISO 19005-2) that is PDF/UA-1 (ISO 14289-1) too. The compiler is native
 * code that is to be had for Linux on x64; where it is not, there is another engine.
 */
import { createRequire } from "node:module";
import { assetPath } from "../../package-files.ts";
import type { Letter, LetterGeometry } from "../letter.ts";
import type { LetterEngine } from "../letter-engine.ts";
import { readFace } from "../letter-fonts.ts";
import { declareUniversalAccess } from "./declare-universal-access.ts";
import { LOGO_PATHS, typstData } from "./typst-data.ts";

/** One for each C library; npm installs the one that fits, if any. */
const PACKAGES = [
  "@myriaddreamin/typst-ts-node-compiler-linux-x64-gnu",
  "@myriaddreamin/typst-ts-node-compiler-linux-x64-musl",
];
/** The folder that the compiler may read from: it holds the template and nothing else. */
const TEMPLATE_FOLDER = "platform/pdf/typst";
const TEMPLATE = "letter.typ";
/**
 * What none of so many letters in a row has used is forgotten: else every letter that was ever set stays in memory. Letters of one
 * template share half of the work.
 */
const REMEMBERED_LETTERS = 2;
/** The archival standard has to be met; its reader's twin is declared, and checked by the tests. */
const STANDARD = "a-2a";

/** What we use of the native package, which has no types of its own. */
interface Native {
  NodeCompiler: {
    create(options: { workspace: string; fontArgs: { fontBlobs: Buffer[] }[] }): Compiler;
  };
}

interface Compiler {
  compile(source: { mainFilePath: string; inputs: Record<string, string> }): Compiled;
  pdf(document: Document, options: { pdfStandard: string; creationTimestamp: number }): Buffer;
  mapShadow(path: string, content: Buffer): void;
  resetShadow(): void;
  evictCache(maxAge: number): void;
}

interface Compiled {
  readonly result: Document | null;
  takeError(): { shortDiagnostics: unknown[] } | null;
}

interface Document {
  readonly numOfPages: number;
}

/** Undefined where the native package is not to be had. */
export function openTypst(geometry: LetterGeometry, standard = STANDARD): LetterEngine | undefined {
  const native = loadNative();
  if (!native) return undefined;
  const workspace = assetPath(TEMPLATE_FOLDER);
  const fontBlobs = [readFace("regular"), readFace("bold")];
  const compiler = native.NodeCompiler.create({ workspace, fontArgs: [{ fontBlobs }] });
  return { typeset: async (letter) => typeset(compiler, { letter, geometry, workspace, standard }) };
}

function loadNative(): Native | undefined {
  const require = createRequire(import.meta.url);
  for (const name of PACKAGES) {
    try {
      return require(name);
    } catch {
      // Not for this machine.
    }
  }
  return undefined;
}

interface Job {
  letter: Letter;
  geometry: LetterGeometry;
  workspace: string;
  standard: string;
}

function typeset(compiler: Compiler, { letter, geometry, workspace, standard }: Job) {
  const { logo } = letter;
  if (logo) compiler.mapShadow(`${workspace}${LOGO_PATHS[logo.format]}`, Buffer.from(logo.bytes));
  try {
    const inputs = { letter: typstData(letter, geometry) };
    const compiled = compiler.compile({ mainFilePath: `${workspace}/${TEMPLATE}`, inputs });
    if (!compiled.result) throw new Error(`The letter could not be set: ${explain(compiled)}`);
    const creationTimestamp = Math.floor(letter.createdAt.getTime() / 1_000);
    const pdf = compiler.pdf(compiled.result, { pdfStandard: standard, creationTimestamp });
    return { pdf: standard === STANDARD ? declareUniversalAccess(pdf) : pdf, pages: compiled.result.numOfPages };
  } finally {
    compiler.resetShadow();
    compiler.evictCache(REMEMBERED_LETTERS);
  }
}

/** The compiler's own words: of the template, as what people wrote is only data. */
function explain(compiled: Compiled): string {
  const [first] = compiled.takeError()?.shortDiagnostics ?? [];
  return /message: "([^"]*)"/.exec(String(first))?.[1] ?? "unknown reason";
}
