/**
 * Files that go with every email of a template. The file is kept once, under a key of its own; each recipient's link opens a copy of that
 * key (docs/decisions/0033-one-file-for-many-links.md).
 */
import { randomBytes } from "node:crypto";
import { findTemplateFileNameProblem, type TemplateFileProblem } from "../../core/files/template-file.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { Service } from "../../records/services/service.ts";
import { sealedTemplateFile, type TemplateFile, templateFileBlobKey } from "../../records/templates/template-file.ts";
import {
  insertTemplateFile,
  listTemplateFiles,
  recordTemplateFileKept,
} from "../../records/templates/template-file-store.ts";
import type { TemplatePage } from "../../records/templates/template-page-store.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import type { CheckedFile } from "./check-file.ts";

const KEY_BYTES = 32;
/** As many as an email may have by the API. */
const TEMPLATE_FILES_MAX = 10;

const NAME_MESSAGES: Record<TemplateFileProblem, string> = {
  "brackets-in-name": "The file’s name cannot have brackets in it",
  "comma-in-name": "The file’s name cannot have commas or “??” in it",
  "name-in-subject": "The subject has a placeholder of this name. Give the file another name",
  "name-taken": "The template has a file of this name. Remove that one first, or give this one another name",
};

type Owner = Pick<Service, "id" | "dataKey">;
type Keeper = Pick<App, "db" | "blobs" | "clock">;

/** Refuses, under the field `file`, a file that the template cannot have. */
export async function refuseTemplateFile(
  { db }: { db: Db },
  { id, subject = "" }: Pick<TemplatePage, "id" | "subject">,
  fileName: string,
): Promise<void> {
  const taken = (await listTemplateFiles(db, id)).map((file) => file.fileName);
  const problem = findTemplateFileNameProblem(fileName, { subject, taken });
  if (problem) throw fieldRefusal("file", problem, NAME_MESSAGES[problem]);
  if (taken.length >= TEMPLATE_FILES_MAX)
    throw fieldRefusal("file", "too-many-files", `A template can have up to ${TEMPLATE_FILES_MAX} files`);
}

export const NEW_FILE_SETTINGS = { linkText: undefined, retentionWeeks: 26, asksForAddress: true } as const;

export interface NewTemplateFile {
  templateId: string;
  fileName: string;
  file: Pick<CheckedFile, "bytes" | "extension" | "mimeType">;
  settings?: Pick<TemplateFile, "linkText" | "retentionWeeks" | "asksForAddress">;
}

/** In the store when it resolves; it goes with emails once it is recorded as kept. */
export async function storeTemplateFile(app: Keeper, service: Owner, wish: NewTemplateFile): Promise<TemplateFile> {
  const { file, sealed } = sealTemplateFile(service, wish);
  await insertTemplateFile(app.db, file);
  await app.blobs.put(templateFileBlobKey(file.id), sealed);
  return file;
}

/** Nothing is kept yet. */
export function sealTemplateFile(service: Owner, wish: NewTemplateFile): { file: TemplateFile; sealed: Buffer } {
  const id = newId();
  const key = randomBytes(KEY_BYTES);
  const { bytes, extension, mimeType } = wish.file;
  const { templateId, fileName, settings = NEW_FILE_SETTINGS } = wish;
  const file = {
    ...{ id, serviceId: service.id, templateId, fileName, extension, mimeType, size: bytes.length, ...settings },
    sealedKey: seal({ key: service.dataKey, belongsTo: sealedTemplateFile.key(id) }, key),
  };
  return { file, sealed: seal({ key, belongsTo: sealedTemplateFile.file(id) }, bytes) };
}

/** The file itself, for its service. */
export async function readTemplateFile(
  app: Pick<App, "blobs">,
  service: Owner,
  file: Pick<TemplateFile, "id" | "sealedKey">,
): Promise<Buffer> {
  const bytes = await findTemplateFileBytes(app, service, file);
  if (!bytes) throw new Refusal("unavailable", "The file cannot be read at the moment; try again");
  return bytes;
}

/** Undefined where it is missing from the store. */
export async function findTemplateFileBytes(
  { blobs }: Pick<App, "blobs">,
  service: Owner,
  file: Pick<TemplateFile, "id" | "sealedKey">,
): Promise<Buffer | undefined> {
  const sealed = await blobs.find(templateFileBlobKey(file.id));
  return sealed && open({ key: keyOf(service, file), belongsTo: sealedTemplateFile.file(file.id) }, sealed);
}

export function keyOf(service: Owner, { id, sealedKey }: Pick<TemplateFile, "id" | "sealedKey">): Buffer {
  return open({ key: service.dataKey, belongsTo: sealedTemplateFile.key(id) }, sealedKey);
}

/** The same files for another template, each sealed anew; they go with its emails once they are recorded as kept. */
export async function copyTemplateFiles(
  app: Keeper,
  { from, to }: { from: Owner; to: Owner },
  templates: { from: string; to: string },
): Promise<TemplateFile[]> {
  const copies: TemplateFile[] = [];
  for (const original of await listTemplateFiles(app.db, templates.from)) {
    const bytes = await readTemplateFile(app, from, original);
    const { fileName, extension, mimeType, linkText, retentionWeeks, asksForAddress } = original;
    const file = { bytes, extension, mimeType };
    const settings = { linkText, retentionWeeks, asksForAddress };
    const wish = { templateId: templates.to, fileName, file, settings };
    copies.push(await storeTemplateFile(app, to, wish));
  }
  return copies;
}

export async function recordKept(tx: Tx, files: readonly TemplateFile[], at: Date): Promise<void> {
  for (const { id } of files) await recordTemplateFileKept(tx, id, at);
}
