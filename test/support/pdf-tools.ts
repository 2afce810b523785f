/** What tools that are not ours see in a PDF: Poppler and qpdf. Without them the tests are left out by name; with CI set that fails. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findPeer, isCi } from "../../scripts/peers.mjs";

const MM_PER_POINT = 25.4 / 72;

const poppler = findPeer("poppler");
const qpdf = findPeer("qpdf");

/** Whether tests that look at PDFs can run here. */
export const hasPdfTools = poppler !== undefined && qpdf !== undefined;
if (!hasPdfTools && isCi()) throw new Error("Poppler or qpdf is missing: apt-get install poppler-utils qpdf");
if (!hasPdfTools) console.error("Left out: what looks at PDFs. apt-get install poppler-utils qpdf");

export interface SeenWord {
  readonly page: number;
  readonly text: string;
  readonly leftMm: number;
  readonly topMm: number;
  readonly rightMm: number;
  readonly bottomMm: number;
}

/** Every word, and where it stands. */
export function wordsOf(pdf: Uint8Array): SeenWord[] {
  let page = 0;
  return popplerOf("pdftotext", ["-bbox"], pdf)
    .split("\n")
    .flatMap((line) => {
      if (line.includes("<page ")) page += 1;
      const [, left, top, right, bottom, text] =
        /<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)<\/word>/.exec(line) ?? [];
      if (text === undefined) return [];
      const [leftMm, topMm, rightMm, bottomMm] = [left, top, right, bottom].map(
        (points) => Number(points) * MM_PER_POINT,
      );
      return [{ page, text, leftMm, topMm, rightMm, bottomMm } as SeenWord];
    });
}

/** The text as a reader would copy it. */
export function textOf(pdf: Uint8Array): string {
  return popplerOf("pdftotext", ["-layout"], pdf);
}

/** Lines of `pdffonts`: name, type, encoding, embedded, subset, Unicode. */
export function fontsOf(pdf: Uint8Array): string[] {
  return popplerOf("pdffonts", [], pdf).trim().split("\n").slice(2);
}

export function informationOf(pdf: Uint8Array, ...options: string[]): string {
  return popplerOf("pdfinfo", options, pdf);
}

/** Throws with qpdf's complaints when there is anything wrong with the file. */
export function checkWithQpdf(pdf: Uint8Array): void {
  if (!qpdf) throw new Error("qpdf is not here: use describe.skipIf(!hasPdfTools)");
  withFile(pdf, (file) => execFileSync(qpdf, ["--check", file], { stdio: "pipe" }));
}

function popplerOf(tool: string, options: string[], pdf: Uint8Array): string {
  if (!poppler) throw new Error("Poppler is not here: use describe.skipIf(!hasPdfTools)");
  const command = join(dirname(poppler), tool);
  const target = tool === "pdftotext" ? ["-"] : [];
  return withFile(pdf, (file) =>
    execFileSync(command, [...options, file, ...target], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
}

function withFile<Result>(pdf: Uint8Array, use: (file: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "pennypost-pdf-"));
  try {
    const file = join(folder, "file.pdf");
    writeFileSync(file, pdf);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
