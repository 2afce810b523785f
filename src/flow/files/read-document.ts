/** What a recipient's link leads to: whether the file is there, may be had, and, once all is well, the file. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { clocksAt } from "../../core/calendar/wall-clock.ts";
import { errorFields } from "../../platform/log.ts";
import { open } from "../../platform/sealing.ts";
import { blobKeyOf, type Document, type DocumentDetails, sealedDocument } from "../../records/documents/document.ts";
import { countDownload, findDocument } from "../../records/documents/document-store.ts";
import type { Service } from "../../records/services/service.ts";
import { sealedTemplateFile, templateFileBlobKey } from "../../records/templates/template-file.ts";
import type { App } from "../app.ts";
import type { DocumentIds } from "./document-link.ts";

export interface FollowedFileLink extends DocumentIds {
  /** Undefined: the link has none, or something that cannot be one. */
  key: Buffer | undefined;
}

export interface OpenDocument {
  kind: "open";
  service: Service;
  document: Document;
  details: DocumentDetails;
  key: Buffer;
}

export type DocumentFound =
  | OpenDocument
  /** There is no such file; the service it is said to be of may be one of ours. */
  | { kind: "missing"; service: Service | undefined }
  /** The key does not open it. */
  | { kind: "wrong-key"; service: Service }
  | { kind: "blocked"; service: Service }
  | { kind: "expired"; service: Service };

type Reader = Pick<App, "db" | "services" | "clock">;

export async function followFileLink(app: Reader, { serviceId, id, key }: FollowedFileLink): Promise<DocumentFound> {
  const [document, service] = await Promise.all([findDocument(app.db, serviceId, id), app.services.find(serviceId)]);
  if (!document || !service) return { kind: "missing", service };
  if (document.blockedAt) return { kind: "blocked", service };
  const today = clocksAt(app.clock.now(), HOME_TIME_ZONE).date;
  if (!document.sealedDetails || document.availableUntil < today) return { kind: "expired", service };
  const details = key && openDetails(document.id, document.sealedDetails, key);
  return details && key ? { kind: "open", service, document, details, key } : { kind: "wrong-key", service };
}

export type FileRead =
  | { kind: "read"; bytes: Buffer }
  /** The store has it no more. */
  | { kind: "lost" }
  /** The store does not answer. */
  | { kind: "unavailable" };

/** The file itself; `counts`: as a download. */
export async function readFile(
  app: Pick<App, "db" | "blobs" | "clock" | "log">,
  { document, details, key }: OpenDocument,
  { counts }: { counts: boolean },
): Promise<FileRead> {
  const { id, templateFileId } = document;
  const sealed = await findBlob(app, document);
  if (sealed === "unavailable") return { kind: "unavailable" };
  if (!sealed) {
    app.log.error("files.lost", { documentId: id });
    return { kind: "lost" };
  }
  const bytes = open(
    templateFileId === undefined
      ? { key, belongsTo: sealedDocument.file(id) }
      : { key: Buffer.from(details.fileKey ?? "", "base64url"), belongsTo: sealedTemplateFile.file(templateFileId) },
    sealed,
  );
  if (counts) await countDownload(app.db, id, app.clock.now());
  return { kind: "read", bytes };
}

async function findBlob(
  { blobs, log }: Pick<App, "blobs" | "log">,
  { id, templateFileId }: Pick<Document, "id" | "templateFileId">,
): Promise<Buffer | undefined | "unavailable"> {
  try {
    return await blobs.find(templateFileId === undefined ? blobKeyOf(id) : templateFileBlobKey(templateFileId));
  } catch (error) {
    log.error("files.unavailable", { documentId: id, ...errorFields(error) });
    return "unavailable";
  }
}

function openDetails(id: string, sealed: Buffer, key: Buffer): DocumentDetails | undefined {
  try {
    return JSON.parse(open({ key, belongsTo: sealedDocument.details(id) }, sealed).toString()) as DocumentDetails;
  } catch {
    return undefined;
  }
}
