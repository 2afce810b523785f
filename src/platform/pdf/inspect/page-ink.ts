/** A page drawn as dots, and which of them are ink where no ink may be. */
import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { AnnotationMode, type PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Box } from "../letter.ts";
import { POINTS_PER_MM } from "../letter-style.ts";
import { sizeOf } from "./open-pages.ts";
import { CannotRead } from "./read-error.ts";

const MM_PER_INCH = 25.4;
/** Fainter is the edge of something, or the grain of a scan's paper. */
const INK_BELOW = 230;
/** A page of A4 at 300 dots an inch has nine. */
const DOTS_MAX = 40_000_000;
const MARK = { paper: "rgba(212, 53, 28, 0.12)", edge: "#d4351c", ink: [212, 53, 28] } as const;

export interface Drawing {
  readonly context: SKRSContext2D;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dotsPerMm: number;
}

/** As it would be printed, on white paper. */
export async function draw(page: PDFPageProxy, dotsPerInch: number): Promise<Drawing> {
  const { widthMm, heightMm } = sizeOf(page);
  const dotsPerMm = dotsPerInch / MM_PER_INCH;
  const [widthPx, heightPx] = [Math.ceil(widthMm * dotsPerMm), Math.ceil(heightMm * dotsPerMm)];
  if (widthPx * heightPx > DOTS_MAX) throw new CannotRead("page-too-large");
  const context = createCanvas(widthPx, heightPx).getContext("2d");
  const viewport = page.getViewport({ scale: dotsPerMm / POINTS_PER_MM });
  await page.render({
    canvas: null,
    canvasContext: context as never,
    viewport,
    intent: "print",
    annotationMode: AnnotationMode.ENABLE,
    background: "#ffffff",
  }).promise;
  return { context, widthPx, heightPx, dotsPerMm };
}

export function hasInkOutside(drawing: Drawing, areas: readonly Box[]): boolean {
  const { data } = readDots(drawing);
  return scanOutside(drawing, areas, (dot) => isInk(data, dot));
}

/** Colours the paper where no ink may be, and the ink that is there all the more. */
export function markInkOutside(drawing: Drawing, areas: readonly Box[]): void {
  const { context, widthPx, heightPx, dotsPerMm } = drawing;
  const dots = readDots(drawing);
  scanOutside(drawing, areas, (dot) => {
    if (isInk(dots.data, dot)) dots.data.set(MARK.ink, dot * 4);
    return false;
  });
  context.putImageData(dots, 0, 0);
  const boxes = areas.map(({ leftMm, topMm, rightMm, bottomMm }) => ({
    x: leftMm * dotsPerMm,
    y: topMm * dotsPerMm,
    width: (rightMm - leftMm) * dotsPerMm,
    height: (bottomMm - topMm) * dotsPerMm,
  }));
  paintAround(context, boxes, { widthPx, heightPx });
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function paintAround(
  context: SKRSContext2D,
  boxes: readonly Rectangle[],
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
): void {
  const sheet = createCanvas(widthPx, heightPx);
  const cover = sheet.getContext("2d");
  cover.fillStyle = MARK.paper;
  cover.fillRect(0, 0, widthPx, heightPx);
  for (const { x, y, width, height } of boxes) cover.clearRect(x, y, width, height);
  context.drawImage(sheet, 0, 0);
  context.strokeStyle = MARK.edge;
  for (const { x, y, width, height } of boxes) context.strokeRect(x, y, width, height);
}

function readDots({ context, widthPx, heightPx }: Drawing) {
  return context.getImageData(0, 0, widthPx, heightPx);
}

function isInk(data: Uint8ClampedArray, dot: number): boolean {
  const at = dot * 4;
  return Math.min(data[at] ?? 255, data[at + 1] ?? 255, data[at + 2] ?? 255) < INK_BELOW;
}

/** Goes through the dots that are in none of the areas, until `look` says yes. */
function scanOutside(
  { widthPx, heightPx, dotsPerMm }: Drawing,
  areas: readonly Box[],
  look: (dot: number) => boolean,
): boolean {
  for (let y = 0; y < heightPx; y++) {
    const yMm = (y + 0.5) / dotsPerMm;
    const allowed = areas
      .filter(({ topMm, bottomMm }) => yMm >= topMm && yMm <= bottomMm)
      .map(({ leftMm, rightMm }) => [leftMm * dotsPerMm, rightMm * dotsPerMm] as const)
      .sort(([a], [b]) => a - b);
    for (const [from, to] of gapsBetween(allowed, widthPx)) {
      for (let x = from; x < to; x++) if (look(y * widthPx + x)) return true;
    }
  }
  return false;
}

/** gapsBetween([[2, 5], [4, 7]], 10) → [[0, 2], [7, 10]] */
function gapsBetween(intervals: readonly (readonly [number, number])[], width: number): [number, number][] {
  const gaps: [number, number][] = [];
  let at = 0;
  for (const [from, to] of intervals) {
    if (from > at) gaps.push([Math.ceil(at), Math.floor(from)]);
    at = Math.max(at, to);
  }
  return [...gaps, [Math.ceil(at), width]];
}
