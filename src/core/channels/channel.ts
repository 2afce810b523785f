/** What differs between the channels: everything else asks these rules, and need not know which channel it is. */
import type { ChatApp } from "../chat/chat-app.ts";
import type { TextMode } from "../sms/text-mode.ts";
import type { Personalisation } from "../template/personalisation.ts";
import type { ParsedTemplate } from "../template/placeholders.ts";

export type ChannelName = "sms" | "email" | "letter" | "chat";

/** A template's words, parsed once and rendered many times. */
export interface TemplateText {
  subject: ParsedTemplate | undefined;
  body: ParsedTemplate;
  /** The body as typed. */
  source: string;
  /** The sender's own block at the top of a letter. */
  contactBlock?: ParsedTemplate;
  /** The Welsh half of a bilingual letter. */
  welsh?: { subject: ParsedTemplate; body: ParsedTemplate };
}

/** A notification's words, as API answers show them. */
export interface Content {
  subject: string | undefined;
  body: string;
}

/** How the service that sends wants its words treated. */
export interface HouseStyle {
  name: string;
  textMode: TextMode;
  prefixesTexts: boolean;
}

export interface ChannelRules {
  name: ChannelName;
  /** What its messages are called when they are refused. */
  plural: string;
  /** Names of the values a template asks for: in order, as first spelled. */
  placeholderNames(text: TemplateText): string[];
  /** Those without which it is not sent. */
  requiredNames(text: TemplateText): string[];
  render(text: TemplateText, personalisation: Personalisation, style: HouseStyle): Content;
  isEmpty(text: TemplateText, content: Content): boolean;
  /** In words, when the content is longer than the channel carries, or the app of a chat message. */
  tooLong(content: Content, style: HouseStyle, app?: ChatApp): string | undefined;
  /** What is counted for money and known at once: fragments of a text. */
  units(content: Content, style: HouseStyle): number;
}

/** Whether a template that is nothing but a placeholder has come out empty. One with words of its own cannot be empty. */
export function hasComeOutEmpty({ source }: TemplateText, { body }: Content): boolean {
  return body === "" && source.startsWith("((") && source.endsWith("))");
}
