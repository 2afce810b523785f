/** What goes with a service's messages beside their words, for an export: logos, pages behind letters, files of emails. */

import { Refusal } from "../core/refusal.ts";
import { findTemplateFileBytes } from "../flow/files/template-files.ts";
import { findAttachment } from "../flow/letters/letter-attachments.ts";
import type { Blobs } from "../platform/blobs.ts";
import type { Db } from "../platform/db.ts";
import { type Branded, findBrandInUse, findOwnBrandInUse } from "../records/brands/service-brand-store.ts";
import { findLetterAttachment } from "../records/letters/letter-attachment-store.ts";
import type { TemplateFile } from "../records/templates/template-file.ts";
import { listTemplateFiles } from "../records/templates/template-file-store.ts";
import type { StoredTemplate } from "../records/templates/template-write-store.ts";
import { NONE } from "./apply/read.ts";
import type { ExportedFiles } from "./export-files.ts";

interface Owner {
  serviceId: string;
  name: string;
  dataKey: Buffer;
}

interface Holder {
  owner: Owner;
  template: StoredTemplate;
  files: ExportedFiles;
}

/** Of one that is there while files are left out nothing is said, so that applying it changes nothing. */
export async function logosOf(db: Db, owner: Owner, files: ExportedFiles) {
  return { email_brand: await brandOf(db, owner, files), letter_logo: await letterLogoOf(db, owner, files) };
}

async function brandOf(db: Db, { serviceId, name }: Owner, files: ExportedFiles) {
  const branded = { serviceId, channel: "email" } as const;
  const brand = await findOwnBrandInUse(db, branded);
  if (!brand) return noneUnlessShared(db, branded);
  const { picture, alternativeText, colour = NONE, style } = brand;
  const logo = await files.keep({ words: [name, "email logo"], extension: "png", read: async () => picture });
  return logo && { logo, alternative_text: alternativeText, banner_colour: colour, style };
}

async function letterLogoOf(db: Db, { serviceId, name }: Owner, files: ExportedFiles) {
  const branded = { serviceId, channel: "letter" } as const;
  const brand = await findOwnBrandInUse(db, branded);
  if (!brand) return noneUnlessShared(db, branded);
  const { picture, format, alternativeText: description } = brand;
  const logo = await files.keep({ words: [name, "letter logo"], extension: format, read: async () => picture });
  return logo && { logo, description };
}

/** Files do not say which shared one a service shows. */
async function noneUnlessShared(db: Db, branded: Branded): Promise<typeof NONE | undefined> {
  return (await findBrandInUse(db, branded)) ? undefined : NONE;
}

export async function attachedPagesOf(db: Db, { owner, template, files }: Holder) {
  const { attachmentId, channel } = template;
  if (channel !== "letter") return undefined;
  if (attachmentId === undefined) return NONE;
  const { serviceId, name: service, dataKey } = owner;
  const attachment = await findLetterAttachment(db, { serviceId, id: attachmentId });
  const words = [service, template.name, "attached pages"];
  const read = async (blobs: Blobs) => {
    const found = await findAttachment({ db, blobs }, { id: serviceId, dataKey }, attachmentId);
    return found?.pdf ?? refuseMissing(`The pages behind the letters of ${template.name}`);
  };
  const file = await files.keep({ words, extension: "pdf", read });
  return file && { file, name: attachment?.fileName };
}

/** All of them, or nothing is said: from a list with gaps, files would be removed. */
export async function filesOf(db: Db, { owner, template, files }: Holder) {
  if (template.channel !== "email") return undefined;
  const listed = [];
  for (const kept of await listTemplateFiles(db, template.id)) {
    const file = await keepTemplateFile(owner, template, { kept, files });
    const { fileName: name, linkText = "", retentionWeeks, asksForAddress } = kept;
    const settings = { link_text: linkText, retention_weeks: retentionWeeks, asks_for_address: asksForAddress };
    listed.push({ file, name, ...settings });
  }
  return listed.every(({ file }) => file !== undefined) ? listed : undefined;
}

function keepTemplateFile(
  { serviceId: id, name: service, dataKey }: Owner,
  template: StoredTemplate,
  { kept, files }: { kept: TemplateFile; files: ExportedFiles },
): Promise<string | undefined> {
  const { fileName, extension } = kept;
  const words = [service, template.name, fileName.replace(/\.[^.]*$/, "")];
  const read = async (blobs: Blobs) =>
    (await findTemplateFileBytes({ blobs }, { id, dataKey }, kept)) ??
    refuseMissing(`The file ${fileName} of ${template.name}`);
  return files.keep({ words, extension, read });
}

function refuseMissing(what: string): never {
  throw new Refusal("not-found", `${what} is missing from the file store (PENNYPOST_FILE_STORE)`);
}
