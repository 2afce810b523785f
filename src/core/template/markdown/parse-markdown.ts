/**
 * Reads the markdown of emails and letters. The dialect is small: headings, lists, insets, rules, links and addresses.
 *
 * Text is neither escaped nor unescaped here: what is to become HTML is escaped before it is read (see render-email.ts), so that no
 * value put into a template can be anything but text.
 *
 *     parseMarkdown("# Hello\n\nworld") → [{ kind: "heading", level: 1, … }, { kind: "paragraph", … }]
 */
import { type Block, mapContent } from "./ast.ts";
import { type Definitions, parseBlocks, type SourceBlock } from "./blocks.ts";
import { parseInline } from "./inline.ts";
import { splitLines } from "./lines.ts";

/** Any text is markdown: never throws, and takes time in proportion to the length. Footnotes referred to come last, in order. */
export function parseMarkdown(text: string): Block[] {
  const definitions: Definitions = { links: new Map(), footnotes: new Map() };
  const source = parseBlocks(splitLines(text), definitions);
  return readProse(source, definitions);
}

function readProse(source: readonly SourceBlock[], { links, footnotes }: Definitions): Block[] {
  const referredTo = new Set<string>();
  const footnote = (key: string) => footnotes.has(key) && referredTo.add(key).size > 0;
  const prose = (text: string) => parseInline(text, { links, footnote });
  const blocks = mapContent(source, prose);
  // A set may grow while it is walked: footnotes that footnotes refer to come after them.
  for (const key of referredTo) blocks.push(...mapContent(footnotes.get(key) ?? [], prose));
  return blocks;
}
