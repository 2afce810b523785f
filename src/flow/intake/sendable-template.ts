/** The template a request names, if it can be sent with. */
import { Refusal } from "../../core/refusal.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { Templates } from "../../records/templates/template-cache.ts";
import type { SendRequest } from "./send-request.ts";

/** The version in use; refuses one that is unknown, another service's, of another channel, or archived. */
export async function getSendableTemplate(templates: Templates, request: SendRequest): Promise<TemplateVersion> {
  const { channel } = request.recipient;
  const template = await templates.find(request.templateId);
  if (!template || template.serviceId !== request.service.id || template.isHidden) {
    throw new Refusal("bad-request", "Template not found");
  }
  if (template.channel !== channel) {
    throw new Refusal("bad-request", `${template.channel} template is not suitable for ${channel} notification`);
  }
  if (template.archivedAt) throw new Refusal("bad-request", "Template has been deleted");
  return template;
}
