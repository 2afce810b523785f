/** What is to be known of a PDF without drawing it: its fonts, its scripts, its pictures' sizes, whether it is locked. */
import {
  EncryptedPDFError,
  ParseSpeeds,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFNumber,
  PDFStream,
} from "@cantoo/pdf-lib";
import { CannotRead } from "./read-error.ts";

/** Readers look for it no further (ISO 32000-1, Annex H, 3.4.1). */
const HEADER_WITHIN_BYTES = 1_024;
/** A page of A4 at 600 dots an inch has 35 million. */
const IMAGE_PIXELS_MAX = 40_000_000;
const SCRIPTS = new Set(["/JavaScript", "/Launch"]);

export interface FileFacts {
  readonly fontsNotEmbedded: string[];
  readonly hasScript: boolean;
}

/** Throws `CannotRead` where there is no PDF, or one that nobody may open. */
export function refuseWhatIsNoPdf(file: Uint8Array): void {
  if (file.length === 0) throw new CannotRead("empty-file");
  const start = Buffer.from(file.subarray(0, HEADER_WITHIN_BYTES)).toString("latin1");
  if (!start.includes("%PDF-")) throw new CannotRead("not-a-pdf");
}

/** Throws `CannotRead` where it is locked, damaged, or holds a picture too large to look at. */
export async function openFile(file: Uint8Array): Promise<PDFDocument> {
  try {
    return await PDFDocument.load(file, { updateMetadata: false, parseSpeed: ParseSpeeds.Fastest });
  } catch (error) {
    throw new CannotRead(error instanceof EncryptedPDFError ? "encrypted" : "damaged");
  }
}

export async function readFileFacts(file: Uint8Array): Promise<FileFacts> {
  const document = await openFile(file);
  const dictionaries = listDictionaries(document);
  if (dictionaries.some((dictionary) => pixelsOf(dictionary) > IMAGE_PIXELS_MAX))
    throw new CannotRead("image-too-large");
  const fonts = dictionaries.filter(isUnembeddedFont).map((font) => nameOf(font, "BaseFont"));
  return { fontsNotEmbedded: [...new Set(fonts)].sort(), hasScript: dictionaries.some(isScript) };
}

/** Those of numbered objects, and those inside them; each object once, so that circles end. */
function listDictionaries({ context }: PDFDocument): PDFDict[] {
  const found: PDFDict[] = [];
  const waiting: unknown[] = context.enumerateIndirectObjects().map(([, object]) => object);
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (object instanceof PDFArray) waiting.push(...object.asArray());
    const dictionary = object instanceof PDFStream ? object.dict : object;
    if (!(dictionary instanceof PDFDict)) continue;
    found.push(dictionary);
    waiting.push(...dictionary.values());
  }
  return found;
}

function pixelsOf(dictionary: PDFDict): number {
  if (nameOf(dictionary, "Subtype") !== "Image") return 0;
  return numberOf(dictionary, "Width") * numberOf(dictionary, "Height");
}

/** Type 3 fonts are drawings of the file's own, and Type 0 fonts stand for others, which are found by themselves. */
function isUnembeddedFont(dictionary: PDFDict): boolean {
  if (nameOf(dictionary, "Type") !== "Font" || ["Type0", "Type3"].includes(nameOf(dictionary, "Subtype"))) return false;
  const descriptor = look(dictionary, "FontDescriptor");
  return (
    !(descriptor instanceof PDFDict) || !["FontFile", "FontFile2", "FontFile3"].some((key) => look(descriptor, key))
  );
}

function isScript(dictionary: PDFDict): boolean {
  return SCRIPTS.has(`/${nameOf(dictionary, "S")}`) || look(dictionary, "JavaScript") !== undefined;
}

function nameOf(dictionary: PDFDict, key: string): string {
  const value = look(dictionary, key);
  return value instanceof PDFName ? value.decodeText() : "";
}

function numberOf(dictionary: PDFDict, key: string): number {
  const value = look(dictionary, key);
  return value instanceof PDFNumber ? value.asNumber() : 0;
}

/** A reference to nothing is nothing. */
function look(dictionary: PDFDict, key: string): unknown {
  return dictionary.lookup(PDFName.of(key));
}
