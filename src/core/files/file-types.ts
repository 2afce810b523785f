/**
 * Which files may be sent by email, by their name and by what is in them. Refusals are in the words of Notify's API.
 *
 *     decideFileType({ filename: "report.pdf", isCsv: false, sniffed: "application/pdf" }) → { kind: "supported", extension: "pdf", … }
 *     decideFileType({ filename: "report.pdf", isCsv: false, sniffed: "text/html" })       → { kind: "unsupported", … }
 */

/** Each with the type it is handed out as (IANA media types). */
const MIME_TYPES = {
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  odt: "application/vnd.oasis.opendocument.text",
  pdf: "application/pdf",
  png: "image/png",
  rtf: "text/rtf",
  txt: "text/plain",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;

export type FileExtension = keyof typeof MIME_TYPES;

const FILENAME_MAX_CHARACTERS = 100;
/** What a sniffer may call a type we know under another name. */
const OTHER_NAMES: ReadonlyMap<string, FileExtension> = new Map([["application/rtf", "rtf"]]);
/** Slashes, control characters, and marks that make a name read otherwise than it is (Unicode Standard Annex 9, Unicode Bidi_Control). */
const NOT_IN_NAMES = /[/\\\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

export interface FileFacts {
  /** As given; none: the type is told from what is in the file. */
  filename: string | undefined;
  isCsv: boolean;
  /** What the bytes look like, as a media type. */
  sniffed: string;
}

export type FileType =
  | { kind: "supported"; extension: FileExtension; mimeType: string }
  | { kind: "unsupported"; message: string };

/** What is wrong with a file's name, before anybody looks into it; undefined when nothing is. */
export function findNameProblem(filename: string): string | undefined {
  if ([...filename].length > FILENAME_MAX_CHARACTERS)
    return `\`filename\` cannot be longer than ${FILENAME_MAX_CHARACTERS} characters`;
  if (NOT_IN_NAMES.test(filename))
    return "`filename` cannot contain slashes, control characters or marks that change the direction of text";
  const extension = extensionOf(filename);
  return isSupported(extension) ? undefined : unsupported(`.${extension}`);
}

/** The name decides, as long as what is in the file is of a type that may be sent: a PNG called `.pdf` may, a program may not. */
export function decideFileType({ filename, isCsv, sniffed }: FileFacts): FileType {
  const found = typeOf(sniffed);
  if (found === undefined) return { kind: "unsupported", message: unsupported(sniffed) };
  const named = filename === undefined ? undefined : extensionOf(filename);
  if (named !== undefined && !isSupported(named)) return { kind: "unsupported", message: unsupported(`.${named}`) };
  const extension = named ?? (isCsv && found === "txt" ? "csv" : found);
  return { kind: "supported", extension, mimeType: MIME_TYPES[extension] };
}

/** After the last dot, in small letters.  extensionOf("Report.final.PDF") → "pdf" */
function extensionOf(filename: string): string {
  return filename.slice(filename.lastIndexOf(".") + 1).toLowerCase();
}

function isSupported(extension: string): extension is FileExtension {
  return Object.hasOwn(MIME_TYPES, extension);
}

function typeOf(mimeType: string): FileExtension | undefined {
  const known = Object.entries(MIME_TYPES).find(([, type]) => type === mimeType);
  return (known?.[0] as FileExtension | undefined) ?? OTHER_NAMES.get(mimeType);
}

function unsupported(what: string): string {
  const supported = Object.keys(MIME_TYPES).map((extension) => `'.${extension}'`);
  return `Unsupported file type '${what}'. Supported types are: ${supported.join(", ")}`;
}
