/** The words on a page and where each stands, as a reader sees the page. */

import type { Font } from "fontkit";
import type { PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { Util } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Box } from "../letter.ts";
import { POINTS_PER_MM } from "../letter-style.ts";

/** More than a page of the smallest print has. */
const WORDS_MAX = 50_000;
/** Of a typeface that does not say. */
const USUAL_ASCENT = 0.9;
const USUAL_DESCENT = -0.2;
/** Words whose middles are apart by less, in shares of their height, are on one line. */
const SAME_LINE = 0.5;

export interface Word {
  /** In Unicode's form NFKD. */
  readonly text: string;
  readonly box: Box;
}

interface TextItem {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly fontName: string;
}

/** `font` tells how wide letters are beside one another, where several words came as one. */
export async function wordsOnPage(page: PDFPageProxy, font: Font): Promise<Word[]> {
  const { transform } = page.getViewport({ scale: 1 });
  const { items, styles } = await page.getTextContent({ includeMarkedContent: false, disableNormalization: true });
  const words = items.flatMap((item) => {
    if (!("str" in item) || item.str.trim() === "") return [];
    const { ascent, descent } = styles[item.fontName] ?? {};
    const heights = { ascent: ascent || USUAL_ASCENT, descent: descent || USUAL_DESCENT };
    return wordsOfItem(item, { toPage: transform, heights, font });
  });
  return words.slice(0, WORDS_MAX);
}

interface ItemContext {
  readonly toPage: number[];
  readonly heights: { readonly ascent: number; readonly descent: number };
  readonly font: Font;
}

function wordsOfItem(item: TextItem, { toPage, heights, font }: ItemContext): Word[] {
  const matrix: number[] = Util.transform(toPage, [...item.transform]);
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = matrix;
  const [along, across] = [Math.hypot(a, b) || 1, Math.hypot(c, d)];
  const total = widthIn(font, item.str) || 1;
  const at = (right: number, up: number) => ({
    xPt: x + (a / along) * right + (c / (across || 1)) * up,
    yPt: y + (b / along) * right + (d / (across || 1)) * up,
  });
  return Array.from(item.str.matchAll(/\S+/gu), ({ 0: text, index }) => {
    const from = (widthIn(font, item.str.slice(0, index)) / total) * item.width;
    const to = (widthIn(font, item.str.slice(0, index + text.length)) / total) * item.width;
    const [low, high] = [heights.descent * across, heights.ascent * across];
    const corners = [at(from, low), at(from, high), at(to, low), at(to, high)];
    return { text: text.normalize("NFKD"), box: boxAround(corners) };
  });
}

function widthIn(font: Font, text: string): number {
  return Array.from(text).reduce((sum, character) => {
    return sum + font.glyphForCodePoint(character.codePointAt(0) ?? 0).advanceWidth;
  }, 0);
}

function boxAround(corners: readonly { xPt: number; yPt: number }[]): Box {
  const [xs, ys] = [corners.map(({ xPt }) => xPt / POINTS_PER_MM), corners.map(({ yPt }) => yPt / POINTS_PER_MM)];
  return { leftMm: Math.min(...xs), topMm: Math.min(...ys), rightMm: Math.max(...xs), bottomMm: Math.max(...ys) };
}

export function touches(one: Box, other: Box): boolean {
  return (
    one.leftMm < other.rightMm && one.rightMm > other.leftMm && one.topMm < other.bottomMm && one.bottomMm > other.topMm
  );
}

/** Lines from top to bottom, words from left to right. */
export function textOf(words: readonly Word[]): string {
  const lines: { middleMm: number; words: Word[] }[] = [];
  for (const word of [...words].sort((one, other) => middleOf(one) - middleOf(other))) {
    const last = lines.at(-1);
    const heightMm = word.box.bottomMm - word.box.topMm;
    if (last && middleOf(word) - last.middleMm < SAME_LINE * heightMm) last.words.push(word);
    else lines.push({ middleMm: middleOf(word), words: [word] });
  }
  return lines
    .map((line) =>
      fromLeft(line.words)
        .map(({ text }) => text)
        .join(" "),
    )
    .join("\n");
}

function middleOf({ box }: Word): number {
  return (box.topMm + box.bottomMm) / 2;
}

function fromLeft(words: readonly Word[]): Word[] {
  return [...words].sort((one, other) => one.box.leftMm - other.box.leftMm);
}
