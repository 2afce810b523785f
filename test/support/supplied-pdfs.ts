/**
 * PDFs as other systems make them: marks and words where a test wants them, and whole letters.
 *
 *     await suppliedLetter({ words: "The meter will be read on Tuesday." })
 */
import { degrees, PDFDocument, rgb, StandardFonts } from "@cantoo/pdf-lib";
import { POINTS_PER_MM } from "../../src/platform/pdf/letter-style.ts";
import { EICAR } from "../peers/clamd.ts";

const [WIDTH, HEIGHT] = [595, 842];
const MARK_POINTS_DEFAULT = 8;
/** Of the height of a line of Helvetica, what is above its foot. */
const ASCENT = 0.8;
const [WINDOW_X_MM, WINDOW_Y_MM, ADDRESS_LINE_MM] = [25, 42, 4];
const [TEXT_X_MM, TEXT_Y_MM, TEXT_POINTS] = [20, 105, 12];

export interface Mark {
  page?: number;
  xMm: number;
  yMm: number;
  text?: string;
  size?: number;
  white?: boolean;
}

/** Pages of A4 with squares of a millimetre or words on them; places are of the top left corner, from the page's. */
export async function markedPdf(
  marks: readonly Mark[],
  { pages = 1, rotation = 0, landscape = false } = {},
): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = marks.some(({ text }) => text) ? await document.embedFont(StandardFonts.Helvetica) : undefined;
  const size: [number, number] = landscape ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
  for (let page = 0; page < pages; page++) document.addPage(size).setRotation(degrees(rotation));
  for (const { page = 1, xMm, yMm, text, size: points = MARK_POINTS_DEFAULT, white } of marks) {
    const color = white ? rgb(1, 1, 1) : rgb(0, 0, 0);
    const sheet = document.getPage(page - 1);
    const [x, y] = [xMm * POINTS_PER_MM, sheet.getHeight() - yMm * POINTS_PER_MM];
    if (text && font) sheet.drawText(text, { x, y: y - points * ASCENT, size: points, font, color });
    else sheet.drawRectangle({ x, y: y - POINTS_PER_MM, width: POINTS_PER_MM, height: POINTS_PER_MM, color });
  }
  return document.save();
}

export interface SuppliedWish {
  address?: readonly string[];
  words?: string;
  pages?: number;
  /** What else is on its pages. */
  marks?: readonly Mark[];
}

/** A letter that printers take, unless the marks on it say otherwise. */
export async function suppliedLetter(wish: SuppliedWish = {}): Promise<Buffer> {
  const { address = ["Ada Lovelace", "12 St James's Square", "London", "SW1Y 4JH"], words = "Dear Ada" } = wish;
  const lines = address.map((text, index) => ({ xMm: WINDOW_X_MM, yMm: WINDOW_Y_MM + index * ADDRESS_LINE_MM, text }));
  const body = { xMm: TEXT_X_MM, yMm: TEXT_Y_MM, text: words, size: TEXT_POINTS };
  return Buffer.from(await markedPdf([...lines, body, ...(wish.marks ?? [])], { pages: wish.pages ?? 1 }));
}

/** The same with the string that every scanner takes for a virus. */
export async function infectedLetter(): Promise<Buffer> {
  return Buffer.concat([await suppliedLetter(), Buffer.from(`\n%${EICAR}\n`)]);
}
