/** Words into lines no wider than they may be, as Typst does it: as many words as fit on each, at the places that Unicode allows (UAX #14). */
import type { Font } from "fontkit";
import LineBreaker from "linebreak";
import type { LetterInline } from "../letter.ts";
import type { Face } from "../letter-fonts.ts";
import { ZERO_WIDTH_SPACE } from "../prepare-letter.ts";

export type Faces = Readonly<Record<Face, Font>>;

/** A stretch of a line in one face. */
export interface Run {
  readonly text: string;
  readonly face: Face;
  readonly isPlaceholder: boolean;
  /** From the line's beginning. */
  readonly xPt: number;
  readonly widthPt: number;
}

export type Line = readonly Run[];

export interface Measure {
  readonly faces: Faces;
  readonly sizePt: number;
  readonly widthPt: number;
  /** Where everything is bold, as in headings. */
  readonly isBold?: boolean;
}

type Words = LetterInline & { kind: "text" };

/** At least one line, which may be empty. */
export function breakLines(inlines: readonly LetterInline[], measure: Measure): Line[] {
  return splitAtBreaks(inlines).flatMap((words) => breakForcedLine(words, measure));
}

function splitAtBreaks(inlines: readonly LetterInline[]): Words[][] {
  const lines: Words[][] = [[]];
  for (const inline of inlines) {
    if (inline.kind === "line-break") lines.push([]);
    else lines.at(-1)?.push(inline);
  }
  return lines;
}

function breakForcedLine(words: readonly Words[], measure: Measure): Line[] {
  const text = words.map((word) => word.text).join("");
  const lines: Line[] = [];
  let start = 0;
  let best = 0;
  for (const end of breakPoints(text)) {
    if (best > start && widthOf(runsBetween(words, start, end), measure) > measure.widthPt) {
      lines.push(place(runsBetween(words, start, best), measure));
      start = best;
    }
    best = end;
  }
  return [...lines, place(runsBetween(words, start, text.length), measure)];
}

function breakPoints(text: string): number[] {
  const breaker = new LineBreaker(text);
  const points: number[] = [];
  for (let point = breaker.nextBreak(); point; point = breaker.nextBreak()) points.push(point.position);
  return points;
}

type Piece = Pick<Words, "text" | "isBold" | "isPlaceholder">;

/** What of the words lies between two places, without the space at a line's end, which has no width. */
function runsBetween(words: readonly Words[], from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const word of words) {
    const text = word.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text) pieces.push({ ...word, text });
    at += word.text.length;
  }
  const last = pieces.pop();
  return last ? [...pieces, { ...last, text: last.text.trimEnd() }] : [];
}

function widthOf(pieces: readonly Piece[], measure: Measure): number {
  return pieces.reduce((sum, piece) => sum + widthOfText(piece.text, { ...measure, face: faceOf(piece, measure) }), 0);
}

function place(pieces: readonly Piece[], measure: Measure): Line {
  let xPt = 0;
  return pieces.map((piece) => {
    const face = faceOf(piece, measure);
    const text = piece.text.replaceAll(ZERO_WIDTH_SPACE, ""); // it has done its work and has no glyph
    const widthPt = widthOfText(text, { ...measure, face });
    const run = { text, face, isPlaceholder: piece.isPlaceholder === true, xPt, widthPt };
    xPt += widthPt;
    return run;
  });
}

function faceOf(piece: Piece, { isBold }: Measure): Face {
  return isBold || piece.isBold ? "bold" : "regular";
}

export function widthOfText(
  text: string,
  { faces, sizePt, face }: Pick<Measure, "faces" | "sizePt"> & { face: Face },
): number {
  const font = faces[face];
  return (font.layout(text.replaceAll(ZERO_WIDTH_SPACE, "")).advanceWidth * sizePt) / font.unitsPerEm;
}
