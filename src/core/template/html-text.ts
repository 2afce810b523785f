/** Text in HTML, and back. */
import { NAMED_CHARACTERS } from "./named-characters.ts";

const REFERENCE = /&(?:#(?<decimal>\d{1,7})|#[xX](?<hex>[\da-fA-F]{1,6})|(?<name>[A-Za-z][A-Za-z\d]{1,9}));/g;
const REPLACEMENT_CHARACTER = "\ufffd";
const LAST_CODE_POINT = 0x10ffff;
/** Kept as typed, so that a template can hold words together. */
const HARD_SPACE = "&nbsp;";

const MAY_NEED_ESCAPING = /[&<>]/;
/** Ampersands of hard spaces stay. */
const TO_ESCAPE = /&(?!nbsp;)|[<>]/g;
const ESCAPED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Character references become characters, if they end with a semicolon and we know the name; others stay as they are. */
export function decodeReferences(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(REFERENCE, (...match) => characterOf(match[0], match[match.length - 1]));
}

interface ReferenceGroups {
  readonly decimal?: string;
  readonly hex?: string;
  readonly name?: string;
}

function characterOf(reference: string, { decimal, hex, name }: ReferenceGroups): string {
  if (name !== undefined) return NAMED_CHARACTERS.get(name) ?? reference;
  const codePoint = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number.parseInt(decimal, 10);
  return isCharacter(codePoint) ? String.fromCodePoint(codePoint) : REPLACEMENT_CHARACTER;
}

function isCharacter(codePoint: number): boolean {
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint > 0 && codePoint <= LAST_CODE_POINT && !isSurrogate;
}

/**
 * Text, with or without character references in it, as HTML text in which no tag can begin. Quotes stay, so the result must not be
 * used in an attribute: see `escapeAttribute`.
 *
 *     escapeText("a < b &amp; c&nbsp;d &eacute;") → "a &lt; b &amp; c&nbsp;d é"
 */
export function escapeText(text: string): string {
  if (!MAY_NEED_ESCAPING.test(text)) return text;
  const decoded = text.split(HARD_SPACE).map(decodeReferences).join(HARD_SPACE);
  return decoded.replace(TO_ESCAPE, (character) => ESCAPED[character] ?? character);
}

/** Text that is already `escapeText`, made fit for a double-quoted attribute. */
export function escapeAttribute(escapedText: string): string {
  return escapedText.replaceAll('"', "&quot;");
}
