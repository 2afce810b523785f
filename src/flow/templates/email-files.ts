/** Files that go with every email of a template, as people add, change and remove them. */
import { parseLinkText, parseWeeks, withoutPlaceholder, withPlaceholder } from "../../core/files/template-file.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import type { Service } from "../../records/services/service.ts";
import type { TemplateFile } from "../../records/templates/template-file.ts";
import {
  listTemplateFiles,
  removeTemplateFile,
  updateTemplateFile,
} from "../../records/templates/template-file-store.ts";
import { lockTemplate, type TemplatePage } from "../../records/templates/template-page-store.ts";
import { recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { checkBytes } from "../files/check-file.ts";
import { recordKept, refuseTemplateFile, storeTemplateFile } from "../files/template-files.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { type Author, amendTemplate } from "./edit-template.ts";

type Adder = Pick<App, "db" | "blobs" | "clock" | "scanning" | "log">;

export interface AddedFile {
  service: Service;
  template: TemplatePage;
  fileName: string;
  bytes: Buffer;
}

/** Its link stands at the end of the message until somebody puts it elsewhere. Refuses, in the words of the API, what may not be sent. */
export async function addTemplateFile(app: Adder, author: Author, wish: AddedFile): Promise<TemplateFile> {
  const { service, template, fileName, bytes } = wish;
  refuseIfNoEmail(template);
  if (!service.filesContact)
    throw new Refusal("bad-request", "Add contact details for people who get your files first");
  await refuseTemplateFile(app, template, fileName);
  const file = await checkBytes(app, { bytes, filename: fileName, isCsv: false });
  const stored = await storeTemplateFile(app, service, { templateId: template.id, fileName, file });
  await app.db.transaction(async (tx) => {
    // Under the lock: two people may have added a file of this name.
    const current = await lockTemplate(tx, service.id, template.id);
    await refuseTemplateFile({ db: tx }, current ?? template, fileName);
    await recordKept(tx, [stored], app.clock.now());
    const change = { action: "template.file-added", after: { fileName } };
    const amend = ({ body }: { body: string }) => ({ body: withPlaceholder(body, fileName) });
    await amendTemplate(tx, author, { serviceId: service.id, templateId: template.id, amend, change });
  });
  return stored;
}

function refuseIfNoEmail({ channel, archivedAt }: TemplatePage): void {
  if (channel !== "email" || archivedAt) throw new Refusal("not-found", "There is no such email template");
}

interface NamedFile {
  serviceId: string;
  templateId: string;
  fileId: string;
}

/** As typed. */
export interface FileSettingsForm {
  linkText: string;
  retentionWeeks: string;
  asksForAddress: boolean;
}

/** Emails from now on; links that were sent stay as they are. */
export async function changeTemplateFile(
  { db }: Pick<App, "db">,
  author: Author,
  { form, ...named }: NamedFile & { form: FileSettingsForm },
): Promise<void> {
  const settings = readSettings(form);
  await db.transaction(async (tx) => {
    const { file, template } = await lockFile(tx, named);
    const { linkText, retentionWeeks, asksForAddress } = file;
    const before = { linkText, retentionWeeks, asksForAddress };
    await updateTemplateFile(tx, file.id, settings);
    const deed = { serviceId: named.serviceId, action: "template.file-changed", subject: template.name };
    await recordDeed(tx, author, { ...deed, before, after: settings });
  });
}

function readSettings({ linkText: typed, retentionWeeks: weeks, asksForAddress }: FileSettingsForm) {
  const linkText = parseLinkText(typed);
  if (linkText === undefined)
    throw fieldRefusal("linkText", "link-text-wrong", "Enter up to 255 characters, without brackets");
  const retentionWeeks = parseWeeks(weeks);
  if (retentionWeeks === undefined)
    throw fieldRefusal("retentionWeeks", "weeks-wrong", "Enter a number of weeks from 1 to 78");
  return { linkText: linkText || undefined, retentionWeeks, asksForAddress };
}

/** Its place in the message goes with it. Links that were sent open it until their last day. */
export async function removeFileOfTemplate(
  { db, clock }: Pick<App, "db" | "clock">,
  author: Author,
  named: NamedFile,
): Promise<TemplateFile> {
  return db.transaction(async (tx) => {
    const { file, template } = await lockFile(tx, named);
    await removeTemplateFile(tx, file.id, clock.now());
    const change = { action: "template.file-removed", before: { fileName: file.fileName } };
    const amend = ({ body }: { body: string }) => ({ body: withoutPlaceholder(body, file.fileName) || body });
    await amendTemplate(tx, author, { serviceId: named.serviceId, templateId: template.id, amend, change });
    return file;
  });
}

async function lockFile(tx: Tx, { serviceId, templateId, fileId }: NamedFile) {
  const template = await lockTemplate(tx, serviceId, templateId);
  const file = template && (await listTemplateFiles(tx, template.id)).find(({ id }) => id === fileId);
  if (!template || !file) throw new Refusal("not-found", "There is no such file");
  refuseIfNoEmail(template);
  return { file, template };
}
