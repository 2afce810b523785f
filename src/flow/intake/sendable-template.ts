/** The template a request names, if it can be sent with. */
import { Refusal } from "../../core/refusal.ts";
import type { Channel, Service } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { Templates } from "../../records/templates/template-cache.ts";

export interface NamedTemplate {
  service: Pick<Service, "id">;
  templateId: string;
  channel: Channel;
}

/** The version in use; refuses one that is unknown, another service's, of another channel, or archived. */
export async function getSendableTemplate(
  templates: Templates,
  { service, templateId, channel }: NamedTemplate,
): Promise<TemplateVersion> {
  const template = await templates.find(templateId);
  if (!template || template.serviceId !== service.id || template.isHidden) {
    throw new Refusal("bad-request", "Template not found");
  }
  if (template.channel !== channel) {
    throw new Refusal("bad-request", `${template.channel} template is not suitable for ${channel} notification`);
  }
  if (template.archivedAt) throw new Refusal("bad-request", "Template has been deleted");
  return template;
}
