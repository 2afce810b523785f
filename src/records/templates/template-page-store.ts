/** Templates as people work on them: in folders, version by version, with drafts that are not in use yet. */

import type { ApprovedTemplate } from "../../core/chat/approved-template.ts";
import type { Keeping } from "../../core/content/keeping.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { Channel } from "../services/service.ts";
import type { LetterParts } from "./template.ts";

export interface ListedTemplate {
  id: string;
  channel: Channel;
  name: string;
  version: number;
  folderId: string | undefined;
  updatedAt: Date | undefined;
}

export interface TemplatePage extends ListedTemplate, LetterParts {
  serviceId: string;
  subject: string | undefined;
  body: string;
  hasUnsubscribeLink: boolean;
  createdAt: Date;
  createdBy: string;
  archivedAt: Date | undefined;
  isHidden: boolean;
  /** Set once personalisation is hidden after sending; there is no way back. */
  hidesPersonalisationSince: Date | undefined;
  keeps: Keeping;
}

export interface ListedVersion extends LetterParts {
  version: number;
  name: string;
  subject: string | undefined;
  body: string;
  hasUnsubscribeLink: boolean;
  createdBy: string;
  createdAt: Date;
}

/** The pages that go with a letter are no part of what is typed. */
export interface TemplateDraft extends Omit<LetterParts, "attachmentId"> {
  userId: string;
  templateId: string;
  /** The version that was in use when the draft was begun. */
  baseVersion: number;
  name: string;
  subject: string | undefined;
  body: string;
  hasUnsubscribeLink: boolean;
  savedAt: Date;
}

const TEMPLATES_MAX = 5_000;
const VERSIONS_PER_PAGE = 25;

const PAGE_COLUMNS = sqlConstant(`
  t.id, t.service_id, t.channel, t.version, t.folder_id, t.created_at, t.updated_at, t.archived_at, t.is_hidden,
  t.hides_personalisation_since, t.keeps, v.name, v.subject, v.body, v.has_unsubscribe_link, v.created_by, v.postage, v.contact_block,
  v.welsh_subject, v.welsh_body, v.attachment_id`);

const VERSION_COLUMNS = sqlConstant(`
  v.version, v.name, v.subject, v.body, v.has_unsubscribe_link, v.created_by, v.created_at, v.postage, v.contact_block,
  v.welsh_subject, v.welsh_body, v.attachment_id`);

/** The templates of a service that can be sent with, in every folder, by name. */
export function listTemplatesInFolders(db: Db, serviceId: string): Promise<ListedTemplate[]> {
  return db.query<ListedTemplate>`
    select t.id, t.channel, v.name, t.version, t.folder_id, t.updated_at
    from templates t join template_versions v on v.template_id = t.id and v.version = t.version
    where t.service_id = ${serviceId} and t.archived_at is null and not t.is_hidden
    order by lower(v.name), t.channel, t.id limit ${TEMPLATES_MAX}`;
}

/** Letter templates of a service that print a sender's address, whoever may see them. */
export function listTemplatesPrinting(db: Db, serviceId: string, contactBlock: string): Promise<ListedTemplate[]> {
  return db.query<ListedTemplate>`
    select t.id, t.channel, v.name, t.version, t.folder_id, t.updated_at
    from templates t join template_versions v on v.template_id = t.id and v.version = t.version
    where t.service_id = ${serviceId} and t.archived_at is null and not t.is_hidden and v.contact_block = ${contactBlock}
    order by lower(v.name), t.id limit ${TEMPLATES_MAX}`;
}

/** The version in use, archived templates too. */
export async function findTemplatePage(db: Db, serviceId: string, id: string): Promise<TemplatePage | undefined> {
  const [template] = await db.query<TemplatePage>`
    select ${PAGE_COLUMNS}
    from templates t join template_versions v on v.template_id = t.id and v.version = t.version
    where t.id = ${id} and t.service_id = ${serviceId} and not t.is_hidden`;
  return template;
}

/**
 * Keeps others from changing the template until the transaction ends. Read after it is locked: joined to its version while it waits for
 * another's change, it would no longer be found.
 */
export async function lockTemplate(tx: Tx, serviceId: string, id: string): Promise<TemplatePage | undefined> {
  await tx.query`select t.id from templates t where t.id = ${id} and t.service_id = ${serviceId} for update`;
  return findTemplatePage(tx, serviceId, id);
}

/** The template that WhatsApp has approved for it. */
export async function findApproved(db: Db, serviceId: string, id: string): Promise<ApprovedTemplate | undefined> {
  const [row] = await db.query<{ whatsapp: ApprovedTemplate | undefined }>`
    select t.whatsapp from templates t where t.id = ${id} and t.service_id = ${serviceId}`;
  return row?.whatsapp;
}

/** A page of versions, newest first; `olderThan` is the last version of the page before. */
export function listVersions(
  db: Db,
  { serviceId, templateId, olderThan }: { serviceId: string; templateId: string; olderThan?: number | undefined },
): Promise<ListedVersion[]> {
  return db.query<ListedVersion>`
    select ${VERSION_COLUMNS}
    from template_versions v join templates t on t.id = v.template_id
    where v.template_id = ${templateId} and t.service_id = ${serviceId}
      and (${olderThan ?? null}::integer is null or v.version < ${olderThan ?? null})
    order by v.version desc limit ${VERSIONS_PER_PAGE}`;
}

export async function findVersion(
  db: Db,
  { serviceId, templateId, version }: { serviceId: string; templateId: string; version: number },
): Promise<ListedVersion | undefined> {
  const [found] = await db.query<ListedVersion>`
    select ${VERSION_COLUMNS}
    from template_versions v join templates t on t.id = v.template_id
    where v.template_id = ${templateId} and t.service_id = ${serviceId} and v.version = ${version}`;
  return found;
}

export async function putInFolder(tx: Tx, templateId: string, folderId: string | undefined): Promise<void> {
  await tx.query`update templates set folder_id = ${folderId ?? null} where id = ${templateId}`;
}

export async function hidePersonalisation(tx: Tx, templateId: string, at: Date): Promise<void> {
  await tx.query`
    update templates set hides_personalisation_since = ${at}
    where id = ${templateId} and hides_personalisation_since is null`;
}

export async function updateKeeping(tx: Tx, templateId: string, keeps: Keeping): Promise<void> {
  await tx.query`update templates set keeps = ${keeps} where id = ${templateId}`;
}

export async function unarchiveTemplate(tx: Tx, templateId: string): Promise<void> {
  await tx.query`update templates set archived_at = null where id = ${templateId}`;
}

export async function findDraft(db: Db, userId: string, templateId: string): Promise<TemplateDraft | undefined> {
  const [draft] = await db.query<TemplateDraft>`
    select d.user_id, d.template_id, d.base_version, d.name, d.subject, d.body, d.has_unsubscribe_link, d.saved_at, d.postage,
      d.contact_block, d.welsh_subject, d.welsh_body
    from template_drafts d where d.user_id = ${userId} and d.template_id = ${templateId}`;
  return draft;
}

export async function saveDraft(db: Db, draft: TemplateDraft): Promise<void> {
  await db.query`
    insert into template_drafts (user_id, template_id, base_version, name, subject, body, has_unsubscribe_link, saved_at, postage,
      contact_block, welsh_subject, welsh_body)
    values (${draft.userId}, ${draft.templateId}, ${draft.baseVersion}, ${draft.name}, ${draft.subject ?? null}, ${draft.body},
      ${draft.hasUnsubscribeLink}, ${draft.savedAt}, ${draft.postage ?? null}, ${draft.contactBlock ?? null},
      ${draft.welshSubject ?? null}, ${draft.welshBody ?? null})
    on conflict (user_id, template_id) do update
      set base_version = excluded.base_version, name = excluded.name, subject = excluded.subject, body = excluded.body,
        has_unsubscribe_link = excluded.has_unsubscribe_link, saved_at = excluded.saved_at, postage = excluded.postage,
        contact_block = excluded.contact_block, welsh_subject = excluded.welsh_subject, welsh_body = excluded.welsh_body`;
}

export async function deleteDraft(db: Db, userId: string, templateId: string): Promise<void> {
  await db.query`delete from template_drafts where user_id = ${userId} and template_id = ${templateId}`;
}

/** Drafts nobody has touched since a moment. */
export async function deleteDraftsBefore(db: Db, before: Date): Promise<void> {
  await db.query`delete from template_drafts where saved_at < ${before}`;
}
