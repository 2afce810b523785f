/** The prose of a block: text, line breaks, links and addresses. Emphasis and inline code are not part of the dialect; they stay as typed. */
import type { Inline } from "./ast.ts";
import { definitionKey, type LinkDefinition } from "./lines.ts";
import { bracketPairs, KEY_MAX_CHARACTERS, linkAfter, referenceAfter, type Target } from "./link-syntax.ts";

/** Where something other than text may begin. */
const SPECIAL = /\\|<|!?\[|\n|https?:\/\//g;
/** Characters a backslash makes ordinary; in HTML the angle brackets are references by now. */
const ESCAPED_CHARACTER = /\\([\\`*{}[\]()#+\-.!_>~|]|&[lg]t;)/y;
/** An address runs to a space, and leaves out punctuation that closes the sentence rather than the address. */
const ADDRESS = /https?:\/\/[^\s<]+[^<.,:"')\]\s]/y;
/** In plain text `<https://example.com>` and `<me@example.com>` lose their brackets. Addresses longer than this are text. */
const BRACKETED_ADDRESS = /<([^ <>]{1,2000}[@:][^ <>]{1,2000})>/y;

export interface InlineContext {
  readonly links: ReadonlyMap<string, LinkDefinition>;
  /** Told of each footnote the text refers to; says whether there is one. The reference itself is left out. */
  readonly footnote: (key: string) => boolean;
}

interface Token {
  readonly inline?: Inline;
  readonly end: number;
}

interface Reader extends InlineContext {
  readonly text: string;
  readonly pairs: ReadonlyMap<number, number>;
  /** Inside a link there are no further links. */
  readonly inLink: boolean;
  /** Line breaks from here on have nothing after them. */
  readonly contentEnd: number;
  /** No link can end after it, so none is looked for again and again. */
  readonly lastParenthesis: number;
}

/** Reads prose. Any text can be read: what is not quite markdown is text. */
export function parseInline(text: string, context: InlineContext): Inline[] {
  if (nextSpecial(text, 0) === -1) return text === "" ? [] : [{ kind: "text", text }];
  return read(readerOf(text, context, { inLink: false }));
}

function readerOf(text: string, { links, footnote }: InlineContext, { inLink }: { inLink: boolean }): Reader {
  const contentEnd = inLink ? text.length : text.trimEnd().length;
  return {
    links,
    footnote,
    text,
    pairs: bracketPairs(text),
    inLink,
    contentEnd,
    lastParenthesis: text.lastIndexOf(")"),
  };
}

function read(reader: Reader): Inline[] {
  const inlines: Inline[] = [];
  let pending = "";
  let textStart = 0;
  for (let at = nextSpecial(reader.text, 0); at !== -1; ) {
    const token = tokenAt(reader, at);
    if (token) {
      pending += textBefore(reader.text.slice(textStart, at), token);
      if (token.inline?.kind === "text") pending += token.inline.text;
      else pending = push(inlines, pending, token.inline);
      textStart = token.end;
    }
    at = nextSpecial(reader.text, token ? token.end : at + 1);
  }
  push(inlines, pending + reader.text.slice(textStart), undefined);
  return inlines;
}

function nextSpecial(text: string, from: number): number {
  SPECIAL.lastIndex = from;
  return SPECIAL.exec(text)?.index ?? -1;
}

/** Spaces before a line break are not shown. */
function textBefore(text: string, token: Token): string {
  if (token.inline?.kind !== "break") return text;
  let end = text.length;
  while (text[end - 1] === " ") end--;
  return text.slice(0, end);
}

/** Adds the text so far and what follows it, and returns the text that is then pending: none. */
function push(inlines: Inline[], pending: string, inline: Inline | undefined): string {
  if (pending !== "") inlines.push({ kind: "text", text: pending });
  if (inline) inlines.push(inline);
  return "";
}

function tokenAt(reader: Reader, at: number): Token | undefined {
  switch (reader.text[at]) {
    case "\\":
      return escapedCharacter(reader.text, at);
    case "\n":
      return at < reader.contentEnd ? { inline: { kind: "break" }, end: at + 1 } : undefined;
    case "<":
      return bracketedAddress(reader.text, at);
    case "h":
      return address(reader, at);
    default:
      return bracketed(reader, at);
  }
}

function escapedCharacter(text: string, at: number): Token | undefined {
  const character = matchAt(ESCAPED_CHARACTER, text, at)?.[1];
  return character === undefined
    ? undefined
    : { inline: { kind: "text", text: character }, end: at + 1 + character.length };
}

function bracketedAddress(text: string, at: number): Token | undefined {
  const inside = matchAt(BRACKETED_ADDRESS, text, at)?.[1];
  if (inside === undefined) return undefined;
  const end = at + inside.length + 2;
  return { inline: inside.includes(":") ? { kind: "address", url: inside } : { kind: "text", text: inside }, end };
}

function address(reader: Reader, at: number): Token | undefined {
  const url = matchAt(ADDRESS, reader.text, at)?.[0];
  if (url === undefined) return undefined;
  return { inline: reader.inLink ? { kind: "text", text: url } : { kind: "address", url }, end: at + url.length };
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}

/** What begins with a bracket, or an exclamation mark and a bracket: a footnote reference, a link, an image. */
function bracketed(reader: Reader, at: number): Token | undefined {
  const isImage = reader.text[at] === "!";
  const open = isImage ? at + 1 : at;
  const close = reader.pairs.get(open);
  if (close === undefined) return undefined;
  const footnoteEnd = isImage ? undefined : endOfFootnoteReference(reader, open, close);
  if (footnoteEnd !== undefined) return { end: footnoteEnd };
  if (reader.inLink && !isImage) return undefined;
  const target = targetOf(reader, open, close);
  if (!target) return undefined;
  return isImage ? { end: target.end } : { inline: link(reader, { open, close, target }), end: target.end };
}

function endOfFootnoteReference({ text, footnote }: Reader, open: number, close: number): number | undefined {
  if (text[open + 1] !== "^" || close - open > KEY_MAX_CHARACTERS) return undefined;
  return footnote(definitionKey(text.slice(open + 2, close))) ? close + 1 : undefined;
}

function targetOf({ text, links, lastParenthesis }: Reader, open: number, close: number): Target | undefined {
  const mayBeClosed = close < lastParenthesis;
  return (mayBeClosed ? linkAfter(text, close) : undefined) ?? referenceAfter(text, { open, close, links });
}

function link(reader: Reader, found: { open: number; close: number; target: Target }): Inline {
  const { url, title, end } = found.target;
  const text = reader.text.slice(found.open + 1, found.close);
  const content = read(readerOf(text, reader, { inLink: true }));
  return { kind: "link", url, title, content, source: reader.text.slice(found.open, end) };
}
