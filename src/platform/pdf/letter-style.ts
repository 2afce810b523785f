/** How our letters look: sizes in points, distances in millimetres where they are measured on paper. Both engines set by it. */

export const POINTS_PER_MM = 72 / 25.4;

/** Pitch is the distance from one line to the next. */
interface TextStyle {
  readonly sizePt: number;
  readonly pitchPt: number;
}

export const LETTER_STYLE = {
  page: { widthMm: 210, heightMm: 297 },
  /** Of pages after the first; the sides are the printable area's. */
  bodyTopMm: 15,
  bodyBottomMm: 275,
  /** Where the contact block begins, as long as it leaves room for all of it. */
  letterheadTopMm: 15,
  /** Under the logo and the contact block of a part that has no address. */
  letterheadGapMm: 10,
  body: { sizePt: 11, pitchPt: 15 },
  /** Between paragraphs, beyond the pitch of their lines. */
  paragraphGapPt: 7,
  /** What an empty line adds, the space around it not counted: together they are a line's pitch. */
  emptyLinePt: 4,
  subject: { sizePt: 14, pitchPt: 19 },
  heading: { sizePt: 12, pitchPt: 16 },
  headingGapAbovePt: 13,
  contact: { sizePt: 9.5, pitchPt: 12.5 },
  address: { sizePt: 8, pitchPt: 10 },
  pageNumber: { sizePt: 9, pitchPt: 12, baselineMm: 284 },
  list: { indentPt: 8, markerPt: 16 },
  qrCode: { moduleMm: 0.6, minMm: 26 },
  /** White on white, in a corner where nothing is printed. */
  cornerTag: { sizePt: 6, leftMm: 1.8, topMm: 2, area: { leftMm: 0, topMm: 0, rightMm: 15, bottomMm: 6 } },
  /** Where a line's base is, in shares of its size from its top; the Typst template has the same in its `top-edge`. */
  textBase: 0.8,
  placeholderColour: "#ffeb78",
  /** A block of lines that does not fit its box is set smaller by this, again and again, until it does. */
  shrinkBy: 0.93,
  shrinkMin: 0.3,
} as const satisfies Record<string, TextStyle | unknown>;

export const PAGE_WORDS = {
  en: { page: "Page", of: "of", letter: "Letter", qrCode: "QR code" },
  cy: { page: "Tudalen", of: "o", letter: "Llythyr", qrCode: "Cod QR" },
} as const;
