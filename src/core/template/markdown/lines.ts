/** Markdown is read line by line: these say what a line could begin. */

const TAB_COLUMNS = 4;
const RULE_MARKS_MIN = 3;
const HEADING_LEVEL_MAX = 6;

const RULE_CHARACTERS = /^ {0,3}[-*_][-*_ ]*$/;
const UNDERLINE = /^ *[-=]+ *$/;
const BULLET = /^ *(?:[•*-]|\d+\.)/;
const SPACED_BULLET = /^ *(?:[*+-]|\d+\.) +\S/;
const INSET = /^ *\^[^\n]/;
const QUOTE = /^ *>[^\n]/;
const LINK_DEFINITION = /^ *\[([^^\]][^\]]*)\]: *<?([^\s>]+)>?(?: +["(]([^\n]+)[")])? *$/;
const FOOTNOTE_DEFINITION = /^\[\^([^\]]+)\]: *(.*)$/;
const FENCE = /^ *(`{3,}|~{3,}) *(?:[^`\s]+)? *$/;
/** Lines that begin otherwise cannot end a paragraph, unless they are underlined. */
const MAY_END_PARAGRAPH = /^ *[#*+\-_>[`~\d]/;

export function splitLines(text: string): string[] {
  const lines = text.replace(/\r\n?|\u2424/g, "\n").split("\n");
  return withoutTrailingBlanks(lines.map((line) => blankIfOnlySpaces(expandTabs(line))));
}

export function withoutTrailingBlanks(lines: readonly string[]): string[] {
  const end = lines.findLastIndex((line) => line !== "") + 1;
  return lines.slice(0, end);
}

function expandTabs(line: string): string {
  if (!line.includes("\t")) return line;
  const [first = "", ...cells] = line.split("\t");
  let column = first.length;
  const expanded = [first];
  for (const cell of cells) {
    const spaces = TAB_COLUMNS - (column % TAB_COLUMNS);
    expanded.push(" ".repeat(spaces), cell);
    column += spaces + cell.length;
  }
  return expanded.join("");
}

function blankIfOnlySpaces(line: string): string {
  return /^ +$/.test(line) ? "" : line;
}

export function isBlank(line: string | undefined): boolean {
  return line === "";
}

/** `---`, `* * *`, `___`, and mixtures of them. */
export function isRule(line: string): boolean {
  return RULE_CHARACTERS.test(line) && hasMarks(line, RULE_MARKS_MIN);
}

function hasMarks(line: string, wanted: number): boolean {
  let found = 0;
  for (let at = 0; at < line.length && found < wanted; at++) if (line[at] !== " ") found++;
  return found === wanted;
}

/** A line of `===` or `---` under a heading. */
export function isUnderline(line: string | undefined): boolean {
  return line !== undefined && UNDERLINE.test(line);
}

/** `# Heading #`: its level and text; undefined when there is no text. */
export function headingOf(line: string): { level: number; text: string } | undefined {
  const marks = /^ *(#{1,6})/.exec(line);
  if (!marks) return undefined;
  const text = line.slice(marks[0].length).trim();
  if (text === "") return headingOfMarks(marks[1]?.length ?? 0);
  return { level: marks[1]?.length ?? HEADING_LEVEL_MAX, text: withoutClosingMarks(text) };
}

/** With nothing else on the line, the last # is the text. */
function headingOfMarks(marks: number): { level: number; text: string } | undefined {
  return marks > 1 ? { level: marks - 1, text: "#" } : undefined;
}

function withoutClosingMarks(text: string): string {
  let end = text.length;
  while (end > 1 && text[end - 1] === "#") end--;
  return text.slice(0, end).trimEnd();
}

/** The bullet or number of a list item with the spaces before it; the space after is not needed. */
export function bulletOf(line: string): string | undefined {
  return BULLET.exec(line)?.[0];
}

export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

export function isInset(line: string): boolean {
  return INSET.test(line);
}

export function isIndented(line: string): boolean {
  return line.startsWith("    ") && line.length > TAB_COLUMNS;
}

/** The marks of a code fence: three or more backticks or tildes. */
export function fenceOf(line: string): string | undefined {
  return FENCE.exec(line)?.[1];
}

export interface LinkDefinition {
  readonly key: string;
  readonly url: string;
  readonly title: string | undefined;
}

/** `[key]: url "title"` */
export function linkDefinitionOf(line: string): LinkDefinition | undefined {
  if (!line.includes("]:")) return undefined;
  const [, key, url, title] = LINK_DEFINITION.exec(line) ?? [];
  return key !== undefined && url !== undefined ? { key: definitionKey(key), url, title } : undefined;
}

/** `[^key]: text` */
export function footnoteDefinitionOf(line: string): { key: string; text: string } | undefined {
  if (!line.startsWith("[^")) return undefined;
  const [, key, text] = FOOTNOTE_DEFINITION.exec(line) ?? [];
  return key !== undefined && text !== undefined ? { key: definitionKey(key), text } : undefined;
}

/** Keys of definitions are the same in any case and with any spaces between words. */
export function definitionKey(key: string): string {
  return key.toLowerCase().replace(/\s+/g, " ");
}

/** Could this line end the paragraph above it? A list must have a space after its marker to do so; a `^` cannot. */
export function endsParagraph(line: string, next: string | undefined): boolean {
  if (isUnderline(next)) return true;
  if (!MAY_END_PARAGRAPH.test(line)) return false;
  return (
    isRule(line) || SPACED_BULLET.test(line) || QUOTE.test(line) || isDefinition(line) || headingOf(line) !== undefined
  );
}

export function isDefinition(line: string): boolean {
  return linkDefinitionOf(line) !== undefined || footnoteDefinitionOf(line) !== undefined;
}

/** The first line, the dashes under it, and at least one more: `| a | b |` with bars outside, or `a | b` without. */
export function isTable([head = "", dashes = "", row]: readonly (string | undefined)[]): boolean {
  if (row === undefined || !head.includes("|")) return false;
  const framed = /^ *\|./.test(head) && /^ *\| *[-:][-| :]*$/.test(dashes);
  const bare = /^ *[^\s|]/.test(head) && /^ *[-:]+ *\|[-| :]*$/.test(dashes);
  return framed || bare;
}
