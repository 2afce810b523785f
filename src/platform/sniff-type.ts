/**
 * What bytes look like, whatever they are called, as a media type. Formats with a signature are told by `file-type`; text, which has
 * none, by a test of our own, since text may begin with anything and browsers read some of it as more than text.
 *
 *     await sniffType(Buffer.from("a,b\n1,2"))         → "text/plain"
 *     await sniffType(Buffer.from("<!doctype html>…")) → "text/html"
 */

const UNKNOWN = "application/octet-stream";
/** Further in, nobody looks for what a text begins with. */
const HEAD_BYTES = 1_024;
/** Tab, line feed, form feed, carriage return, and escape, which some character sets switch with (as in the WHATWG's MIME Sniffing). */
const CONTROLS_IN_TEXT: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);
const FIRST_PRINTABLE = 0x20;
const DELETE = 0x7f;

/** Text that programs take for more than text, by what it begins with after space and comments. The first that fits counts. */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^%PDF-/, "application/pdf"],
  [/^\{\\rtf/, "application/rtf"],
  [/^%!PS/, "application/postscript"],
  [/^#!/, "text/x-script"],
  [/^<\?php/i, "text/x-php"],
  [/^<(?:\?xml[^>]*>\s*(?:<!DOCTYPE svg[^>]*>\s*)?<)?svg[\s>]/i, "image/svg+xml"],
  [/^<\?xml/i, "text/xml"],
  [
    /^<(?:!doctype html|html|head|body|title|script|style|iframe|object|embed|meta|link|base|form|img|a)[\s>/]/i,
    "text/html",
  ],
];
const SPACE_AND_COMMENTS = /^(?:\s+|<!--[\s\S]*?-->)*/;

/** Office formats before 2007 share one container (MS-CFB); a document for Word has a stream of this name in it. */
const WORD_STREAM = Buffer.from("WordDocument", "utf16le");
const OLD_OFFICE = "application/x-cfb";
const ZIP = "application/zip";
/** For archives whose first entries say nothing: what the formats must contain (ECMA-376). */
const IN_ZIP: readonly (readonly [string, string])[] = [
  ["word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
];

export async function sniffType(bytes: Buffer): Promise<string> {
  const text = textOf(bytes);
  if (text !== undefined) return sniffText(text);
  const { fileTypeFromBuffer } = await import("file-type"); // not at every start, of processes that look at no files
  const mime = (await fileTypeFromBuffer(bytes))?.mime ?? UNKNOWN;
  if (mime === OLD_OFFICE && bytes.includes(WORD_STREAM)) return "application/msword";
  if (mime === ZIP) return IN_ZIP.find(([entry]) => bytes.includes(entry))?.[1] ?? ZIP;
  return mime;
}

/** The text that bytes are, in UTF-8, in UTF-16 with its mark, or in a character set of one byte a character; undefined for no text. */
function textOf(bytes: Buffer): string | undefined {
  const encoding = encodingOf(bytes);
  // What is one byte a character is looked at as it came: most files are told by their first bytes that way.
  if (encoding === "latin1") return isText(bytes) ? decode(bytes, encoding) : undefined;
  const text = decode(bytes, encoding);
  return isText(Buffer.from(text)) ? text : undefined;
}

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "latin1";
}

function decode(bytes: Buffer, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
}

function isText(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte === DELETE || (byte < FIRST_PRINTABLE && !CONTROLS_IN_TEXT.has(byte))) return false;
  }
  return true;
}

function sniffText(text: string): string {
  const withoutMark = text.replace(/^(?:\u00ef\u00bb\u00bf|\ufeff)/, "");
  const head = withoutMark.slice(0, HEAD_BYTES).replace(SPACE_AND_COMMENTS, "");
  const found = BEGINNINGS.find(([beginning]) => beginning.test(head));
  if (found) return found[1];
  return isJson(withoutMark, head) ? "application/json" : "text/plain";
}

function isJson(text: string, head: string): boolean {
  if (!/^[[{]/.test(head)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
