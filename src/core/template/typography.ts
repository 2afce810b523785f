/** Typographic quotes, dashes and spaces, for emails, letters and subjects. Works on text and on HTML alike: tags are left alone. */

const SPACE_BEFORE_PUNCTUATION = /[ \t][,.]/;
const SPACES_BEFORE_PUNCTUATION = /[ \t](?<![ \t]{2})[ \t]*(?=[,.])/g;
const DASH_BETWEEN_SPACES = /[^\S\n][-–—]{1,3}[^\S\n]/;
/** One to three hyphens or dashes between spaces. The look-behind has each run of spaces tried once, from its start. */
const DASHES_BETWEEN_SPACES = /[^\S\n](?<![^\S\n]{2})[^\S\n]*[-–—]{1,3}[^\S\n]+/g;
const QUOTE = /['"]/;
const WORDS = /\S+/g;
const CURLY_SINGLE = /[‘’]/g;
const CURLY_DOUBLE = /[“”]/g;

const LITERAL_ELEMENTS = /^<(\/?)(a|pre|code|kbd|samp|script|style|math)\b/i;

const LETTER = "[\\p{L}\\p{N}_]";
/** After these a quote opens. */
const BEFORE_OPENING = "(?:\\s|&nbsp;|--|[–—])";
/** After these a quote does not close. */
const BEFORE_CLOSING = "[^ \\t\\r\\n[{(-]";

type QuoteRule = readonly [pattern: RegExp, replacement: string];

/**
 * In this order: each rule sees what the ones before left. The rules are those of John Gruber's SmartyPants.
 * A pattern begins with the quote and then looks back past it, which is many times faster than looking back from every character.
 */
const RULES_FOR_BOTH: readonly QuoteRule[] = [
  [new RegExp(`"'(?=${LETTER})`, "gu"), "“‘"],
  [new RegExp(`'"(?=${LETTER})`, "gu"), "‘“"],
];
const RULES_FOR_SINGLE: readonly QuoteRule[] = [
  [new RegExp(`'(?<=${LETTER}')(?=\\d{2}s)`, "gu"), "’"],
  [new RegExp(`'(?<=${BEFORE_OPENING}')(?=${LETTER})`, "gu"), "‘"],
  [new RegExp(`'(?<=${BEFORE_CLOSING}')(?!\\s|s(?!${LETTER})|\\d)`, "gu"), "’"],
  [new RegExp(`'(?<=${BEFORE_CLOSING}')(?=\\s|s(?!${LETTER}))`, "gu"), "’"],
  [/'/g, "‘"],
];
const RULES_FOR_DOUBLE: readonly QuoteRule[] = [
  [new RegExp(`"(?<=${BEFORE_OPENING}")(?=${LETTER})`, "gu"), "“"],
  [/"(?=\s)/g, "”"],
  [new RegExp(`"(?<=${BEFORE_CLOSING}")`, "gu"), "”"],
  [/"/g, "“"],
];

/**
 * No space before a comma or full stop; curly quotes, but for those in email addresses and in links; a dash between words is an en dash.
 *
 *     polish(`It's "here" - or not .`) → "It’s “here” – or not."
 */
export function polish(text: string): string {
  const closed = SPACE_BEFORE_PUNCTUATION.test(text) ? text.replace(SPACES_BEFORE_PUNCTUATION, "") : text;
  const curled = straightenAddresses(curlQuotes(closed));
  return DASH_BETWEEN_SPACES.test(curled) ? curled.replace(DASHES_BETWEEN_SPACES, " – ") : curled;
}

function curlQuotes(text: string): string {
  if (!QUOTE.test(text)) return text;
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
  if (!QUOTE.test(text)) return text;
  const closes = /\S/.test(before);
  if (text === "'") return closes ? "’" : "‘";
  if (text === '"') return closes ? "”" : "“";
  return applyRules(text);
}

function applyRules(text: string): string {
  const [single, double] = [text.includes("'"), text.includes('"')];
  const both = single && double ? RULES_FOR_BOTH : [];
  const rules = [...both, ...(single ? RULES_FOR_SINGLE : []), ...(double ? RULES_FOR_DOUBLE : [])];
  return rules.reduce((curled, [pattern, replacement]) => curled.replace(pattern, replacement), text);
}

/** In o'brien@example.com the apostrophe is part of the address. */
function straightenAddresses(text: string): string {
  if (!text.includes("@")) return text;
  return text.replace(WORDS, (word) => (word.includes("@") ? straighten(word) : word));
}

function straighten(word: string): string {
  return word.replace(CURLY_SINGLE, "'").replace(CURLY_DOUBLE, '"');
}
