/** Files that forms carry (RFC 7578), held in memory: one a form, no larger than said here, and only for pages that ask for one. */
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** What a letter may be that comes as a PDF; a page may ask for less. */
const UPLOAD_MAX_BYTES = 5 * 1024 * 1024;
const FIELDS_MAX = 50;
const FIELD_MAX_BYTES = 16 * 1024;

export interface UploadedFile {
  /** As its owner calls it. */
  fileName: string;
  bytes: Buffer;
  /** There was more of it, which was not kept. */
  isTooLarge: boolean;
}

export async function takeUploads(scope: FastifyInstance): Promise<void> {
  await scope.register(multipart, {
    attachFieldsToBody: "keyValues",
    throwFileSizeLimit: false,
    limits: { fileSize: UPLOAD_MAX_BYTES, files: 1, fields: FIELDS_MAX, fieldSize: FIELD_MAX_BYTES },
    onFile: async (part) => {
      const bytes = await part.toBuffer();
      const file: UploadedFile = { fileName: part.filename, bytes, isTooLarge: part.file.truncated };
      (part as unknown as { value: UploadedFile }).value = file;
    },
  });
}

/** Whether a request brings a form with files. */
export function bringsFiles({ headers }: Pick<FastifyRequest, "headers">): boolean {
  return headers["content-type"]?.toLowerCase().startsWith("multipart/") ?? false;
}

/** By field; a field of which no file was chosen is not there. */
export function filesOf(body: unknown): ReadonlyMap<string, UploadedFile> {
  if (typeof body !== "object" || body === null) return new Map();
  const files = Object.entries(body).filter((entry): entry is [string, UploadedFile] => isFile(entry[1]));
  return new Map(files.filter(([, { fileName, bytes }]) => fileName !== "" || bytes.length > 0));
}

export function isFile(value: unknown): value is UploadedFile {
  return typeof value === "object" && value !== null && "bytes" in value;
}
