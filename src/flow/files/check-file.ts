/** A file from outside, checked in the order and with the refusals of Notify's file service; what is let in has been scanned. */
import { decideFileType, type FileExtension, findNameProblem } from "../../core/files/file-types.ts";
import { Refusal } from "../../core/refusal.ts";
import { sniffType } from "../../platform/sniff-type.ts";
import type { App } from "../app.ts";
import { refuseUnlessClean } from "../scan-file.ts";

/** Two megabytes, and what Notify allows on top. */
const FILE_MAX_BYTES = 2 * 1024 * 1024 + 1024;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE64_GROUP = 4;

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
export async function checkFile(
  app: Pick<App, "db" | "scanning" | "log">,
  { base64, filename, isCsv }: UploadedFile,
): Promise<CheckedFile> {
  const bytes = decode(base64);
  const problem = filename === undefined ? undefined : findNameProblem(filename);
  if (problem !== undefined) throw new Refusal("bad-request", problem);
  if (bytes.length > FILE_MAX_BYTES) throw new Refusal("bad-request", "Uploaded file exceeds file size limit");
  if (bytes.length === 0) throw new Refusal("bad-request", "Document must not be empty");
  await refuseUnlessClean(app, bytes);
  const type = decideFileType({ filename, isCsv, sniffed: await sniffType(bytes) });
  if (type.kind === "unsupported") throw new Refusal("bad-request", type.message);
  return { bytes, filename, extension: type.extension, mimeType: type.mimeType };
}

/** Strict, where Node skips what it does not know: a file that arrives with holes in it helps nobody. */
function decode(base64: string): Buffer {
  const text = /\s/.test(base64) ? base64.replace(/\s+/g, "") : base64;
  if (text.length % BASE64_GROUP !== 0 || !BASE64.test(text))
    throw new Refusal("bad-request", "Document is not base64 encoded");
  return Buffer.from(text, "base64");
}
