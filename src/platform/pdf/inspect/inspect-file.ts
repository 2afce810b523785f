/** Looks at a PDF and says what is in it; in the reader's thread, where it may fail as it likes. */
import type { Font } from "fontkit";
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Box } from "../letter.ts";
import { LETTER_STYLE } from "../letter-style.ts";
import { readFileFacts, refuseWhatIsNoPdf } from "./file-facts.ts";
import type { InspectedPage, Inspection, InspectionRules, Picture, PictureOrder } from "./inspection.ts";
import { sizeOf, withPages } from "./open-pages.ts";
import { draw, hasInkOutside, markInkOutside } from "./page-ink.ts";
import { textOf, touches, type Word, wordsOnPage } from "./page-words.ts";
import { CannotRead } from "./read-error.ts";

/** A dot is a quarter of the millimetre by which ink may stray. */
const INK_DOTS_PER_INCH = 100;
/** Where the tag stands: outside what may be printed. */
const CORNER: Box = LETTER_STYLE.cornerTag.area;

export async function inspectFile(file: Uint8Array, rules: InspectionRules, font: Font): Promise<Inspection> {
  try {
    refuseWhatIsNoPdf(file);
    return await withPages(file, async (document) => {
      if (document.numPages > rules.pagesMax) return { kind: "too-long", pageCount: document.numPages };
      const facts = await readFileFacts(file);
      const looks = await lookAtPages(document, { rules, font });
      const addressText = textOf((looks[0]?.words ?? []).filter(({ box }) => touches(box, rules.textArea)));
      return { kind: "read", pages: looks.map(({ page }) => page), addressText, ...facts };
    });
  } catch (error) {
    if (error instanceof CannotRead) return { kind: "unreadable", why: error.why };
    throw error;
  }
}

interface Look {
  readonly page: InspectedPage;
  readonly words: readonly Word[];
}

async function lookAtPages(
  document: PDFDocumentProxy,
  { rules, font }: { rules: InspectionRules; font: Font },
): Promise<Look[]> {
  const looks: Look[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const areas = number === 1 ? rules.inkAreas.firstPage : rules.inkAreas.otherPages;
    looks.push(await lookAtPage(page, { areas, cornerTag: rules.cornerTag, font }));
    page.cleanup();
  }
  return looks;
}

async function lookAtPage(
  page: PDFPageProxy,
  { areas, cornerTag, font }: { areas: readonly Box[]; cornerTag: string; font: Font },
): Promise<Look> {
  const size = sizeOf(page);
  const words = await wordsOnPage(page, font);
  const hasTag = words.some(({ text, box }) => text === cornerTag && touches(box, CORNER));
  const drawing = await draw(page, INK_DOTS_PER_INCH);
  return { page: { ...size, rotation: page.rotate, hasInkOutside: hasInkOutside(drawing, areas), hasTag }, words };
}

export async function drawPicture({ pdf, page: number, dotsPerInch, inkAreas }: PictureOrder): Promise<Picture> {
  try {
    refuseWhatIsNoPdf(pdf);
    return await withPages(pdf, async (document) => {
      const drawing = await draw(await document.getPage(number), dotsPerInch);
      if (inkAreas) markInkOutside(drawing, inkAreas);
      const { widthPx, heightPx, context } = drawing;
      return { kind: "drawn", png: await context.canvas.encode("png"), widthPx, heightPx };
    });
  } catch (error) {
    if (error instanceof CannotRead) return { kind: "unreadable", why: error.why };
    throw error;
  }
}
