/** The PDFs whose pages go with every letter of a template version, kept sealed under their service's key. */
import type { Db } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { LetterLogo } from "../../platform/pdf/letter.ts";
import { open, seal } from "../../platform/sealing.ts";
import {
  findLetterAttachment,
  insertLetterAttachment,
  type LetterAttachment,
  sealedAttachment,
} from "../../records/letters/letter-attachment-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { letterLogoOf } from "../brands/choose-brand.ts";

const FILE_NAME_MAX_CHARACTERS = 255;

type Owner = Pick<Service, "id" | "dataKey">;
type Keeper = Pick<App, "db" | "blobs">;

/** What stands on a letter, or behind it, beside its words. */
export interface Enclosures {
  logo: LetterLogo | undefined;
  attachment: Buffer | undefined;
}

/** Throws where the pages that belong to a letter are not to be had: it is never sent without them. */
export async function enclosuresOf(
  app: Keeper,
  service: Owner,
  { attachmentId }: { attachmentId?: string | undefined },
): Promise<Enclosures> {
  const [logo, attachment] = await Promise.all([
    letterLogoOf(app, service.id),
    attachmentId === undefined ? undefined : readAttachment(app, service, attachmentId),
  ]);
  return { logo, attachment };
}

async function readAttachment(app: Keeper, service: Owner, id: string): Promise<Buffer> {
  const found = await findAttachment(app, service, id);
  if (!found) throw new Error("the pages that go with a letter are missing");
  return found.pdf;
}

/** Undefined where they are missing from the store. */
export async function findAttachment(
  { db, blobs }: { db: Db } & Pick<App, "blobs">,
  service: Owner,
  id: string,
): Promise<{ fileName: string; pdf: Buffer } | undefined> {
  const attachment = await findLetterAttachment(db, { serviceId: service.id, id });
  const sealed = attachment && (await blobs.find(attachment.storedAs));
  const belongsTo = sealedAttachment(id);
  return sealed && { fileName: attachment.fileName, pdf: open({ key: service.dataKey, belongsTo }, sealed) };
}

/** Durable when it resolves. The row comes first, so that upkeep finds what no template came to have. */
export async function keepAttachment(
  { db, blobs }: Keeper,
  service: Owner,
  pages: NewAttachment,
): Promise<LetterAttachment> {
  const { attachment, sealed } = sealAttachment(service, pages);
  await insertLetterAttachment(db, attachment);
  await blobs.put(attachment.storedAs, sealed);
  return attachment;
}

export interface NewAttachment {
  fileName: string;
  pages: number;
  pdf: Buffer;
}

/** Nothing is kept yet. */
export function sealAttachment(
  service: Owner,
  { fileName, pages, pdf }: NewAttachment,
): { attachment: LetterAttachment; sealed: Buffer } {
  const id = newId();
  const storedAs = `attachments/${id.slice(-2)}/${id}.pdf`;
  const name = fileName.slice(0, FILE_NAME_MAX_CHARACTERS);
  const attachment = { id, serviceId: service.id, fileName: name, pages, storedAs };
  return { attachment, sealed: seal({ key: service.dataKey, belongsTo: sealedAttachment(id) }, pdf) };
}

/** The same pages for a template of another service, sealed under that one's key. */
export async function copyAttachment(
  app: Keeper,
  id: string,
  { from, to }: { from: Owner; to: Owner },
): Promise<LetterAttachment> {
  const original = await findLetterAttachment(app.db, { serviceId: from.id, id });
  if (!original) throw new Error("the pages that go with a letter are missing");
  return keepAttachment(app, to, { ...original, pdf: await readAttachment(app, from, id) });
}
