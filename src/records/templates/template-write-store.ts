/** Making and changing templates. A change makes a new version; versions that were sent with stay as they were. */

import type { ApprovedTemplate } from "../../core/chat/approved-template.ts";
import type { Keeping } from "../../core/content/keeping.ts";
import type { Db, Tx } from "../../platform/db.ts";
import type { Channel } from "../services/service.ts";
import type { LetterParts } from "./template.ts";

/** Who makes the hidden templates that stand for messages without one: no person, and no file. */
export const MADE_BY_PENNYPOST = "Pennypost";

export interface TemplateText extends LetterParts {
  name: string;
  subject: string | undefined;
  body: string;
  hasUnsubscribeLink: boolean;
}

export interface StoredTemplate extends TemplateText {
  id: string;
  channel: Channel;
  version: number;
  isHidden: boolean;
  keeps: Keeping;
  /** Of a chat message, where WhatsApp has approved one. */
  whatsapp: ApprovedTemplate | undefined;
}

/** Every template of a service in use, hidden ones as well; not those that stand for messages without one. */
export function listAllTemplates(db: Db, serviceId: string): Promise<StoredTemplate[]> {
  return db.query<StoredTemplate>`
    select t.id, t.channel, t.version, t.is_hidden, t.keeps, t.whatsapp, v.name, v.subject, v.body, v.postage, v.contact_block,
      v.welsh_subject, v.welsh_body, v.attachment_id, v.has_unsubscribe_link
    from templates t join template_versions v on v.template_id = t.id and v.version = t.version
    where t.service_id = ${serviceId} and t.archived_at is null and not (t.is_hidden and v.created_by = ${MADE_BY_PENNYPOST})
    order by v.name, t.channel, t.id`;
}

export async function insertTemplate(
  tx: Tx,
  template: Omit<StoredTemplate, "version" | "keeps" | "whatsapp"> & { serviceId: string; createdBy: string },
): Promise<void> {
  await tx.query`
    insert into templates (id, service_id, channel, is_hidden)
    values (${template.id}, ${template.serviceId}, ${template.channel}, ${template.isHidden})`;
  await insertVersion(tx, { ...template, version: 1 });
}

/** Nothing happens where there is a template of this id. */
export async function insertTemplateOnce(
  tx: Tx,
  template: Omit<StoredTemplate, "version" | "keeps" | "whatsapp"> & { serviceId: string; createdBy: string },
): Promise<void> {
  const [made] = await tx.query<{ id: string }>`
    insert into templates (id, service_id, channel, is_hidden)
    values (${template.id}, ${template.serviceId}, ${template.channel}, ${template.isHidden})
    on conflict (id) do nothing returning id`;
  if (made) await insertVersion(tx, { ...template, version: 1 });
}

/** A new version with this text, in use from now on. */
export async function insertTemplateVersion(
  tx: Tx,
  template: TemplateText & { id: string; createdBy: string },
): Promise<void> {
  const [row] = await tx.query<{ version: number }>`
    update templates set version = version + 1, updated_at = now() where id = ${template.id} returning version`;
  if (!row) throw new Error(`the template ${template.id} is missing`);
  await insertVersion(tx, { ...template, version: row.version });
}

async function insertVersion(
  tx: Tx,
  version: TemplateText & { id: string; version: number; createdBy: string },
): Promise<void> {
  await tx.query`
    insert into template_versions (template_id, version, name, subject, body, postage, contact_block, welsh_subject, welsh_body,
      attachment_id, has_unsubscribe_link, created_by)
    values (${version.id}, ${version.version}, ${version.name}, ${version.subject ?? null}, ${version.body},
      ${version.postage ?? null}, ${version.contactBlock ?? null}, ${version.welshSubject ?? null}, ${version.welshBody ?? null},
      ${version.attachmentId ?? null}, ${version.hasUnsubscribeLink}, ${version.createdBy})`;
}

export async function hideTemplate(tx: Tx, id: string, isHidden: boolean): Promise<void> {
  await tx.query`update templates set is_hidden = ${isHidden} where id = ${id}`;
}

export async function archiveTemplate(tx: Tx, id: string): Promise<void> {
  await tx.query`update templates set archived_at = now() where id = ${id} and archived_at is null`;
}

export async function updateApproved(tx: Tx, id: string, approved: ApprovedTemplate | undefined): Promise<void> {
  await tx.query`update templates set whatsapp = ${approved ? JSON.stringify(approved) : null}::jsonb where id = ${id}`;
}
