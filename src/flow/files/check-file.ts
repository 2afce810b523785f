/** A file from outside, checked in the order and with the refusals of Notify's file service; what is let in has been scanned. */
import { decideFileType, type FileExtension, findNameProblem } from "../../core/files/file-types.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Db } from "../../platform/db.ts";
import { sniffType } from "../../platform/sniff-type.ts";
import type { App } from "../app.ts";
import { refuseUnlessClean } from "../scan-file.ts";

/** Two megabytes, and what Notify allows on top. */
const FILE_MAX_BYTES = 2 * 1024 * 1024 + 1024;
/** RFC 4648 §4: three bytes in four characters, the last group filled up. */
const GROUP_CHARACTERS = 4;
const BYTES_PER_CHARACTER = 3 / 4;
const PADDINGS = ["==", "="];

type Scanner = { db: Db } & Pick<App, "scanning" | "log">;

export interface UploadedFile {
  /** In base64 (RFC 4648 §4); line breaks and spaces do not count. */
  base64: string;
  filename: string | undefined;
  isCsv: boolean;
}

export interface CheckedFile {
  bytes: Buffer;
  filename: string | undefined;
  extension: FileExtension;
  mimeType: string;
}

/** Refuses a file that may not be sent. */
export async function checkFile(app: Scanner, { base64, filename, isCsv }: UploadedFile): Promise<CheckedFile> {
  return checkBytes(app, { bytes: decode(base64), filename, isCsv });
}

/** The same for a file that came as it is. */
export async function checkBytes(
  app: Scanner,
  { bytes, filename, isCsv }: Omit<UploadedFile, "base64"> & { bytes: Buffer },
): Promise<CheckedFile> {
  const problem = filename === undefined ? undefined : findNameProblem(filename);
  if (problem !== undefined) throw new Refusal("bad-request", problem);
  if (bytes.length > FILE_MAX_BYTES) throw new Refusal("bad-request", "Uploaded file exceeds file size limit");
  if (bytes.length === 0) throw new Refusal("bad-request", "Document must not be empty");
  await refuseUnlessClean(app, bytes);
  const type = decideFileType({ filename, isCsv, sniffed: await sniffType(bytes) });
  if (type.kind === "unsupported") throw new Refusal("bad-request", type.message);
  return { bytes, filename, extension: type.extension, mimeType: type.mimeType };
}

/**
 * Strict, where Node skips what it does not know and takes the letters of URLs too: a file that arrives with holes in it helps nobody.
 * Whatever was skipped shows in the length; to look at each character would take longer than all the rest.
 */
function decode(base64: string): Buffer {
  const text = /\s/.test(base64) ? base64.replace(/\s+/g, "") : base64;
  const bytes = Buffer.from(text, "base64");
  const padding = PADDINGS.find((ending) => text.endsWith(ending))?.length ?? 0;
  const isWhole = text.length % GROUP_CHARACTERS === 0 && bytes.length === text.length * BYTES_PER_CHARACTER - padding;
  if (!isWhole || text.includes("-") || text.includes("_"))
    throw new Refusal("bad-request", "Document is not base64 encoded");
  return bytes;
}
