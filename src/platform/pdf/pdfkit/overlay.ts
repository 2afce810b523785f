/** A page of A4 with nothing on it but an address and a tag, to be laid over a page from elsewhere. */
import { once } from "node:events";
import PDFDocument from "pdfkit";
import type { Box } from "../letter.ts";
import { openFace, readFace } from "../letter-fonts.ts";
import { LETTER_STYLE, POINTS_PER_MM } from "../letter-style.ts";
import { letterPreparer } from "../prepare-letter.ts";
import { fitAddress } from "./letterhead.ts";

const { page, cornerTag, textBase } = LETTER_STYLE;

export interface Overlay {
  readonly cornerTag?: string;
  readonly address?: { readonly lines: readonly string[]; readonly window: Box; readonly cover: Box };
}

export function openOverlays(): (overlay: Overlay) => Promise<Uint8Array> {
  const faces = { regular: openFace("regular"), bold: openFace("bold") };
  const file = readFace("regular");
  const prepare = letterPreparer();
  const setAddress = ({ lines, window }: NonNullable<Overlay["address"]>) => {
    const part = { language: "en", addressLines: lines, contactBlock: [], date: "", subject: [], blocks: [] } as const;
    const { letter } = prepare({ parts: [part], createdAt: new Date(0) });
    return fitAddress(letter.parts[0]?.addressLines ?? [], { faces, box: window });
  };
  return async ({ cornerTag: tag, address }) => {
    const size: [number, number] = [page.widthMm * POINTS_PER_MM, page.heightMm * POINTS_PER_MM];
    const doc = new PDFDocument({ size, margin: 0 });
    const chunks: Buffer[] = [];
    doc.on("data", (chunk) => chunks.push(chunk));
    const ended = once(doc, "end");
    doc.registerFont("overlay", file).font("overlay");
    if (address) paintAddress(doc, address.cover, setAddress(address));
    if (tag) paintTag(doc, tag);
    doc.end();
    await ended;
    return Buffer.concat(chunks);
  };
}

function paintAddress(doc: PDFKit.PDFDocument, cover: Box, fitted: ReturnType<typeof fitAddress>): void {
  const [x, y] = [cover.leftMm * POINTS_PER_MM, cover.topMm * POINTS_PER_MM];
  const [width, height] = [cover.rightMm - cover.leftMm, cover.bottomMm - cover.topMm];
  doc.rect(x, y, width * POINTS_PER_MM, height * POINTS_PER_MM).fill("white");
  doc.fontSize(fitted.sizePt).fillColor("black");
  fitted.lines.forEach((line, index) => {
    const text = line.map((run) => run.text).join("");
    const basePt = fitted.topPt + index * fitted.pitchPt + textBase * fitted.sizePt;
    if (text) doc.text(text, fitted.leftPt, basePt, { lineBreak: false, baseline: "alphabetic" });
  });
}

function paintTag(doc: PDFKit.PDFDocument, tag: string): void {
  const { sizePt, leftMm, topMm } = cornerTag;
  const basePt = topMm * POINTS_PER_MM + textBase * sizePt;
  doc.fontSize(sizePt).fillColor("white");
  doc.text(tag, leftMm * POINTS_PER_MM, basePt, { lineBreak: false, baseline: "alphabetic" });
}
