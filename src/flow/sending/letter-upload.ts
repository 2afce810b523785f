/**
 * Letters that people upload to look at before they are sent: scanned for viruses, and held against what printers take. One that can be
 * printed is kept, sealed, until it is sent, deleted or forgotten; of any other there is nothing to send, so nothing is kept.
 * Sending one a second time sends nothing more: it answers with what the first made.
 */
import { createHash } from "node:crypto";
import { type PostalAddress, parsePostalAddress } from "../../core/address/postal-address.ts";
import { checkSuppliedLetter, type Refused } from "../../core/letter/check-supplied-letter.ts";
import type { HomePostage } from "../../core/letter/postage.ts";
import { sheetsOf } from "../../core/letter/sheets.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import {
  deleteUnsentUpload,
  findLetterUpload,
  insertLetterUpload,
  type LetterUploadRow,
  listUnsentUploads,
  sealedUploadDetails,
  sealedUploadPdf,
} from "../../records/letters/letter-upload-store.ts";
import { mayUse, type Service } from "../../records/services/service.ts";
import { recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import type { Intake } from "../intake/accept.ts";
import { acceptCheckedLetter } from "../intake/accept-letter.ts";
import { answerOnce } from "../intake/idempotency.ts";
import { asSupplied, LETTER_RULES } from "../letters/inspection-rules.ts";
import type { LetterPreviews } from "../letters/preview-letter.ts";
import { refuseUnlessClean } from "../scan-file.ts";
import type { SendingPerson } from "./one-off.ts";

/** Readers look for it no further (ISO 32000-1, Annex H, 3.4.1). */
const HEADER_WITHIN_BYTES = 1_024;
const FILE_NAME_MAX_CHARACTERS = 255;
/** Of a service at once. */
const UNSENT_MAX = 50;
/** From its upload; upkeep looks once an hour. */
export const UPLOAD_KEPT_DAYS = 7;
const DAY_MS = 86_400_000;

type Keeper = Pick<App, "db" | "blobs" | "clock">;
type Checker = Keeper & Pick<App, "scanning" | "log"> & { letters: Pick<LetterPreviews, "inspect"> };

export interface LetterUpload {
  id: string;
  /** As its owner calls it. */
  fileName: string;
  uploadedByName: string;
  uploadedAt: Date;
  keptUntil: Date;
  pages: number;
  sheets: number;
  /** As it was read in the window. */
  addressLines: readonly string[];
  notificationId: string | undefined;
}

type Details = Pick<LetterUpload, "fileName" | "addressLines">;

export type Uploaded = { kind: "kept"; id: string } | Refused;

/** Refuses, under the field `pdf`, what is no clean PDF, and another one where very many wait to be sent. */
export async function uploadLetter(
  app: Checker,
  person: SendingPerson,
  { service, fileName, pdf }: { service: Service; fileName: string; pdf: Buffer },
): Promise<Uploaded> {
  if (!pdf.subarray(0, HEADER_WITHIN_BYTES).includes("%PDF-"))
    throw fieldRefusal("pdf", "not-a-pdf", "Choose a PDF file");
  await refuseUnlessClean(app, pdf);
  const letter = asSupplied(await app.letters.inspect(pdf, LETTER_RULES));
  const verdict = checkSuppliedLetter(letter, { international: mayUse(service, "international_letters") });
  if (verdict.kind === "refuse") return verdict;
  const pages = letter.kind === "read" ? letter.pages.length : 0;
  const details = { fileName: fileName.slice(0, FILE_NAME_MAX_CHARACTERS), addressLines: verdict.address.lines };
  return { kind: "kept", id: await keepUpload(app, person, { service, pdf, pages, details }) };
}

interface CheckedUpload {
  service: Pick<Service, "id" | "dataKey">;
  pdf: Buffer;
  pages: number;
  details: Details;
}

/** One that has passed. Answers its id; durable when it resolves. */
export async function keepUpload(
  { db, blobs, clock }: Keeper,
  person: SendingPerson,
  { service, pdf, pages, details }: CheckedUpload,
): Promise<string> {
  const id = newId();
  const storedAs = `letter-uploads/${id.slice(-2)}/${id}.pdf`;
  const sealedDetails = seal({ key: service.dataKey, belongsTo: sealedUploadDetails(id) }, JSON.stringify(details));
  const row = { id, serviceId: service.id, uploadedByName: person.name, sealedDetails, pages, storedAs };
  await db.transaction(async (tx) => {
    if (!(await insertLetterUpload(tx, { ...row, uploadedAt: clock.now() }, UNSENT_MAX))) throw tooManyUnsent();
    await recordDeed(tx, person, { serviceId: service.id, action: "letter.uploaded", subject: id, after: { pages } });
  });
  try {
    await blobs.put(storedAs, seal({ key: service.dataKey, belongsTo: sealedUploadPdf(id) }, pdf));
  } catch (error) {
    await db.transaction((tx) => deleteUnsentUpload(tx, id));
    throw error;
  }
  return id;
}

function tooManyUnsent(): Refusal {
  const message = `${UNSENT_MAX} uploaded letters of this service are not sent yet. Send or delete some of them first`;
  return fieldRefusal("pdf", "too-many-unsent", message);
}

/** Refuses one that is another service's, or forgotten. */
export async function readUpload(
  { db }: Pick<App, "db">,
  service: Pick<Service, "id" | "dataKey">,
  id: string,
): Promise<LetterUpload> {
  return opened(service, await getRow(db, service, id));
}

/** Those that are not sent, the newest first. */
export async function listUploads(
  { db }: Pick<App, "db">,
  service: Pick<Service, "id" | "dataKey">,
): Promise<LetterUpload[]> {
  return (await listUnsentUploads(db, service.id, UNSENT_MAX)).map((row) => opened(service, row));
}

async function getRow(db: App["db"], { id: serviceId }: Pick<Service, "id">, id: string): Promise<LetterUploadRow> {
  const row = await findLetterUpload(db, { serviceId, id });
  if (!row) throw new Refusal("not-found", "There is no such letter; upload it again");
  return row;
}

function opened({ dataKey: key }: Pick<Service, "dataKey">, row: LetterUploadRow): LetterUpload {
  const { id, uploadedByName, uploadedAt, pages, notificationId } = row;
  const details = JSON.parse(
    open({ key, belongsTo: sealedUploadDetails(id) }, row.sealedDetails).toString(),
  ) as Details;
  const keptUntil = new Date(uploadedAt.getTime() + UPLOAD_KEPT_DAYS * DAY_MS);
  return { id, ...details, uploadedByName, uploadedAt, keptUntil, pages, sheets: sheetsOf(pages), notificationId };
}

/** Of a letter that is not sent. */
export async function readUploadedPdf(
  { db, blobs }: Pick<App, "db" | "blobs">,
  service: Pick<Service, "id" | "dataKey">,
  id: string,
): Promise<Buffer> {
  const { storedAs } = await getRow(db, service, id);
  const sealed = await blobs.find(storedAs);
  if (!sealed) throw new Refusal("not-found", "There is no such letter; upload it again");
  return open({ key: service.dataKey, belongsTo: sealedUploadPdf(id) }, sealed);
}

/** Refuses where the address may not be written to any more: whether letters go abroad can have changed since. */
export function addressOf(service: Service, { addressLines }: Pick<LetterUpload, "addressLines">): PostalAddress {
  const international = mayUse(service, "international_letters");
  const address = parsePostalAddress(addressLines.join("\n"), { international });
  if (typeof address === "string")
    throw new Refusal("bad-request", "This service does not send letters abroad any more");
  return address;
}

export interface UploadSending {
  service: Service;
  uploadId: string;
  /** Abroad, the address decides. */
  postage: HomePostage;
}

/** Answers the notification's id. Throws the same refusals as the API. */
export async function sendUpload(intake: Intake, person: SendingPerson, sending: UploadSending): Promise<string> {
  const { service, uploadId, postage } = sending;
  const upload = await readUpload(intake, service, uploadId);
  if (upload.notificationId !== undefined) return upload.notificationId;
  const hash = createHash("sha256").update(`letter upload ${uploadId}`).digest();
  const once = { keyHash: hash, bodyHash: hash };
  const { id } = await answerOnce(intake, { service, keyKind: "live", ...once }, async () => {
    const accepted = await acceptCheckedLetter(intake, {
      ...{ service, key: undefined, idempotency: once, createdByName: person.name, uploadId },
      ...{ reference: upload.fileName, postage, address: addressOf(service, upload), pages: upload.pages },
      pdf: await readUploadedPdf(intake, service, uploadId),
    });
    const deed = { serviceId: service.id, action: "message.sent", subject: accepted.id, after: { postage } } as const;
    await intake.db.transaction((tx) => recordDeed(tx, person, deed));
    return accepted;
  });
  await forgetPdf(intake, service, uploadId);
  return id;
}

/** It is a letter's now. What cannot be deleted at the moment, upkeep deletes. */
async function forgetPdf({ db, blobs }: Pick<App, "db" | "blobs">, service: Service, id: string): Promise<void> {
  const row = await findLetterUpload(db, { serviceId: service.id, id });
  if (row) await blobs.delete(row.storedAs).catch(() => undefined);
}

/** A second time changes nothing. */
export async function deleteUpload(
  { db, blobs }: Pick<App, "db" | "blobs">,
  person: SendingPerson,
  { service, uploadId }: { service: Service; uploadId: string },
): Promise<void> {
  const row = await findLetterUpload(db, { serviceId: service.id, id: uploadId });
  if (!row) return;
  const isDeleted = await db.transaction(async (tx) => {
    if (!(await deleteUnsentUpload(tx, uploadId))) return false;
    await recordDeed(tx, person, { serviceId: service.id, action: "letter.upload-deleted", subject: uploadId });
    return true;
  });
  if (!isDeleted) throw new Refusal("bad-request", "This letter has been sent");
  await blobs.delete(row.storedAs);
}
