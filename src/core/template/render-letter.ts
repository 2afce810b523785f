/**
 * A letter from its template: what API answers show, and what is set on paper.
 *
 * As for emails, values are escaped before markdown is read, so that a value can be words and lists but never a tag. What is set on
 * paper is then cut out of that HTML, and is plain text again.
 */
import type { LetterBlock, LetterContent, LetterInline } from "../letter/letter-content.ts";
import { impossible } from "../refusal.ts";
import { decodeReferences, escapeText } from "./html-text.ts";
import type { Block, Inline } from "./markdown/ast.ts";
import { parseMarkdown } from "./markdown/parse-markdown.ts";
import type { Personalisation } from "./personalisation.ts";
import {
  asTyped,
  type Condition,
  type FillOptions,
  fillIn,
  type ParsedTemplate,
  type Placeholder,
} from "./placeholders.ts";
import { polish } from "./typography.ts";

/** One language's words of a letter template. */
export interface LetterWords {
  readonly language: LetterContent["language"];
  readonly subject: ParsedTemplate;
  readonly body: ParsedTemplate;
}

/** What stands above the words on the first page. */
export interface Letterhead {
  readonly addressLines: readonly string[];
  readonly contactBlock: ParsedTemplate | undefined;
  /** See `letterDate`. */
  readonly date: string;
}

/** No tag but these stands in the HTML that letters are cut from: everything else is escaped. */
const TAGS = /(<\/?(?:b|br|span)>)/;
const EVERY_TAG = new RegExp(TAGS, "g");
const SPACES = /[ \t\n\r\f]+/g;
const SPACE_BEFORE_PUNCTUATION = / (?=[,.])/g;
const SPACES_ROUND_LINE_BREAK = / ?<br> ?/g;
const SCHEME = /^https?:\/\//;
const QR_CODE = /^qr\s*:\s*(?<data>\S.*)$/i;
const LINE_BREAK = "<br>";
const NON_BREAKING_HYPHEN = "\u2011";

/** A subject as API answers show it: HTML text in one line. */
export function renderLetterSubject(subject: ParsedTemplate, personalisation: Personalisation): string {
  return polish(
    inOneLine(fillIn(subject, personalisation, { lists: "sentence", escape: escapeText, unfilled: typed })),
  );
}

function typed(segment: Placeholder | Condition): string {
  return escapeText(asTyped(segment));
}

/** The words of one language without a letterhead, for a second language or a preview of the words alone. */
function renderLetterWords(words: LetterWords, personalisation: Personalisation): LetterContent {
  return {
    language: words.language,
    addressLines: [],
    contactBlock: [],
    date: "",
    subject: renderPrintedSubject(words.subject, personalisation),
    blocks: renderLetterBlocks(words.body, personalisation),
  };
}

/** A letter in one language, or in two: the first has the letterhead. Values not given are marked by their names. */
export function renderLetter(
  head: Letterhead,
  [first, ...others]: readonly [LetterWords, ...LetterWords[]],
  personalisation: Personalisation,
): LetterContent[] {
  const { addressLines, contactBlock, date } = head;
  const letterhead = {
    addressLines,
    contactBlock: contactBlock ? renderContactBlock(contactBlock, personalisation) : [],
    date,
  };
  return [
    { ...renderLetterWords(first, personalisation), ...letterhead },
    ...others.map((words) => renderLetterWords(words, personalisation)),
  ];
}

/** The lines of a contact block. Lines that a value brings are lines of their own. */
function renderContactBlock(contactBlock: ParsedTemplate, personalisation: Personalisation): string[] {
  const filled = fillIn(contactBlock, personalisation, { lists: "sentence", escape: escapeText, unfilled: typed });
  const lines = decodeReferences(filled.trim()).split("\n");
  const tidied = lines.map((line) => line.replace(SPACES, " ").replace(SPACE_BEFORE_PUNCTUATION, "").trim());
  return tidied.length === 1 && tidied[0] === "" ? [] : tidied;
}

function renderPrintedSubject(subject: ParsedTemplate, personalisation: Personalisation): LetterInline[] {
  return cutInlines(polish(inOneLine(fillIn(subject, personalisation, marked("sentence")))));
}

/** The words below the subject. */
export function renderLetterBlocks(body: ParsedTemplate, personalisation: Personalisation): LetterBlock[] {
  return parseMarkdown(fillIn(body, personalisation, marked("bullets"))).flatMap(toLetterBlocks);
}

function marked(lists: FillOptions["lists"]): FillOptions {
  return { lists, escape: escapeText, unfilled: markUnfilled };
}

/** The brackets as references, so that markdown does not take them for those of a link. */
function markUnfilled(segment: Placeholder | Condition): string {
  return `<span>&#40;&#40;${escapeText(asTyped(segment).slice(2, -2))}&#41;&#41;</span>`;
}

/** Letters have one level of heading, no insets, and pages where emails have lines across. */
function toLetterBlocks(block: Block): LetterBlock[] {
  switch (block.kind) {
    case "heading":
      return block.level === 1 ? prose("heading", block.content) : prose("paragraph", block.content);
    case "paragraph":
      return qrCode(block.content) ?? prose("paragraph", block.content);
    case "lines":
      return prose("lines", block.content);
    case "list":
      return [{ kind: "list", ordered: block.ordered, items: block.items.map((item) => item.flatMap(toLetterBlocks)) }];
    case "inset":
      return block.blocks.flatMap(toLetterBlocks);
    case "code":
      return written("paragraph", block.text.replaceAll("\n", LINE_BREAK));
    case "rule":
      return [{ kind: "page-break" }];
    case "gap":
      return [{ kind: "gap" }];
    default:
      return impossible(block);
  }
}

type Prose = "heading" | "paragraph" | "lines";

function prose(kind: Prose, content: readonly Inline[]): LetterBlock[] {
  return written(kind, content.map(toHtml).join(""));
}

function written(kind: Prose, html: string): LetterBlock[] {
  const lines = polish(html).replace(SPACES, " ").replace(SPACES_ROUND_LINE_BREAK, LINE_BREAK).trim();
  const content = cutInlines(lines.replaceAll("-", NON_BREAKING_HYPHEN));
  return content.length === 0 ? [] : [{ kind, content }];
}

function toHtml(inline: Inline): string {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "break":
      return LINE_BREAK;
    case "address":
      return `<b>${inline.url.replace(SCHEME, "")}</b>`;
    case "link":
      return inline.source; // On paper there is nothing to follow.
    default:
      return impossible(inline);
  }
}

/** A paragraph of one line that says `qr:` is a code for the rest of the line, as it was before any typography. */
function qrCode(content: readonly Inline[]): LetterBlock[] | undefined {
  if (content.some(({ kind }) => kind === "break")) return undefined;
  const line = content.map((inline) => (inline.kind === "address" ? inline.url : toHtml(inline))).join("");
  const data = QR_CODE.exec(line)?.groups?.["data"];
  if (data === undefined) return undefined;
  const isPlaceholder = data.includes("<span>") ? ({ isPlaceholder: true } as const) : {};
  return [{ kind: "qr-code", data: decodeReferences(data.replace(EVERY_TAG, "")), ...isPlaceholder }];
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Text and line breaks out of HTML in which no other tags are. */
function cutInlines(html: string): LetterInline[] {
  const inlines: LetterInline[] = [];
  const style: { isBold?: true; isPlaceholder?: true } = {};
  for (const piece of html.split(TAGS)) {
    if (piece === "<b>") style.isBold = true;
    else if (piece === "</b>") delete style.isBold;
    else if (piece === "<span>") style.isPlaceholder = true;
    else if (piece === "</span>") delete style.isPlaceholder;
    else if (piece === LINE_BREAK) inlines.push({ kind: "line-break" });
    else if (piece !== "") inlines.push({ kind: "text", text: decodeReferences(piece), ...style });
  }
  return inlines;
}
