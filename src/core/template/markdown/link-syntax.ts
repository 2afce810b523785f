/** The brackets and parentheses of links. Written so that a text of nothing but brackets takes no longer than any other. */
import { definitionKey, type LinkDefinition } from "./lines.ts";

/** No definition has a longer key; saves trying each of thousands of nested brackets. */
export const KEY_MAX_CHARACTERS = 256;
/** A longer title is part of the address. */
const TITLE_MAX_CHARACTERS = 1_000;
const OPENING_OF_TITLE = /\s["']/;
const CLOSING_OF_TITLE = /["']\s*\)/;
const SPACES = /\s*/y;
const NO_PAIRS: ReadonlyMap<number, number> = new Map();

/** What a link points to, and where its markdown ends. */
export interface Target {
  readonly url: string;
  readonly title: string | undefined;
  readonly end: number;
}

/** The position of the closing bracket for each opening one. Brackets after a backslash do not count. */
export function bracketPairs(text: string): ReadonlyMap<number, number> {
  if (!text.includes("[")) return NO_PAIRS;
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const { index, 0: bracket } of text.matchAll(/\\[[\]\\]|[[\]]/g)) {
    if (bracket === "[") open.push(index);
    else if (bracket === "]") closeLast(open, pairs, index);
  }
  return pairs;
}

function closeLast(open: number[], pairs: Map<number, number>, close: number): void {
  const last = open.pop();
  if (last !== undefined) pairs.set(last, close);
}

/** `(url "title")` right after the closing bracket. The first parenthesis that closes ends it, unless it stands in the title. */
export function linkAfter(text: string, close: number): Target | undefined {
  if (text[close + 1] !== "(") return undefined;
  const start = close + 2;
  const firstEnd = text.indexOf(")", start);
  if (firstEnd === -1) return undefined;
  return titledTarget(text, start, firstEnd) ?? { ...untitled(text.slice(start, firstEnd)), end: firstEnd + 1 };
}

function untitled(url: string): Pick<Target, "url" | "title"> {
  return { url: withoutAngles(url.trim()), title: undefined };
}

/** A quote opens before the first closing parenthesis; the title runs to a quote that has a parenthesis after it. */
function titledTarget(text: string, start: number, firstEnd: number): Target | undefined {
  const opening = OPENING_OF_TITLE.exec(text.slice(start, firstEnd));
  if (!opening) return undefined;
  const titleStart = start + opening.index + 2;
  const closing = CLOSING_OF_TITLE.exec(text.slice(titleStart, titleStart + TITLE_MAX_CHARACTERS));
  if (!closing) return undefined;
  const { url } = untitled(text.slice(start, titleStart - 2));
  const titleEnd = titleStart + closing.index;
  return { url, title: text.slice(titleStart, titleEnd), end: titleEnd + closing[0].length };
}

function withoutAngles(url: string): string {
  return url.startsWith("<") && url.endsWith(">") ? url.slice(1, -1) : url;
}

/** `[text][key]`, `[key][]` or `[key]`, if the message defines the key. */
export function referenceAfter(
  text: string,
  { open, close, links }: { open: number; close: number; links: ReadonlyMap<string, LinkDefinition> },
): Target | undefined {
  if (links.size === 0) return undefined;
  const second = secondBrackets(text, close);
  const key = second?.key || text.slice(open + 1, Math.min(close, open + 2 + KEY_MAX_CHARACTERS));
  const definition = key.length > KEY_MAX_CHARACTERS ? undefined : links.get(definitionKey(key));
  return definition && { url: definition.url, title: definition.title, end: second?.end ?? close + 1 };
}

function secondBrackets(text: string, close: number): { key: string; end: number } | undefined {
  SPACES.lastIndex = close + 1;
  const open = close + 1 + (SPACES.exec(text)?.[0].length ?? 0);
  if (text[open] !== "[") return undefined;
  const end = text.slice(open, open + 2 + KEY_MAX_CHARACTERS).indexOf("]");
  return end === -1 ? undefined : { key: text.slice(open + 1, open + end), end: open + end + 1 };
}
