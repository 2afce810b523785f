/** Templates and their versions, as the database keeps them. */
import type { Db } from "../../platform/db.ts";
import type { Channel } from "../services/service.ts";
import type { TemplateVersion } from "./template.ts";

const TEMPLATES_MAX = 5_000;

/** The version in use. */
export async function findCurrentTemplate(db: Db, id: string): Promise<TemplateVersion | undefined> {
  const [template] = await db.query<TemplateVersion>`
    select t.id as template_id, t.service_id, t.channel, v.version, v.name, v.subject, v.body, v.postage, v.contact_block,
      v.welsh_subject, v.welsh_body, v.attachment_id, v.has_unsubscribe_link,
      v.created_by, t.created_at, t.updated_at, t.is_hidden, t.archived_at, t.keeps
    from templates t join template_versions v on v.template_id = t.id and v.version = t.version
    where t.id = ${id}`;
  return template;
}

/** One version, whether in use or not. `updatedAt` is the version's own time, and unset for the first. */
export async function findTemplateVersion(db: Db, id: string, version: number): Promise<TemplateVersion | undefined> {
  const [template] = await db.query<TemplateVersion>`
    select t.id as template_id, t.service_id, t.channel, v.version, v.name, v.subject, v.body, v.postage, v.contact_block,
      v.welsh_subject, v.welsh_body, v.attachment_id, v.has_unsubscribe_link,
      v.created_by, t.created_at, case when v.version > 1 then v.created_at end as updated_at, t.is_hidden, t.archived_at, t.keeps
    from templates t join template_versions v on v.template_id = t.id
    where t.id = ${id} and v.version = ${version}`;
  return template;
}

/** The templates a service can send with, by name and then channel. */
export function listTemplates(db: Db, serviceId: string, channel?: Channel): Promise<TemplateVersion[]> {
  return db.query<TemplateVersion>`
    select t.id as template_id, t.service_id, t.channel, v.version, v.name, v.subject, v.body, v.postage, v.contact_block,
      v.welsh_subject, v.welsh_body, v.attachment_id, v.has_unsubscribe_link,
      v.created_by, t.created_at, t.updated_at, t.is_hidden, t.archived_at, t.keeps
    from templates t join template_versions v on v.template_id = t.id and v.version = t.version
    where t.service_id = ${serviceId} and t.archived_at is null and not t.is_hidden
      and (${channel ?? null}::text is null or t.channel = ${channel ?? null})
    order by v.name, t.channel limit ${TEMPLATES_MAX}`;
}
