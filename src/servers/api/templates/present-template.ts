/** A template as the API shows it. */
import { placeholderNamesOf } from "../../../flow/rendering.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";
import { timestamp } from "../http/timestamp.ts";

export function presentTemplate(template: TemplateVersion) {
  const names = placeholderNamesOf(template);
  return {
    id: template.templateId,
    name: template.name,
    type: template.channel,
    created_at: timestamp(template.createdAt),
    updated_at: timestamp(template.updatedAt),
    version: template.version,
    created_by: template.createdBy,
    body: template.body,
    subject: template.subject ?? null,
    personalisation: Object.fromEntries(names.map((name) => [name, { required: true }])),
    postage: template.postage ?? null,
    letter_contact_block: template.contactBlock ?? null,
  };
}
