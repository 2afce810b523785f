/** Where a list ends, and what belongs to each of its items. */
import { bulletOf, indentOf, isBlank, isDefinition, isRule } from "./lines.ts";

const SPACES_AFTER_BULLET = /^ +/;

export interface ItemLines {
  /** Without the bullet, and moved left by its width. */
  readonly lines: readonly string[];
  /** Has an empty line in it or beside it, so its text stands in paragraphs. */
  readonly loose: boolean;
}

/**
 * The line after a list. An empty line ends it unless more of the list follows: an item, or a line that begins with a space.
 * Two empty lines always do, and so do a horizontal rule and a definition. Bullets and numbers may change within a list.
 */
export function endOfList(lines: readonly string[], start: number): number {
  const indent = " ".repeat(indentOf(lines[start] ?? ""));
  let at = start + 1;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (isBlank(line) && !continuesAfterBlank(lines[at + 1] ?? "", indent)) return at;
    if (isRuleBeside(line, indent) || isDefinition(line)) return at;
    at++;
  }
  return at;
}

/** A rule further in than the list belongs to its item. */
function isRuleBeside(line: string, indent: string): boolean {
  const outdented = line.startsWith(indent) ? line.slice(indent.length) : line;
  return !outdented.startsWith(" ") && isRule(outdented);
}

function continuesAfterBlank(line: string, indent: string): boolean {
  return line.startsWith(" ") || isItem(line, indent);
}

function isItem(line: string, indent: string): boolean {
  return line.startsWith(indent) && bulletOf(line.slice(indent.length))?.startsWith(" ") === false;
}

/** The lines of a list as its items. All items stand as far in as the first; lines that stand elsewhere belong to the item above. */
export function itemsOf(lines: readonly string[]): ItemLines[] {
  const indent = " ".repeat(indentOf(lines[0] ?? ""));
  const starts = [...lines.keys()].filter((at) => isItem(lines[at] ?? "", indent));
  const items: ItemLines[] = [];
  let followsBlank = false;
  for (const [index, start] of starts.entries()) {
    const own = lines.slice(start, starts[index + 1]);
    const endsBlank = isBlank(own.at(-1));
    items.push({ lines: withoutBullet(own), loose: followsBlank || endsBlank || hasBlankInside(own) });
    followsBlank = endsBlank;
  }
  return items;
}

function hasBlankInside(lines: readonly string[]): boolean {
  const firstBlank = lines.indexOf("");
  return firstBlank !== -1 && lines.slice(firstBlank).some((line) => !isBlank(line));
}

function withoutBullet([first = "", ...rest]: readonly string[]): string[] {
  const bullet = bulletOf(first) ?? "";
  const text = first.slice(bullet.length);
  const width = bullet.length + (SPACES_AFTER_BULLET.exec(text)?.[0].length ?? 0);
  return [first.slice(width), ...rest.map((line) => line.slice(Math.min(width, indentOf(line))))];
}
