/** What stands above a letter's text: where the blocks of lines go, and how small they are set to fit their boxes. */
import type { Box, Letter, LetterGeometry, LetterPart } from "../letter.ts";
import { LETTER_STYLE, POINTS_PER_MM } from "../letter-style.ts";
import { breakLines, type Faces, type Line } from "./break-lines.ts";

const { shrinkBy, shrinkMin, bodyTopMm, letterheadTopMm, letterheadGapMm } = LETTER_STYLE;

export interface FittedLines {
  readonly lines: readonly Line[];
  readonly sizePt: number;
  readonly pitchPt: number;
  readonly leftPt: number;
  readonly topPt: number;
  readonly heightPt: number;
}

interface Style {
  readonly sizePt: number;
  readonly pitchPt: number;
}

export function fitAddress(lines: readonly string[], { faces, box }: { faces: Faces; box: Box }): FittedLines {
  const fitted = fitLines(lines, { faces, box, style: LETTER_STYLE.address });
  const room = (box.bottomMm - box.topMm) * POINTS_PER_MM - fitted.heightPt;
  return { ...fitted, topPt: box.topMm * POINTS_PER_MM + room / 2 };
}

export function fitContactBlock(lines: readonly string[], { faces, box }: { faces: Faces; box: Box }): FittedLines {
  const fitted = fitLines(lines, { faces, box, style: LETTER_STYLE.contact });
  const lowestPt = box.bottomMm * POINTS_PER_MM - fitted.heightPt;
  const topPt = Math.max(box.topMm * POINTS_PER_MM, Math.min(letterheadTopMm * POINTS_PER_MM, lowestPt));
  return { ...fitted, topPt };
}

function fitLines(
  lines: readonly string[],
  { faces, box, style }: { faces: Faces; box: Box; style: Style },
): FittedLines {
  const widthPt = (box.rightMm - box.leftMm) * POINTS_PER_MM;
  const roomPt = (box.bottomMm - box.topMm) * POINTS_PER_MM;
  const leftPt = box.leftMm * POINTS_PER_MM;
  for (let scale = 1; ; scale *= shrinkBy) {
    const sizePt = style.sizePt * scale;
    const set = lines.flatMap((text) => breakLines([{ kind: "text", text }], { faces, sizePt, widthPt }));
    const pitchPt = style.pitchPt * scale;
    const heightPt = Math.max(0, set.length - 1) * pitchPt + sizePt;
    if (heightPt <= roomPt || scale <= shrinkMin) return { lines: set, sizePt, pitchPt, leftPt, topPt: 0, heightPt };
  }
}

/** Where a part's text begins on its first page: below the window if it has an address, else below what stands at its head. */
export function bodyTopOf(
  part: LetterPart,
  { letter, geometry, contact }: { letter: Letter; geometry: LetterGeometry; contact: FittedLines | undefined },
): number {
  if (part.addressLines.length > 0) return geometry.bodyTopMm * POINTS_PER_MM;
  const underLogoMm = letter.logo ? geometry.logo.bottomMm + letterheadGapMm : 0;
  const underContactPt = contact ? contact.heightPt + (letterheadTopMm + letterheadGapMm) * POINTS_PER_MM : 0;
  return Math.max(Math.max(bodyTopMm, underLogoMm) * POINTS_PER_MM, underContactPt);
}
