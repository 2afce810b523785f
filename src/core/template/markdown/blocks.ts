/** Lines into blocks: headings, paragraphs, lists, insets, rules, code. Tables are read, to leave them out. */
import type { Block, HeadingLevel } from "./ast.ts";
import {
  bulletOf,
  endsParagraph,
  fenceOf,
  footnoteDefinitionOf,
  headingOf,
  isBlank,
  isIndented,
  isInset,
  isRule,
  isTable,
  isUnderline,
  type LinkDefinition,
  linkDefinitionOf,
  withoutTrailingBlanks,
} from "./lines.ts";
import { endOfList, itemsOf } from "./list-items.ts";

/** Lists and insets deeper than this are read as text. */
const DEPTH_MAX = 7;
const BEGINS_WITH_WORD = /^ {0,3}[A-Za-z]/;
const CODE_INDENT = /^ {4}/;

/** Prose not yet read: see ast.ts. */
export type SourceBlock = Block<string>;

/** What is defined anywhere in a message and used anywhere else in it. */
export interface Definitions {
  readonly links: Map<string, LinkDefinition>;
  readonly footnotes: Map<string, readonly SourceBlock[]>;
}

interface Scope {
  readonly lines: readonly string[];
  readonly inItem: boolean;
  readonly depth: number;
  readonly definitions: Definitions;
  /** Fences looked for in vain: not to look again from each line. */
  readonly unclosedFences: Set<string>;
}

interface Match {
  readonly block?: SourceBlock;
  /** The line after the block. */
  readonly next: number;
  /** How many line breaks the block leaves behind before it counts empty lines; none if it takes empty lines with it. */
  readonly leaves?: "empty-lines" | "line-break-and-empty-lines";
}

type Rule = (scope: Scope, at: number, line: string) => Match | undefined;

/** Reads lines that are not in a list. */
export function parseBlocks(lines: readonly string[], definitions: Definitions): SourceBlock[] {
  return parse({ lines, inItem: false, depth: 0, definitions, unclosedFences: new Set() });
}

function parse(scope: Scope): SourceBlock[] {
  const blocks: SourceBlock[] = [];
  let lineBreaksBehind: number | undefined = 0;
  for (let at = 0; at < scope.lines.length; ) {
    const afterBlanks = skipBlanks(scope.lines, at);
    if (lineBreaksBehind !== undefined && lineBreaksBehind + afterBlanks - at > 1) blocks.push({ kind: "gap" });
    if (afterBlanks === scope.lines.length) break;
    const match = matchAt(scope, afterBlanks);
    if (match.block) add(blocks, match.block);
    lineBreaksBehind = lineBreaksAfter(match);
    at = match.next;
  }
  return blocks;
}

/** Lines after lines are one text. */
function add(blocks: SourceBlock[], block: SourceBlock): void {
  const last = blocks.at(-1);
  if (last?.kind === "lines" && block.kind === "lines") {
    blocks[blocks.length - 1] = { kind: "lines", content: `${last.content}\n${block.content}` };
  } else blocks.push(block);
}

function lineBreaksAfter({ leaves }: Match): number | undefined {
  if (leaves === undefined) return undefined;
  return leaves === "empty-lines" ? 0 : 1;
}

function skipBlanks(lines: readonly string[], from: number): number {
  let at = from;
  while (isBlank(lines[at])) at++;
  return at;
}

function matchAt(scope: Scope, at: number): Match {
  const line = scope.lines[at] ?? "";
  for (const rule of rulesFor(scope, line)) {
    const match = rule(scope, at, line);
    if (match) return match;
  }
  return scope.inItem ? itemLines(scope, at) : paragraph(scope, at);
}

/** Most lines begin with a word, and need not be held against every rule. */
function rulesFor({ inItem }: Scope, line: string): readonly Rule[] {
  if (BEGINS_WITH_WORD.test(line)) return inItem ? ITEM_WORD_RULES : WORD_RULES;
  return inItem ? ITEM_RULES : RULES;
}

const rule: Rule = (_scope, at, line) => (isRule(line) ? { block: { kind: "rule" }, next: at + 1 } : undefined);

const indentedCode: Rule = ({ lines }, at, line) => {
  if (!isIndented(line)) return undefined;
  let next = at + 1;
  while (next < lines.length && (isBlank(lines[next]) || isIndented(lines[next] ?? ""))) next++;
  const code = withoutTrailingBlanks(lines.slice(at, next)).map((codeLine) => codeLine.replace(CODE_INDENT, ""));
  return { block: { kind: "code", text: code.join("\n") }, next };
};

const fencedCode: Rule = (scope, at) => {
  const close = closeOfFence(scope, at);
  if (close === undefined) return undefined;
  const lastLine = scope.lines[close]?.trimEnd().slice(0, -(fenceOf(scope.lines[at] ?? "")?.length ?? 0)) ?? "";
  const text = [...scope.lines.slice(at + 1, close), lastLine].join("\n").trimEnd();
  return { block: { kind: "code", text }, next: close + 1 };
};

/** The line that ends with the marks of the fence that begins here, if this is a fence and there is one. */
function closeOfFence({ lines, unclosedFences }: Scope, at: number): number | undefined {
  const fence = fenceOf(lines[at] ?? "");
  if (fence === undefined || unclosedFences.has(fence)) return undefined;
  for (let close = at + 2; close < lines.length; close++) {
    if (lines[close]?.trimEnd().endsWith(fence)) return close;
  }
  unclosedFences.add(fence);
  return undefined;
}

const heading: Rule = (_scope, at, line) => {
  const found = headingOf(line);
  return found && { block: { kind: "heading", level: found.level as HeadingLevel, content: found.text }, next: at + 1 };
};

const underlinedHeading: Rule = ({ lines }, at, line) => {
  const underline = lines[at + 1];
  if (underline === undefined || !isUnderline(underline)) return undefined;
  const level = underline.trimEnd().endsWith("=") ? 1 : 2;
  return { block: { kind: "heading", level, content: line }, next: at + 2, leaves: "empty-lines" };
};

const table: Rule = ({ lines }, at) => {
  if (!isTable(lines.slice(at, at + 3))) return undefined;
  let next = at + 2;
  while (lines[next]?.includes("|")) next++;
  return { next };
};

/** A `^` at the start of a line; the lines that follow it belong to it, and so do further insets after an empty line. */
const inset: Rule = (scope, at, line) => {
  if (!isInset(line) || scope.depth >= DEPTH_MAX) return undefined;
  let next = at;
  while (isInset(scope.lines[next] ?? "")) next = skipBlanks(scope.lines, endOfRun(scope.lines, next));
  const lines = scope.lines.slice(at, next).map((insetLine) => insetLine.replace(/^ *\^ ?/, ""));
  const blocks = parse({ ...scope, lines: withoutTrailingBlanks(lines), inItem: false, depth: scope.depth + 1 });
  return { block: { kind: "inset", blocks }, next };
};

function endOfRun(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && !isBlank(lines[at])) at++;
  return at;
}

const list: Rule = (scope, at, line) => {
  const bullet = bulletOf(line);
  if (bullet === undefined || !startsList(scope, at)) return undefined;
  const next = endOfList(scope.lines, at);
  const lines = withoutTrailingBlanks(scope.lines.slice(at, next));
  if (scope.depth >= DEPTH_MAX) return { block: { kind: "lines", content: lines.join("\n") }, next };
  const items = itemsOf(lines).map((item) => {
    const blocks = parse({ ...scope, lines: withoutTrailingBlanks(item.lines), inItem: true, depth: scope.depth + 1 });
    return item.loose ? blocks.map(asParagraph) : blocks;
  });
  return { block: { kind: "list", ordered: bullet.endsWith("."), items }, next };
};

/** A bullet, and anything after it: on the line or below. */
function startsList({ lines }: Scope, at: number): boolean {
  const line = lines[at] ?? "";
  const bullet = bulletOf(line);
  return bullet !== undefined && (line.length > bullet.length || at + 1 < lines.length);
}

function asParagraph(block: SourceBlock): SourceBlock {
  return block.kind === "lines" ? { kind: "paragraph", content: block.content } : block;
}

const linkDefinition: Rule = ({ definitions }, at, line) => {
  const definition = linkDefinitionOf(line);
  if (!definition) return undefined;
  definitions.links.set(definition.key, definition);
  return { next: at + 1 };
};

const footnoteDefinition: Rule = (scope, at, line) => {
  const definition = footnoteDefinitionOf(line);
  if (!definition || scope.depth >= DEPTH_MAX) return undefined;
  let next = at + 1;
  while (scope.lines[next]?.startsWith(" ")) next++;
  const lines = [definition.text, ...scope.lines.slice(at + 1, next).map((footnoteLine) => footnoteLine.trimStart())];
  scope.definitions.footnotes.set(definition.key, parse({ ...scope, lines, depth: scope.depth + 1 }));
  return { next };
};

function paragraph(scope: Scope, at: number): Match {
  let next = at + 1;
  while (next < scope.lines.length && !isBlank(scope.lines[next]) && !paragraphEndsAt(scope, next)) next++;
  return { block: { kind: "paragraph", content: scope.lines.slice(at, next).join("\n") }, next };
}

function paragraphEndsAt(scope: Scope, at: number): boolean {
  const line = scope.lines[at] ?? "";
  return endsParagraph(line, scope.lines[at + 1]) || closeOfFence(scope, at) !== undefined;
}

/** Lines of an item up to one that is something else. Only an empty line can make them two paragraphs. */
function itemLines(scope: Scope, at: number): Match {
  let next = at + 1;
  while (next < scope.lines.length && !isBlank(scope.lines[next]) && !itemLinesEndAt(scope, next)) next++;
  const content = scope.lines.slice(at, next).join("\n");
  return { block: { kind: "lines", content }, next, leaves: "line-break-and-empty-lines" };
}

function itemLinesEndAt(scope: Scope, at: number): boolean {
  const line = scope.lines[at] ?? "";
  const startsBlock = isIndented(line) || isRule(line) || isInset(line) || startsList(scope, at);
  return startsBlock || isUnderline(scope.lines[at + 1]) || closeOfFence(scope, at) !== undefined;
}

const RULES: readonly Rule[] = [
  rule,
  indentedCode,
  fencedCode,
  heading,
  underlinedHeading,
  inset,
  list,
  linkDefinition,
  footnoteDefinition,
  table,
];

const ITEM_RULES: readonly Rule[] = [indentedCode, fencedCode, underlinedHeading, rule, inset, list];

const WORD_RULES: readonly Rule[] = [underlinedHeading, table];
const ITEM_WORD_RULES: readonly Rule[] = [underlinedHeading];
