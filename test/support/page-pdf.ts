/**
 * PDFs as somebody's word processor would make them: A4 pages with a line of text each.
 *
 *     await pagePdf("Terms and conditions", "Opening hours")            → two pages
 *     await pagePdf({ text: "Too near the edge", leftMm: 2 })           → one page that cannot be printed
 */
import { PDFDocument, StandardFonts } from "@cantoo/pdf-lib";

const POINTS_PER_MM = 72 / 25.4;
const TEXT_POINTS = 12;

export interface PageWish {
  text: string;
  leftMm?: number;
  /** From the top. */
  topMm?: number;
  widthMm?: number;
  heightMm?: number;
}

export async function pagePdf(...wishes: (string | PageWish)[]): Promise<Buffer> {
  const file = await PDFDocument.create();
  const font = await file.embedFont(StandardFonts.Helvetica);
  for (const wish of wishes) {
    const {
      text,
      leftMm = 25,
      topMm = 30,
      widthMm = 210,
      heightMm = 297,
    } = typeof wish === "string" ? { text: wish } : wish;
    const page = file.addPage([widthMm * POINTS_PER_MM, heightMm * POINTS_PER_MM]);
    const place = { x: leftMm * POINTS_PER_MM, y: (heightMm - topMm) * POINTS_PER_MM };
    page.drawText(text, { ...place, size: TEXT_POINTS, font });
  }
  return Buffer.from(await file.save());
}
