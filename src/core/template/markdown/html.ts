/** Markdown blocks as the HTML of an email: inline styles, and tables round lists, because mail programs need them. */
import { impossible } from "../../refusal.ts";
import { escapeAttribute } from "../html-text.ts";
import type { Block, Inline } from "./ast.ts";
import { hrefOf } from "./link-address.ts";

const PARAGRAPH_STYLE = "Margin: 0 0 20px 0; font-size: 19px; line-height: 25px; color: #0B0C0C;";
const HEADING_1_STYLE =
  "Margin: 0 0 15px 0; padding: 10px 0 0 0; font-size: 27px; line-height: 35px; font-weight: bold; color: #0B0C0C;";
const HEADING_2_STYLE =
  "Margin: 0 0 15px 0; padding: 10px 0 0 0; font-size: 19px; line-height: 25px; font-weight: bold; color: #0B0C0C;";
const RULE_STYLE = "border: 0; height: 1px; background: #B1B4B6; Margin: 30px 0 30px 0;";
const ITEM_STYLE = "Margin: 5px 0 5px; padding: 0 0 0 5px; font-size: 19px;line-height: 25px; color: #0B0C0C;";
const LIST_STYLE = "Margin: 0 0 0 20px; padding: 0; list-style-type:";
const INSET_STYLE =
  "Margin: 0; border-left: 10px solid #B1B4B6;padding: 15px 0 0.1px 15px; font-size: 19px; line-height: 25px;";
const LINK_STYLE = "word-wrap: break-word; color: #1D70B8;";

/** Blocks read from text that was escaped before. */
export function renderHtml(blocks: readonly Block[]): string {
  return blocks.map(renderBlock).join("");
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case "heading":
      return renderHeading(block.level, renderInlines(block.content));
    case "paragraph":
      return renderParagraph(renderInlines(block.content));
    case "lines":
      return renderInlines(block.content);
    case "list":
      return renderList(block.ordered, block.items.map(renderHtml));
    case "inset":
      return `<div style="Margin: 0 0 20px 0;"><blockquote style="${INSET_STYLE}">${renderHtml(block.blocks)}</blockquote></div>`;
    case "code":
      return block.text;
    case "rule":
      return `<hr style="${RULE_STYLE}">`;
    case "gap":
      return "<br>";
    default:
      return impossible(block);
  }
}

/** The document has the subject above these, so the first level is h2. */
function renderHeading(level: number, content: string): string {
  if (level === 1) return `<h2 style="${HEADING_1_STYLE}">${content}</h2>`;
  if (level === 2) return `<h3 style="${HEADING_2_STYLE}">${content}</h3>`;
  return renderParagraph(content);
}

function renderParagraph(content: string): string {
  return content.trim() === "" ? "" : `<p style="${PARAGRAPH_STYLE}">${content}</p>`;
}

function renderList(ordered: boolean, items: readonly string[]): string {
  const tag = ordered ? "ol" : "ul";
  const style = `${LIST_STYLE} ${ordered ? "decimal" : "disc"};`;
  const list = items.map((item) => `<li style="${ITEM_STYLE}">${item.trim()}</li>`).join("");
  return (
    `<table role="presentation" style="padding: 0 0 20px 0;"><tr><td style="font-family: Helvetica, Arial, sans-serif;">` +
    `<${tag} style="${style}">${list}</${tag}></td></tr></table>`
  );
}

function renderInlines(inlines: readonly Inline[]): string {
  return inlines.map(renderInline).join("");
}

function renderInline(inline: Inline): string {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "break":
      return "<br>";
    case "address":
      return renderLink(inline.url, "", inline.url);
    case "link":
      return renderLink(inline.url, titleAttribute(inline.title), renderInlines(inline.content));
    default:
      return impossible(inline);
  }
}

function renderLink(url: string, title: string, content: string): string {
  return `<a style="${LINK_STYLE}" href="${hrefOf(url)}"${title}>${content}</a>`;
}

function titleAttribute(title: string | undefined): string {
  return title ? ` title="${escapeAttribute(title)}"` : "";
}
