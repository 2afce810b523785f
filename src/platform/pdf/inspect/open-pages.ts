/** Pages as pdf.js sees them, which forgives files what readers forgive them. */
import { join } from "node:path";
import {
  getDocument,
  InvalidPDFException,
  type PDFDocumentProxy,
  type PDFPageProxy,
} from "pdfjs-dist/legacy/build/pdf.mjs";
import { pdfjsFolder } from "../letter-fonts.ts";
import { POINTS_PER_MM } from "../letter-style.ts";
import { CannotRead } from "./read-error.ts";

/** In each direction; the largest that printers of posters take. */
const PAGE_MAX_MM = 5_000;
const QUIET = 0;

/** Uses the pages, and closes the file whatever happens. Throws `CannotRead` for what pdf.js cannot open. */
export async function withPages<Result>(
  file: Uint8Array,
  use: (document: PDFDocumentProxy) => Promise<Result>,
): Promise<Result> {
  const folder = (name: string) => `${join(pdfjsFolder(), name)}/`;
  const task = getDocument({
    data: new Uint8Array(file), // it takes the octets for itself
    standardFontDataUrl: folder("standard_fonts"),
    cMapUrl: folder("cmaps"),
    wasmUrl: folder("wasm"),
    iccUrl: folder("iccs"),
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    enableXfa: false,
    verbosity: QUIET,
  });
  try {
    const document = await task.promise;
    if (document.numPages < 1) throw new CannotRead("no-pages");
    return await use(document);
  } catch (error) {
    throw error instanceof CannotRead ? error : new CannotRead(reasonOf(error));
  } finally {
    await task.destroy();
  }
}

function reasonOf(error: unknown): CannotRead["why"] {
  if (error instanceof Error && error.name === "PasswordException") return "encrypted";
  const isEmpty =
    error instanceof InvalidPDFException && /page/i.test(error.message) && /no |zero|empty/i.test(error.message);
  return isEmpty ? "no-pages" : "damaged";
}

/** Every page's size as it is seen, in millimetres. Throws `CannotRead` for one that no paper holds. */
export function sizeOf(page: PDFPageProxy): { widthMm: number; heightMm: number } {
  const { width, height } = page.getViewport({ scale: 1 });
  const [widthMm, heightMm] = [width / POINTS_PER_MM, height / POINTS_PER_MM];
  if (!(widthMm > 0 && heightMm > 0)) throw new CannotRead("damaged");
  if (Math.max(widthMm, heightMm) > PAGE_MAX_MM) throw new CannotRead("page-too-large");
  return { widthMm, heightMm };
}
