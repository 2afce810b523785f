/**
 * Files for recipients, sealed and kept. Each has a key of its own, which goes into its link and is kept nowhere but with an email that
 * waits to be sent: whoever has the database, the files and the master key still opens none of them.
 */

import { randomBytes } from "node:crypto";
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { clocksAt } from "../../core/calendar/wall-clock.ts";
import { lastDayAvailable } from "../../core/files/shown-file.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import { errorFields } from "../../platform/log.ts";
import { seal } from "../../platform/sealing.ts";
import { blobKeyOf, type DocumentDetails, type NewDocument, sealedDocument } from "../../records/documents/document.ts";
import { deleteDocuments, insertDocuments } from "../../records/documents/document-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { TemplateFile } from "../../records/templates/template-file.ts";
import type { App } from "../app.ts";
import type { CheckedFile } from "./check-file.ts";
import { keyOf } from "./template-files.ts";

const KEY_BYTES = 32;
const WEEKS_AVAILABLE_DEFAULT = 26;
const ASK_AGAIN_AFTER_SECONDS = 5;

type Keeper = Pick<App, "db" | "blobs" | "log">;

export interface SealedFile {
  document: NewDocument;
  details: DocumentDetails;
  key: Buffer;
  /** Undefined for a file that all emails of a template have, which is kept already. */
  sealed: Buffer | undefined;
}

export interface Keeping {
  service: Pick<Service, "id" | "dataKey">;
  /** The email it goes with, and where in it. */
  goesWith: { notificationId: string; placeholder: string } | undefined;
  /** Of the address to be given before the file is. */
  recipientHash: string | undefined;
  weeks: number | undefined;
}

/** Nothing is kept yet. */
export function sealFile(app: Pick<App, "clock">, file: CheckedFile, keeping: Keeping): SealedFile {
  const { bytes, filename, extension, mimeType } = file;
  const link = makeLink(app, { filename, extension, mimeType, size: bytes.length }, keeping);
  const belongsTo = sealedDocument.file(link.document.id);
  return { ...link, sealed: seal({ key: link.key, belongsTo }, bytes) };
}

/** A link to a file that all emails of a template have: it opens the key that the file is sealed under. Nothing is kept yet. */
export function linkTemplateFile(app: Pick<App, "clock">, file: TemplateFile, keeping: Keeping): SealedFile {
  const { fileName: filename, extension, mimeType, size } = file;
  const fileKey = keyOf(keeping.service, file).toString("base64url");
  const { document, ...link } = makeLink(app, { filename, extension, mimeType, size, fileKey }, keeping);
  return { ...link, document: { ...document, templateFileId: file.id }, sealed: undefined };
}

function makeLink(
  { clock }: Pick<App, "clock">,
  details: DocumentDetails,
  keeping: Keeping,
): Omit<SealedFile, "sealed"> {
  const { service, goesWith, recipientHash, weeks = WEEKS_AVAILABLE_DEFAULT } = keeping;
  const id = newId();
  const key = randomBytes(KEY_BYTES);
  const sealedKey = goesWith && seal({ key: service.dataKey, belongsTo: sealedDocument.key(id) }, key);
  return {
    document: {
      ...{ id, serviceId: service.id, recipientHash, sealedKey },
      notificationId: goesWith?.notificationId,
      placeholder: goesWith?.placeholder,
      sealedDetails: seal({ key, belongsTo: sealedDocument.details(id) }, JSON.stringify(details)),
      availableUntil: lastDayAvailable(clocksAt(clock.now(), HOME_TIME_ZONE).date, weeks),
      templateFileId: undefined,
    },
    ...{ details, key },
  };
}

/** All or none. The rows come first, so that no file is ever kept of which nobody knows. */
export async function keepFiles(app: Keeper, files: readonly SealedFile[]): Promise<void> {
  await insertDocuments(
    app.db,
    files.map(({ document }) => document),
  );
  try {
    await Promise.all(files.map(({ document, sealed }) => sealed && app.blobs.put(blobKeyOf(document.id), sealed)));
  } catch (error) {
    app.log.error("files.not-kept", errorFields(error));
    await dropFiles(app, files);
    throw new Refusal("unavailable", "Files cannot be kept at the moment; try again", {
      retryAfterSeconds: ASK_AGAIN_AFTER_SECONDS,
    });
  }
}

/** For a message that was not accepted after all. What cannot be dropped now goes with its last day: nobody can open it meanwhile. */
export async function dropFiles(app: Keeper, files: readonly SealedFile[]): Promise<void> {
  const ids = files.map(({ document }) => document.id);
  try {
    await Promise.all(ids.map((id) => app.blobs.delete(blobKeyOf(id))));
    await deleteDocuments(app.db, ids);
  } catch (error) {
    app.log.warn("files.not-dropped", errorFields(error));
  }
}
