/** What templates are called, those that were deleted too: counts outlive them. */
import type { Db } from "../../platform/db.ts";

export interface TemplateName {
  id: string;
  name: string;
  isArchived: boolean;
  /** It stands for messages that have no template, such as letters that come as PDFs: it has no page. */
  isHidden: boolean;
}

export function listTemplateNames(db: Db, serviceId: string, ids: readonly string[]): Promise<TemplateName[]> {
  return db.query<TemplateName>`
    select t.id, v.name, t.archived_at is not null as is_archived, t.is_hidden
    from templates t join template_versions v on v.template_id = t.id and v.version = t.version
    where t.service_id = ${serviceId} and t.id = any(${ids}::uuid[])`;
}
