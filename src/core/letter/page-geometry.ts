/**
 * Where things stand on a page of a letter, in millimetres from its top left corner. Print suppliers fold to it, machines read the
 * address in it, and PDFs from elsewhere are held against it.
 */

export interface Box {
  readonly leftMm: number;
  readonly topMm: number;
  readonly rightMm: number;
  readonly bottomMm: number;
}

/** A4, upright (ISO 216). */
const PAGE = { widthMm: 210, heightMm: 297 } as const;

export const LETTER_GEOMETRY = {
  /** Printers grip the paper outside it. */
  printable: { leftMm: 15, topMm: 5, rightMm: 195, bottomMm: 292 },
  /** What shows through the envelope. */
  addressWindow: { leftMm: 24.6, topMm: 39.5, rightMm: 120, bottomMm: 66.3 },
  /** Of the sender. */
  contactBlock: { leftMm: 125, topMm: 5, rightMm: 195, bottomMm: 95 },
  logo: { leftMm: 15, topMm: 5, rightMm: 125, bottomMm: 30 },
  /** Where the text of a first page begins. */
  bodyTopMm: 95,
} as const satisfies Record<string, Box | number>;

/** How far ink may stray, as printers' own rulers differ. */
const INK_TOLERANCE_MM = 1;
/** How far round the window words are looked for: those that stand half in it are meant for it. */
const ADDRESS_SEARCH_MM = 3;
const SIZE_TOLERANCE_MM = 2;

/** Where words of the address may stand. A word counts with its whole box when it touches this. */
export const ADDRESS_SEARCH_AREA: Box = grownBy(LETTER_GEOMETRY.addressWindow, ADDRESS_SEARCH_MM);

/** Where ink may be on a page, pages counted from 1: on the first, anything else could show through the envelope or confuse machines. */
export function inkAreas(pageNumber: number): readonly Box[] {
  const { printable, addressWindow, contactBlock, logo, bodyTopMm } = LETTER_GEOMETRY;
  const areas =
    pageNumber === 1 ? [{ ...printable, topMm: bodyTopMm }, addressWindow, contactBlock, logo] : [printable];
  return areas.map((area) => grownBy(area, INK_TOLERANCE_MM));
}

/** Whether a page, as a reader sees it, is A4 upright. */
export function isA4Portrait({ widthMm, heightMm }: { widthMm: number; heightMm: number }): boolean {
  return (
    Math.abs(widthMm - PAGE.widthMm) <= SIZE_TOLERANCE_MM && Math.abs(heightMm - PAGE.heightMm) <= SIZE_TOLERANCE_MM
  );
}

function grownBy({ leftMm, topMm, rightMm, bottomMm }: Box, byMm: number): Box {
  return { leftMm: leftMm - byMm, topMm: topMm - byMm, rightMm: rightMm + byMm, bottomMm: bottomMm + byMm };
}
