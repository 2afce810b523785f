/** Pages of a letter as pictures, in a frame of their own: what is said of them in words, and each page below the other. */
import type { Postage } from "../../../core/letter/postage.ts";
import { LETTER_PAGES_MAX } from "../../../core/letter/sheets.ts";
import { letterRateOn } from "../../../core/price/letter-rates.ts";
import { Refusal } from "../../../core/refusal.ts";
import type { LetterToPreview, PicturesWish, PreviewedLetter } from "../../../flow/letters/preview-letter.ts";
import type { Text } from "../catalogue/text.ts";
import type { Answer } from "../http/answer.ts";
import { frameAnswer } from "../http/frame-answer.ts";
import { page } from "../http/page.ts";
import type { Visit } from "../http/visit.ts";

interface Frame {
  said: readonly string[];
  pictures: readonly { data: string; name: string }[];
}

const showFrame = page<Frame>("letters/frame.njk");

/** A letter that is being written, or why there is none. */
export async function previewFrame(visit: Visit, letter: LetterToPreview, postage: Postage): Promise<Answer> {
  try {
    const set = await visit.admin.letters.set(letter);
    return await pagesFrame(visit, set, { said: await whatIsSaid(visit, set, postage) });
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "invalid") throw error;
    return frameOf(visit, { said: [error.message], pictures: [] });
  }
}

/** The pages of a PDF. */
export async function pagesFrame(
  visit: Visit,
  { pdf, pages = LETTER_PAGES_MAX, marksInk = false }: Partial<PicturesWish> & { pdf: Uint8Array },
  { said }: { said: readonly string[] },
): Promise<Answer> {
  const pictures = await drawnPages(visit, pdf, { pages, marksInk });
  const { text } = visit;
  return frameOf(visit, { said: pictures.length === 0 ? [...said, text("letter.cannotDraw")] : said, pictures });
}

/** Pages as pictures to put into a document, with words for those who do not see them. */
export async function drawnPages(
  { admin, text }: Visit,
  pdf: Uint8Array,
  wish: PicturesWish,
): Promise<Frame["pictures"]> {
  const drawn = await admin.letters.draw(pdf, wish);
  return drawn.map((png, index) => ({
    data: png.toString("base64"),
    name: text("letter.page", { page: index + 1, pages: Math.min(wish.pages, drawn.length) }),
  }));
}

function frameOf(visit: Visit, frame: Frame): Answer {
  return frameAnswer(String(showFrame(visit, frame).body), { hasPictures: true });
}

/** How long it is, and what it costs now. */
async function whatIsSaid(
  { app, text, formats, now }: Visit,
  { pages, sheets, isTooLong }: Pick<PreviewedLetter, "pages" | "sheets" | "isTooLong">,
  postage: Postage,
): Promise<string[]> {
  const size = sizeInWords(text, { pages, sheets });
  if (isTooLong) return [size, text("letter.tooLong")];
  const price = formats.money(letterRateOn(now, { postage, sheets }, await app.prices.home()));
  return [size, text("letter.price", { price, postage: text(`letter.postage.${postage}`).toLowerCase() })];
}

/** sizeInWords(text, { pages: 3, sheets: 2 }) → "3 pages, on 2 sheets of paper, …" */
export function sizeInWords(text: Text, { pages, sheets }: { pages: number; sheets: number }): string {
  return `${text("letter.pages", { count: pages })}, ${text("letter.sheets", { count: sheets })}`;
}

/** A PDF to keep, under a name of ours: those of letters may tell who gets them. */
export function pdfAnswer(pdf: Uint8Array, name: string): Answer {
  return {
    status: 200,
    headers: { "content-type": "application/pdf", "content-disposition": `attachment; filename="${name}.pdf"` },
    body: Buffer.from(pdf),
  };
}
