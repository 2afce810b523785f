/**
 * The typeface of letters: Liberation Sans, whose letters are as wide as Arial's and which has what Welsh needs. It comes with pdf.js
 * (SIL Open Font Licence 1.1).
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { create, type Font } from "fontkit";

const FACES = { regular: "LiberationSans-Regular.ttf", bold: "LiberationSans-Bold.ttf" } as const;

export type Face = keyof typeof FACES;

/** A font file's content. */
export function readFace(face: Face): Buffer {
  return readFileSync(join(pdfjsFolder(), "standard_fonts", FACES[face]));
}

/** The same, to measure with. */
export function openFace(face: Face): Font {
  const font = create(readFace(face));
  if (!("glyphForCodePoint" in font)) throw new Error(`${FACES[face]} is not a font`);
  return font;
}

/** Where pdf.js is installed, with the fonts and tables that it reads. */
export function pdfjsFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
}
