/** What the message with a code says: a template of the service that shows ((code)), or words of our own. */
import type { TypedChannel } from "../../core/channels/channels.ts";
import { Refusal } from "../../core/refusal.ts";
import type { ParsedTemplate } from "../../core/template/placeholders.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { App } from "../app.ts";
import { ensureHiddenTemplate } from "../hidden-template.ts";
import { getSendableTemplate } from "../intake/sendable-template.ts";
import { templateText } from "../rendering.ts";

export const CODE_KEY = "code";
/** ((valid for)): "5 minutes". */
export const LIFE_KEY = "valid for";

const NAME = "Verification code";
const OWN_WORDS: Record<TypedChannel, { subject?: string; body: string }> = {
  sms: { body: "((code)) is your code. It is valid for ((valid for)). Do not give it to anyone." },
  email: {
    subject: "Your code",
    body: "Your code is ((code)).\n\nIt is valid for ((valid for)). Do not give it to anyone.\n\nIf you did not ask for a code, you do not have to do anything.",
  },
};

/** Refuses a template that could not say the code. */
export async function getCodeTemplate(
  app: Pick<App, "db" | "templates">,
  { serviceId, channel, templateId }: { serviceId: string; channel: TypedChannel; templateId: string | undefined },
): Promise<TemplateVersion> {
  if (templateId === undefined) return getOwnWords(app, serviceId, channel);
  const template = await getSendableTemplate(app.templates, { service: { id: serviceId }, templateId, channel });
  const { body } = templateText(template);
  if (!shows(body, CODE_KEY)) {
    throw new Refusal("bad-request", "The template must have the placeholder ((code)) in its message");
  }
  return template;
}

function shows({ segments }: ParsedTemplate, key: string): boolean {
  return segments.some((segment) => segment.kind === "placeholder" && segment.key === key);
}

async function getOwnWords(
  { db, templates }: Pick<App, "db" | "templates">,
  serviceId: string,
  channel: TypedChannel,
): Promise<TemplateVersion> {
  const words = { purpose: `codes by ${channel}`, channel, name: NAME, ...OWN_WORDS[channel] };
  const template = await templates.findVersion(await ensureHiddenTemplate(db, serviceId, words), 1);
  if (!template) throw new Error("the template of codes was not made");
  return template;
}
