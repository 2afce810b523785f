/** Typographic quotes, dashes and spaces, for emails, letters and subjects. Works on text and on HTML alike: tags are left alone. */

const SPACES_BEFORE_PUNCTUATION = /(?<![ \t])[ \t]+(?=[,.])/g;
/** One to three hyphens or dashes between spaces. The look-behind makes each run of spaces be tried once only. */
const DASH_BETWEEN_SPACES = /(?<![^\S\n])[^\S\n]+[-–—]{1,3}[^\S\n]+/g;
const WORDS = /\S+/g;
const CURLY_SINGLE = /[‘’]/g;
const CURLY_DOUBLE = /[“”]/g;
const MAY_CHANGE = /['"\-–—]|[ \t][,.]/;

const LITERAL_ELEMENTS = /^<(\/?)(a|pre|code|kbd|samp|script|style|math)\b/i;

const LETTER = "[\\p{L}\\p{N}_]";
/** After these a quote opens. */
const BEFORE_OPENING = "(?:\\s|&nbsp;|--|[–—])";
/** After these a quote does not close. */
const CLOSING_COMES_AFTER = "[^ \\t\\r\\n[{(-]";

/** In this order: each rule sees what the ones before left. The rules are those of John Gruber's SmartyPants. */
const QUOTE_RULES: ReadonlyArray<readonly [pattern: RegExp, replacement: string]> = [
  [new RegExp(`"'(?=${LETTER})`, "gu"), "“‘"],
  [new RegExp(`'"(?=${LETTER})`, "gu"), "‘“"],
  [new RegExp(`(?<=${LETTER})'(?=\\d{2}s)`, "gu"), "’"],
  [new RegExp(`(?<=${BEFORE_OPENING})'(?=${LETTER})`, "gu"), "‘"],
  [new RegExp(`(?<=${CLOSING_COMES_AFTER})'(?!\\s|s(?!${LETTER})|\\d)`, "gu"), "’"],
  [new RegExp(`(?<=${CLOSING_COMES_AFTER})'(?=\\s|s(?!${LETTER}))`, "gu"), "’"],
  [/'/g, "‘"],
  [new RegExp(`(?<=${BEFORE_OPENING})"(?=${LETTER})`, "gu"), "“"],
  [/"(?=\s)/g, "”"],
  [new RegExp(`(?<=${CLOSING_COMES_AFTER})"`, "gu"), "”"],
  [/"/g, "“"],
];

/**
 * No space before a comma or full stop; curly quotes, but for those in email addresses and in links; a dash between words is an en dash.
 *
 *     polish(`It's "here" - or not .`) → "It’s “here” – or not."
 */
export function polish(text: string): string {
  if (!MAY_CHANGE.test(text)) return text;
  const closed = text.replace(SPACES_BEFORE_PUNCTUATION, "");
  return straightenAddresses(curlQuotes(closed)).replace(DASH_BETWEEN_SPACES, " – ");
}

function curlQuotes(text: string): string {
  if (!/['"]/.test(text)) return text;
  const reader = { literalDepth: 0, before: "" };
  let curled = "";
  for (const token of tokens(text)) {
    curled += token.startsWith("<") && token.endsWith(">") ? readTag(token, reader) : readText(token, reader);
  }
  return curled;
}

interface Reader {
  /** How many elements whose text is not prose are open. */
  literalDepth: number;
  /** The last character of the text so far: decides which way a quote on its own turns. */
  before: string;
}

/** Tags, and the text between them. */
function* tokens(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("<", at);
    const end = start === -1 ? -1 : text.indexOf(">", start);
    if (end === -1) break;
    if (start > at) yield text.slice(at, start);
    yield text.slice(start, end + 1);
    at = end + 1;
  }
  if (at < text.length) yield text.slice(at);
}

function readTag(tag: string, reader: Reader): string {
  const literal = LITERAL_ELEMENTS.exec(tag);
  if (literal) reader.literalDepth = Math.max(0, reader.literalDepth + (literal[1] === "/" ? -1 : 1));
  return tag;
}

function readText(text: string, reader: Reader): string {
  const curled = reader.literalDepth > 0 ? text : curlText(text, reader.before);
  reader.before = text.slice(-1);
  return curled;
}

function curlText(text: string, before: string): string {
  const closes = /\S/.test(before);
  if (text === "'") return closes ? "’" : "‘";
  if (text === '"') return closes ? "”" : "“";
  return QUOTE_RULES.reduce((curled, [pattern, replacement]) => curled.replace(pattern, replacement), text);
}

/** In o'brien@example.com the apostrophe is part of the address. */
function straightenAddresses(text: string): string {
  if (!text.includes("@")) return text;
  return text.replace(WORDS, (word) => (word.includes("@") ? straighten(word) : word));
}

function straighten(word: string): string {
  return word.replace(CURLY_SINGLE, "'").replace(CURLY_DOUBLE, '"');
}
