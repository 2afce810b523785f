/** What a request about a file says: which file, the link's key, and what shows that its reader gave the right address. */
import type { FastifyRequest } from "fastify";
import type { App } from "../../flow/app.ts";
import { CONFIRMED_FOR_SECONDS } from "../../flow/files/confirm-reader.ts";
import { type DocumentIds, filePath, pagePath, parseKey, parseShortId } from "../../flow/files/document-link.ts";
import type { DocumentDetails } from "../../records/documents/document.ts";

/** What answering takes. */
export type Documents = Pick<App, "db" | "log" | "keys" | "clock" | "services" | "blobs" | "origins">;

const COOKIE = "document_access_signed_data";
const FILE = /^([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})(?:\.[a-z]{1,5})?$/i;

/** As recipients' pages name it. */
export function idsOnPage({ params }: FastifyRequest): DocumentIds | undefined {
  const { service = "", document = "" } = params as Record<string, string>;
  const [serviceId, id] = [parseShortId(service), parseShortId(document)];
  return serviceId !== undefined && id !== undefined ? { serviceId, id } : undefined;
}

/** As the addresses of files name it, with or without the ending of its name. */
export function idsOfFile({ params }: FastifyRequest): DocumentIds | undefined {
  const { sid = "", did = "" } = params as Record<string, string>;
  const [serviceId, id] = [FILE.exec(sid)?.[1], FILE.exec(did)?.[1]];
  return serviceId && id ? { serviceId: serviceId.toLowerCase(), id: id.toLowerCase() } : undefined;
}

/** The key as it stands in the address; empty for none. */
export function keyTextOf({ query }: FastifyRequest): string {
  const { key } = query as { key?: unknown };
  return typeof key === "string" ? key : "";
}

export function keyOf(request: FastifyRequest): Buffer | undefined {
  return parseKey(keyTextOf(request));
}

export function fieldOf(request: FastifyRequest, name: string): string {
  return Buffer.isBuffer(request.body) ? (new URLSearchParams(request.body.toString()).get(name) ?? "") : "";
}

/** Where recipients find us: as configured, else where this one has. */
export function documentsOrigin({ origins }: Pick<App, "origins">, { protocol, host }: FastifyRequest): string {
  return origins.documents ?? `${protocol}://${host}`;
}

interface NamedFile {
  details: DocumentDetails;
  key: Buffer;
}

export function fileUrl(origin: string, ids: DocumentIds, file: NamedFile): string {
  return `${origin}${pathOfFile(ids, file)}?key=${file.key.toString("base64url")}`;
}

/** With the ending of its name, so that programs know what it is. */
function pathOfFile(ids: DocumentIds, { details }: Pick<NamedFile, "details">): string {
  return `${filePath(ids)}.${details.extension}`;
}

export function signedDataOf({ headers }: FastifyRequest): string | undefined {
  const pairs = (headers.cookie ?? "").split(/; */).map((pair) => pair.split("="));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}

interface Access {
  ids: DocumentIds;
  file: Pick<NamedFile, "details">;
  signedData: string;
}

/** For the pages about this file and for the file, whose path must be there whole (RFC 6265 §5.1.4); no other page gets it. */
export function accessCookies(origin: string, { ids, file, signedData }: Access): string[] {
  const secure = origin.startsWith("https:") ? "; Secure" : "";
  return [pagePath(ids), pathOfFile(ids, file)].map(
    (path) =>
      `${COOKIE}=${signedData}; Path=${path}; Max-Age=${CONFIRMED_FOR_SECONDS}; HttpOnly; SameSite=Lax${secure}`,
  );
}
