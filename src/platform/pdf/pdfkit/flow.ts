/** A letter's blocks as one column of leaves, each some lines that stand together, with the space between them. */
import type { LetterBlock, LetterPart } from "../letter.ts";
import { type ListMeasures, measureList } from "../letter-list.ts";
import { LETTER_STYLE } from "../letter-style.ts";
import { describeQrCode } from "../letter-words.ts";
import { type QrCode, qrCode } from "../qr-code.ts";
import { breakLines, type Faces, type Line, type Measure } from "./break-lines.ts";

const { body, heading, subject, list, paragraphGapPt, headingGapAbovePt, emptyLinePt } = LETTER_STYLE;
const LINE_GAP_PT = body.pitchPt - body.sizePt;
const PARAGRAPH_GAP_PT = LINE_GAP_PT + paragraphGapPt;

/** Where a leaf belongs in the structure that screen readers follow. */
export interface Place {
  readonly type: "Document" | "P" | "H1" | "H2" | "L" | "LI" | "Lbl" | "LBody" | "Figure";
  readonly parent?: Place;
  readonly language?: string;
  readonly alternative?: string;
}

export interface Leaf {
  readonly kind: "lines" | "picture" | "space" | "page-break";
  readonly place: Place;
  readonly xPt: number;
  readonly sizePt: number;
  readonly pitchPt: number;
  readonly lines: readonly Line[];
  /** Of pictures and spaces. */
  readonly heightPt: number;
  readonly code?: QrCode;
  readonly marker?: { readonly text: string; readonly xPt: number; readonly place: Place };
  /** Does not stand at the foot of a page without what follows. */
  readonly isSticky: boolean;
  readonly gapBeforePt: number;
}

interface Context {
  readonly faces: Faces;
  readonly part: LetterPart;
  readonly place: Place;
  readonly xPt: number;
  readonly widthPt: number;
  /** Around lists, which stand closer inside lists. */
  readonly listGapPt: number;
}

interface Spaced {
  readonly leaves: readonly Leaf[];
  readonly abovePt: number;
  readonly belowPt: number;
}

/** A whole part, below its letterhead. `place` is the part's own in the structure. */
export function flowPart(
  part: LetterPart,
  { faces, place, widthPt }: { faces: Faces; place: Place; widthPt: number },
): Leaf[] {
  const context: Context = { faces, part, place, xPt: 0, widthPt, listGapPt: PARAGRAPH_GAP_PT };
  const date: LetterBlock[] = part.date ? [{ kind: "paragraph", content: [{ kind: "text", text: part.date }] }] : [];
  const title = part.subject.length > 0 ? [flowHeading(part.subject, { context, level: "H1" })] : [];
  return stack([...date.map((block) => flowBlock(block, context)), ...title, ...flowAll(part.blocks, context)]);
}

function flowAll(blocks: readonly LetterBlock[], context: Context): Spaced[] {
  return blocks.map((block) => flowBlock(block, context));
}

/** Of the spaces that meet between two blocks, the larger stands; none before the first. */
function stack(all: readonly Spaced[]): Leaf[] {
  let belowPt = 0;
  return all.flatMap(({ leaves, ...gaps }, index) => {
    const gapBeforePt = index === 0 ? 0 : Math.max(belowPt, gaps.abovePt);
    belowPt = gaps.belowPt;
    return withGap(leaves, gapBeforePt);
  });
}

function withGap([first, ...others]: readonly Leaf[], gapBeforePt: number): Leaf[] {
  return first ? [{ ...first, gapBeforePt }, ...others] : [];
}

function flowBlock(block: LetterBlock, context: Context): Spaced {
  switch (block.kind) {
    case "heading":
      return flowHeading(block.content, { context, level: "H2" });
    case "paragraph":
      return around(PARAGRAPH_GAP_PT, [linesLeaf(block.content, context)]);
    case "lines":
      return around(LINE_GAP_PT, [linesLeaf(block.content, context)]);
    case "list":
      return around(context.listGapPt, flowList(block, context));
    case "qr-code":
      return around(PARAGRAPH_GAP_PT, [codeLeaf(block.data, context)]);
    case "gap":
      return around(PARAGRAPH_GAP_PT, [emptyLeaf("space", { context, heightPt: emptyLinePt })]);
    case "page-break":
      return around(0, [emptyLeaf("page-break", { context, heightPt: 0 })]);
  }
}

function around(gapPt: number, leaves: readonly Leaf[]): Spaced {
  return { leaves, abovePt: gapPt, belowPt: gapPt };
}

function flowHeading(
  content: LetterPart["subject"],
  { context, level }: { context: Context; level: "H1" | "H2" },
): Spaced {
  const style = level === "H1" ? subject : heading;
  const leaf = linesLeaf(content, context, { ...style, isBold: true });
  const abovePt = level === "H1" ? PARAGRAPH_GAP_PT : LINE_GAP_PT + headingGapAbovePt;
  const place: Place = { type: level, parent: context.place };
  return { leaves: [{ ...leaf, place, isSticky: true }], abovePt, belowPt: PARAGRAPH_GAP_PT };
}

function linesLeaf(
  content: LetterPart["subject"],
  { faces, place, xPt, widthPt }: Context,
  style: { sizePt: number; pitchPt: number; isBold?: boolean } = body,
): Leaf {
  const measure: Measure = { faces, widthPt, sizePt: style.sizePt, isBold: style.isBold === true };
  const lines = breakLines(content, measure);
  const { sizePt, pitchPt } = style;
  const common = { place: { type: "P", parent: place } as const, xPt, heightPt: 0, isSticky: false, gapBeforePt: 0 };
  return { kind: "lines", lines, sizePt, pitchPt, ...common };
}

function emptyLeaf(kind: Leaf["kind"], { context, heightPt }: { context: Context; heightPt: number }): Leaf {
  const { place, xPt } = context;
  return { kind, place, xPt, heightPt, lines: [], sizePt: 0, pitchPt: 0, isSticky: false, gapBeforePt: 0 };
}

function codeLeaf(data: string, context: Context): Leaf {
  const code = qrCode(data);
  const alternative = describeQrCode(data, context.part);
  const place: Place = { type: "Figure", parent: context.place, alternative };
  return { ...emptyLeaf("picture", { context, heightPt: 0 }), code, place };
}

function flowList(block: LetterBlock & { kind: "list" }, context: Context): Leaf[] {
  const measures = measureList(block);
  const place: Place = { type: "L", parent: context.place };
  return block.items.flatMap((item, index) => {
    const leaves = flowItem(item, { ...context, place }, { measures, label: block.ordered ? `${index + 1}.` : "•" });
    return withGap(leaves, index === 0 ? 0 : LINE_GAP_PT + measures.itemGapPt);
  });
}

function flowItem(
  item: readonly LetterBlock[],
  context: Context,
  { measures, label }: { measures: ListMeasures; label: string },
): Leaf[] {
  const indentPt = list.indentPt + measures.markerPt;
  const place: Place = { type: "LI", parent: context.place };
  const inner: Context = {
    ...context,
    place: { type: "LBody", parent: place },
    xPt: context.xPt + indentPt,
    widthPt: context.widthPt - indentPt,
    listGapPt: LINE_GAP_PT + measures.itemGapPt,
  };
  const [first, ...others] = stack(flowAll(item, inner));
  const marked = first ?? linesLeaf([], inner);
  const labelPlace: Place = { type: "Lbl", parent: place };
  return [{ ...marked, marker: { text: label, xPt: context.xPt + list.indentPt, place: labelPlace } }, ...others];
}
