/** What is wrong with a template somebody has written, before it is kept. */

import type { ChannelName } from "../channels/channel.ts";
import { CHAT_APPS, chatAppFacts } from "../chat/chat-app.ts";
import { SMS_CHARACTER_LIMIT, type TextMode, toSmsText } from "../sms/text-mode.ts";
import { parseTemplate } from "./placeholders.ts";

const TEMPLATE_NAME_MAX_CHARACTERS = 255;
const SUBJECT_MAX_CHARACTERS = 998;
/** Of an email or a letter. */
const MARKDOWN_MAX_CHARACTERS = 600_000;
const CHAT_MAX_CHARACTERS = Math.max(...CHAT_APPS.map((app) => chatAppFacts(app).charactersMax));

export interface WrittenTemplate {
  channel: ChannelName;
  name: string;
  subject: string | undefined;
  body: string;
}

export interface TemplateProblem {
  field: "name" | "subject" | "body";
  problem:
    | "name-missing"
    | "name-too-long"
    | "subject-missing"
    | "subject-too-long"
    | "body-missing"
    | "body-too-long"
    | "comma-in-placeholder";
}

/** Every problem, first field first; none when it can be kept. A text is measured without the values it will be given. */
export function checkTemplate(template: WrittenTemplate, textMode: TextMode): TemplateProblem[] {
  const hasSubject = template.channel === "email" || template.channel === "letter";
  return [
    ...nameProblems(template.name),
    ...(hasSubject ? subjectProblems(template.subject ?? "") : []),
    ...bodyProblems(template, textMode),
  ];
}

function nameProblems(name: string): TemplateProblem[] {
  if (name.trim() === "") return [{ field: "name", problem: "name-missing" }];
  return name.length > TEMPLATE_NAME_MAX_CHARACTERS ? [{ field: "name", problem: "name-too-long" }] : [];
}

function subjectProblems(subject: string): TemplateProblem[] {
  if (subject.trim() === "") return [{ field: "subject", problem: "subject-missing" }];
  if (subject.length > SUBJECT_MAX_CHARACTERS) return [{ field: "subject", problem: "subject-too-long" }];
  return hasCommaInPlaceholder(subject) ? [{ field: "subject", problem: "comma-in-placeholder" }] : [];
}

function bodyProblems({ channel, body }: WrittenTemplate, textMode: TextMode): TemplateProblem[] {
  if (body.trim() === "") return [{ field: "body", problem: "body-missing" }];
  if (isTooLong({ channel, body }, textMode)) return [{ field: "body", problem: "body-too-long" }];
  return hasCommaInPlaceholder(body) ? [{ field: "body", problem: "comma-in-placeholder" }] : [];
}

/** A chat message's limit is its app's, which is not known yet: here only what is too long for all of them is refused. */
function isTooLong({ channel, body }: Pick<WrittenTemplate, "channel" | "body">, textMode: TextMode): boolean {
  if (channel === "sms") return toSmsText(textAlone(body), textMode).length > SMS_CHARACTER_LIMIT;
  if (channel === "chat") return textAlone(body).length > CHAT_MAX_CHARACTERS;
  return body.length > MARKDOWN_MAX_CHARACTERS;
}

/** Values may be shorter than their placeholders' names, and conditions may be left out. */
function textAlone(body: string): string {
  return parseTemplate(body)
    .segments.map((segment) => (segment.kind === "text" ? segment.text : ""))
    .join("");
}

function hasCommaInPlaceholder(text: string): boolean {
  return parseTemplate(text).segments.some((segment) => segment.kind !== "text" && segment.name.includes(","));
}
