/** Markdown blocks as plain text: the text part of an email, and the line that inboxes show under a subject. */
import { impossible } from "../../refusal.ts";
import type { Block, Inline, Link } from "./ast.ts";
import { withScheme } from "./link-address.ts";

const COLUMNS = 65;
const RULE = `${"=-".repeat((COLUMNS - 1) / 2)}=`;

const TO_COLLAPSE = /\s{2,}|[^\S ]/g;

interface Style {
  readonly rule: string;
  readonly underline: boolean;
  readonly link: (link: Link, content: string) => string;
}

const TEXT_PART: Style = { rule: `\n\n${RULE}`, underline: true, link: linkWithAddress };
const SUMMARY: Style = { rule: " ", underline: false, link: (_link, content) => content };

/** The text part: headings underlined, addresses after the words they belong to. Begins with empty lines. */
export function renderPlainText(blocks: readonly Block[]): string {
  return renderBlocks(blocks, TEXT_PART);
}

/** The first words alone, in one line: whole blocks until there are at least `enoughCharacters`, if the message has them. */
export function renderSummary(blocks: readonly Block[], enoughCharacters: number): string {
  let words = "";
  for (const block of blocks) {
    words += ` ${renderBlock(block, SUMMARY).replace(TO_COLLAPSE, " ").trim()}`;
    if (words.length > enoughCharacters) break;
  }
  return words.replace(TO_COLLAPSE, " ").trim();
}

function renderBlocks(blocks: readonly Block[], style: Style): string {
  return blocks.map((block) => renderBlock(block, style)).join("");
}

function renderBlock(block: Block, style: Style): string {
  switch (block.kind) {
    case "heading":
      return renderHeading(block.level, renderInlines(block.content, style), style);
    case "paragraph":
      return renderParagraph(renderInlines(block.content, style));
    case "lines":
      return renderInlines(block.content, style);
    case "list":
      return `\n${block.items.map((item, index) => renderItem(renderBlocks(item, style), bullet(block, index))).join("")}`;
    case "inset":
      return renderBlocks(block.blocks, style);
    case "code":
      return `\n\n${block.text}`;
    case "rule":
      return style.rule;
    case "gap":
      return "\n";
    default:
      return impossible(block);
  }
}

function renderHeading(level: number, title: string, { underline }: Style): string {
  if (level > 2) return renderParagraph(title);
  return `\n\n\n${title}\n${underline ? (level === 1 ? "=" : "-").repeat(COLUMNS) : ""}`;
}

function renderParagraph(content: string): string {
  return content.trim() === "" ? "" : `\n\n${content}`;
}

function bullet(list: { readonly ordered: boolean }, index: number): string {
  return list.ordered ? `${index + 1}.` : "•";
}

function renderItem(content: string, mark: string): string {
  return `\n${mark} ${content.trim()}`;
}

function renderInlines(inlines: readonly Inline[], style: Style): string {
  return inlines.map((inline) => renderInline(inline, style)).join("");
}

function renderInline(inline: Inline, style: Style): string {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "break":
      return "\n";
    case "address":
      return inline.url;
    case "link":
      return style.link(inline, renderInlines(inline.content, style));
    default:
      return impossible(inline);
  }
}

function linkWithAddress({ url, title }: Link, content: string): string {
  return `${content}${title ? ` (${title})` : ""}: ${withScheme(url)}`;
}
