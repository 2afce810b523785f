/** The template a request names, if it can be sent with and with what the request gives it. */
import { Refusal } from "../../core/refusal.ts";
import { missingPersonalisation } from "../../core/template/placeholders.ts";
import type { Channel, Service } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { Templates } from "../../records/templates/template-cache.ts";
import type { RenderedTemplate } from "../rendering.ts";

export interface NamedTemplate {
  service: Pick<Service, "id">;
  templateId: string;
  channel: Channel;
  /** Then it is a hidden one. */
  isFreeText?: boolean | undefined;
}

/** The version in use; refuses one that is unknown, another service's, of another channel, or archived. */
export async function getSendableTemplate(
  templates: Templates,
  { service, templateId, channel, isFreeText = false }: NamedTemplate,
): Promise<TemplateVersion> {
  const template = await templates.find(templateId);
  if (!template || template.serviceId !== service.id || template.isHidden !== isFreeText) {
    throw new Refusal("bad-request", "Template not found");
  }
  if (template.channel !== channel) {
    throw new Refusal("bad-request", `${template.channel} template is not suitable for ${channel} notification`);
  }
  if (template.archivedAt) throw new Refusal("bad-request", "Template has been deleted");
  return template;
}

/** Every value that is needed must be given, and something must have come of them. */
export function refuseIfIncomplete(
  { requiredNames, isEmpty }: Pick<RenderedTemplate, "requiredNames" | "isEmpty">,
  given: Record<string, string | string[]>,
): void {
  const missing = missingPersonalisation(requiredNames, given);
  if (missing.length > 0) throw new Refusal("bad-request", `Missing personalisation: ${missing.join(", ")}`);
  if (isEmpty) throw new Refusal("bad-request", "Your message is empty.");
}

/** For the channels that carry none. */
export function refuseIfFiles(fileNames: readonly string[]): void {
  if (fileNames.length > 0) throw new Refusal("bad-request", "Can only send a file by email");
}
