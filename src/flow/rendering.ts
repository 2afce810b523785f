/** Templates rendered for a service. A template version never changes, so its words are parsed once. */
import type { Content, HouseStyle, TemplateText } from "../core/channels/channel.ts";
import { channels } from "../core/channels/channels.ts";
import type { SenderNote } from "../core/senders/choose-text-sender.ts";
import type { Personalisation } from "../core/template/personalisation.ts";
import { parseTemplate } from "../core/template/placeholders.ts";
import type { PersonalContent } from "../records/notifications/notification.ts";
import type { Service } from "../records/services/service.ts";
import type { TemplateVersion } from "../records/templates/template.ts";

export interface RenderedTemplate {
  template: TemplateVersion;
  /** Names of the values without which it is not sent. */
  requiredNames: readonly string[];
  content: Content;
  isEmpty: boolean;
}

interface ParsedVersion {
  text: TemplateText;
  placeholderNames: readonly string[];
  requiredNames: readonly string[];
}

const parsedVersions = new WeakMap<TemplateVersion, ParsedVersion>();

/** Fills a template; values that are missing leave their placeholders as typed. */
export function renderTemplate(
  template: TemplateVersion,
  personalisation: Personalisation,
  style: HouseStyle,
): RenderedTemplate {
  const rules = channels[template.channel];
  const { text, requiredNames } = parsed(template);
  const content = rules.render(text, personalisation, style);
  return { template, requiredNames, content, isEmpty: rules.isEmpty(text, content) };
}

/** The words of a template, parsed. */
export function templateText(template: TemplateVersion): TemplateText {
  return parsed(template).text;
}

/** Names of the values a template asks for. */
export function placeholderNamesOf(template: TemplateVersion): readonly string[] {
  return parsed(template).placeholderNames;
}

export function houseStyleOf({ name, textMode, prefixesTexts }: Service): HouseStyle {
  return { name, textMode, prefixesTexts };
}

/** Where the recipient's country wants to know from whom a text is, the service's name stands in front of it. */
export function styleFrom(service: Service, { note }: { note?: SenderNote | undefined }): HouseStyle {
  const style = houseStyleOf(service);
  return note?.isSigned ? { ...style, prefixesTexts: true } : style;
}

/** How a text was accepted, and so how it goes out and is shown, whatever the service is called by then. */
export function styleAsAccepted(service: Service, { style }: Pick<PersonalContent, "style">): HouseStyle {
  return style ?? houseStyleOf(service);
}

function parsed(template: TemplateVersion): ParsedVersion {
  const known = parsedVersions.get(template);
  if (known) return known;
  const text = parseTemplateText(template);
  const rules = channels[template.channel];
  const version = { text, placeholderNames: rules.placeholderNames(text), requiredNames: rules.requiredNames(text) };
  parsedVersions.set(template, version);
  return version;
}

type Words = Pick<TemplateVersion, "subject" | "body" | "contactBlock" | "welshSubject" | "welshBody">;

/** Words that may not be a template's yet. */
export function parseTemplateText({ subject, body, contactBlock, welshSubject = "", welshBody }: Words): TemplateText {
  return {
    subject: subject === undefined ? undefined : parseTemplate(subject),
    body: parseTemplate(body),
    source: body,
    ...(contactBlock === undefined ? {} : { contactBlock: parseTemplate(contactBlock) }),
    ...(welshBody === undefined
      ? {}
      : { welsh: { subject: parseTemplate(welshSubject), body: parseTemplate(welshBody) } }),
  };
}
