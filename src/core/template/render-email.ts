/** An email from its template: what API answers show, and the parts that are sent. */
import { decodeReferences, escapeText } from "./html-text.ts";
import type { Block } from "./markdown/ast.ts";
import { renderHtml } from "./markdown/html.ts";
import { parseMarkdown } from "./markdown/parse-markdown.ts";
import { renderPlainText, renderSummary } from "./markdown/plain-text.ts";
import type { Personalisation } from "./personalisation.ts";
import { asTyped, type Condition, fillIn, type ParsedTemplate, type Placeholder } from "./placeholders.ts";
import { polish } from "./typography.ts";

/** Inboxes show no more of it. */
const PREHEADER_MAX_CHARACTERS = 256;
/** Typography takes spaces out, so more is read than is shown. */
const SUMMARY_CHARACTERS = 2 * PREHEADER_MAX_CHARACTERS;
const UNSUBSCRIBE_TEXT = "Unsubscribe from these emails";

/** Invisible characters that mail programs draw as boxes: line separator, Hangul filler. */
const UNDRAWABLE = /[\u2028\u3164]/g;
const MAY_NAME_GOV_UK = /gov\.uk/i;
/** Mail programs would make a link of the name; followed by a path it is meant to be one. */
const GOV_UK_NAME = /(?<=(?:^|\s)[#*^]?)(GOV)\.(UK)(?![/?#])/gi;
const REFERENCE_CUT_OFF = /&[^;\s]{0,31}$/;

export interface EmailParts {
  /** The HTML of the message itself; `renderEmailDocument` makes a whole document of it. */
  readonly html: string;
  readonly plainText: string;
  /** HTML text for the hidden line that inboxes show beside the subject. */
  readonly preheader: string;
}

export interface EmailToRender {
  readonly body: ParsedTemplate;
  readonly personalisation: Personalisation;
  /** Added as a link at the end of both parts. */
  readonly unsubscribeUrl?: string | undefined;
}

/** The body with its values, its markdown as typed: what API answers show and the size limit measures. */
export function renderEmailBody(body: ParsedTemplate, personalisation: Personalisation): string {
  return fillIn(body, personalisation, { lists: "bullets", unfilled: markUnfilled }).trim();
}

/** A subject as sent: one line of plain text. */
export function renderSubject(subject: ParsedTemplate, personalisation: Personalisation): string {
  return polish(fillIn(subject, personalisation, { lists: "sentence" }).replace(/\s+/g, " ").trim());
}

/** All parts of an email as sent. Cheaper than asking for each by itself. */
export function renderEmailParts(email: EmailToRender): EmailParts {
  const blocks = htmlBlocks(email);
  return {
    html: htmlOf(blocks, email.unsubscribeUrl),
    plainText: renderEmailPlainText(email),
    preheader: preheaderOf(blocks),
  };
}

/** The HTML of the message itself. Values are escaped before markdown is read, so that they can be words and links but never tags. */
export function renderEmailHtml(email: EmailToRender): string {
  return htmlOf(htmlBlocks(email), email.unsubscribeUrl);
}

/** The text part. */
export function renderEmailPlainText({ body, personalisation, unsubscribeUrl }: EmailToRender): string {
  const filled = fillIn(body, personalisation, { lists: "bullets", unfilled: markUnfilled });
  const blocks = [...parseMarkdown(forMail(filled)), ...unsubscribeBlocks(unsubscribeUrl)];
  return `${decodeReferences(polish(renderPlainText(blocks))).trimStart()}\n`;
}

/** The first words of the message, as HTML text. */
export function renderPreheader(body: ParsedTemplate, personalisation: Personalisation): string {
  return preheaderOf(htmlBlocks({ body, personalisation }));
}

function htmlBlocks({ body, personalisation }: EmailToRender): Block[] {
  const options = { lists: "bullets", escape: escapeText, unfilled: markUnfilled } as const;
  return parseMarkdown(forMail(fillIn(body, personalisation, options)));
}

function htmlOf(blocks: readonly Block[], unsubscribeUrl: string | undefined): string {
  const escapedUrl = unsubscribeUrl === undefined ? undefined : escapeText(unsubscribeUrl);
  return polish(renderHtml([...blocks, ...unsubscribeBlocks(escapedUrl)]));
}

function preheaderOf(blocks: readonly Block[]): string {
  const words = polish(renderSummary(blocks, SUMMARY_CHARACTERS));
  if (words.length <= PREHEADER_MAX_CHARACTERS) return words;
  return words.slice(0, PREHEADER_MAX_CHARACTERS).replace(REFERENCE_CUT_OFF, "").trimEnd();
}

function unsubscribeBlocks(url: string | undefined): Block[] {
  if (url === undefined) return [];
  const content = [{ kind: "text", text: UNSUBSCRIBE_TEXT }] as const;
  const source = `[${UNSUBSCRIBE_TEXT}](${url})`;
  return [{ kind: "rule" }, { kind: "paragraph", content: [{ kind: "link", url, title: undefined, content, source }] }];
}

function forMail(text: string): string {
  const guarded = MAY_NAME_GOV_UK.test(text) ? text.replace(GOV_UK_NAME, "$1.\u200b$2") : text;
  return guarded.replace(UNDRAWABLE, "");
}

/** A placeholder without a value, marked for the preview of a template; the brackets as references, so that it is not filled again. */
function markUnfilled(segment: Placeholder | Condition): string {
  const marked = asTyped(segment).slice(2, -2);
  if (segment.kind === "placeholder")
    return `<span class='placeholder'>&#40;&#40;${escapeText(marked)}&#41;&#41;</span>`;
  const name = `<span class='placeholder-conditional'>&#40;&#40;${escapeText(segment.name)}??</span>`;
  return `${name}${escapeText(segment.text)}&#41;&#41;`;
}
