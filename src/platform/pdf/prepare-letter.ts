/**
 * Makes a letter's words fit to be set: characters that the typeface has, no controls, and somewhere to break a word that is wider
 * than the page. What either engine is given has gone through here, so that both set the same.
 */
import anyAscii from "any-ascii";
import type { Letter, LetterBlock, LetterInline, LetterLogo, LetterPart } from "./letter.ts";
import { openFace } from "./letter-fonts.ts";

/** What stands for a character that has no likeness in the typeface. */
const UNKNOWN = "□";
/** So many of the widest letters fill a line of the body. */
const WORD_MAX = 45;
/** Inside a long word a line may end after these, as in web addresses, but not every few letters. */
const BREAK_AFTER = /[/?&=_.,:;@-]/u;
const BREAK_EVERY_MIN = 15;
export const ZERO_WIDTH_SPACE = "\u200b";
/** White space of any kind becomes a space, so that nothing but a line break breaks a line. */
const WHITE_SPACE = /[\t\n\v\f\r\u0085\u2028\u2029]/gu;
/** Controls and marks of direction or joining, which have no picture. */
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|\p{Variation_Selector}|\u034f/gu;

export interface PreparedLetter {
  readonly letter: Letter;
  readonly replacedCharacters: readonly string[];
}

/** A reference out of an SVG: a link to anything but a part of it or a picture inside it, or a style from elsewhere. */
const OUTSIDE = /href\s*=\s*["']?\s*(?![\s"'#]|data:image\/(png|jpeg);)|@import|url\(\s*["']?\s*(?![\s"'#])|<!ENTITY/iu;

type Tidy = (text: string) => string;

/** Throws for a logo that is more than a picture. `prepare` of a letter with "Ω → 你" gives "Ω → Ni" and tells that 你 was replaced. */
export function letterPreparer(): (letter: Letter) => PreparedLetter {
  const font = openFace("regular");
  const hasGlyph = (character: string) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
  return (letter) => {
    if (letter.logo) refuseOutsideReferences(letter.logo);
    const replaced = new Set<string>();
    const tidy = tidier(hasGlyph, replaced);
    const parts = letter.parts.map((part) => preparePart(part, tidy));
    return { letter: { ...letter, parts }, replacedCharacters: [...replaced] };
  };
}

/** What draws the logo may read files; a logo has no business with any. */
function refuseOutsideReferences({ format, bytes }: LetterLogo): void {
  if (format !== "svg") return;
  if (OUTSIDE.test(Buffer.from(bytes).toString("utf8"))) throw new Error("The logo refers to something outside itself");
}

function tidier(hasGlyph: (character: string) => boolean, replaced: Set<string>): Tidy {
  const legible = (character: string): string => {
    if (hasGlyph(character)) return character;
    replaced.add(character);
    const likeness = anyAscii(character);
    return likeness === "" ? UNKNOWN : likeness;
  };
  return (text) => {
    const composed = text.normalize("NFC").replace(WHITE_SPACE, " ").replace(INVISIBLE, "");
    const shown = Array.from(composed, legible).join("");
    return shown.replace(/[^ ]+/g, breakable);
  };
}

function breakable(word: string): string {
  if (word.length <= WORD_MAX) return word;
  let sinceBreak = 0;
  return Array.from(word, (character) => {
    sinceBreak += 1;
    const mayBreak = sinceBreak >= BREAK_EVERY_MIN && BREAK_AFTER.test(character);
    if (!mayBreak && sinceBreak < WORD_MAX) return character;
    sinceBreak = 0;
    return character + ZERO_WIDTH_SPACE;
  }).join("");
}

function preparePart(part: LetterPart, tidy: Tidy): LetterPart {
  return {
    ...part,
    addressLines: part.addressLines.map((line) => tidy(line.toLocaleUpperCase("en-GB"))),
    contactBlock: part.contactBlock.map(tidy),
    date: tidy(part.date),
    subject: prepareInlines(part.subject, tidy),
    blocks: prepareBlocks(part.blocks, tidy),
  };
}

function prepareBlocks(blocks: readonly LetterBlock[], tidy: Tidy): LetterBlock[] {
  return blocks.map((block) => prepareBlock(block, tidy));
}

function prepareBlock(block: LetterBlock, tidy: Tidy): LetterBlock {
  if ("content" in block) return { ...block, content: prepareInlines(block.content, tidy) };
  if ("items" in block) return { ...block, items: block.items.map((item) => prepareBlocks(item, tidy)) };
  return block;
}

function prepareInlines(inlines: readonly LetterInline[], tidy: Tidy): LetterInline[] {
  return inlines.map((inline) => (inline.kind === "text" ? { ...inline, text: tidy(inline.text) } : inline));
}
