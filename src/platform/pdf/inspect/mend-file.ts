/**
 * Makes good what is wrong with a letter from outside and can be: writes the tag into its corner, and sets its address anew. What is
 * written is laid over the first page as a page of its own, so that its typeface comes with it.
 */
import { degrees, type PDFDocument, type PDFPage } from "@cantoo/pdf-lib";
import { type Overlay, openOverlays } from "../pdfkit/overlay.ts";
import { openFile, refuseWhatIsNoPdf } from "./file-facts.ts";
import type { Mended, MendOrder } from "./inspection.ts";
import { CannotRead } from "./read-error.ts";

/** Covers what stood at a word's edge, and no more than the window's own tolerance. */
const COVER_BEYOND_MM = 3;

export function openMender(): (order: MendOrder) => Promise<Mended> {
  const makeOverlay = openOverlays();
  return async (order) => {
    if (!order.cornerTag && !order.address) return { kind: "mended", pdf: order.pdf, isChanged: false };
    try {
      refuseWhatIsNoPdf(order.pdf);
      const document = await openFile(order.pdf);
      await layOver(document, await makeOverlay(overlayOf(order)));
      return { kind: "mended", pdf: await document.save(), isChanged: true };
    } catch (error) {
      return { kind: "unreadable", why: error instanceof CannotRead ? error.why : "damaged" };
    }
  };
}

function overlayOf({ cornerTag, address }: MendOrder): Overlay {
  if (!address) return { ...(cornerTag ? { cornerTag } : {}) };
  const { leftMm, topMm, rightMm, bottomMm } = address.window;
  const cover = {
    leftMm: leftMm - COVER_BEYOND_MM,
    topMm: topMm - COVER_BEYOND_MM,
    rightMm: rightMm + COVER_BEYOND_MM,
    bottomMm: bottomMm + COVER_BEYOND_MM,
  };
  return { ...(cornerTag ? { cornerTag } : {}), address: { ...address, cover } };
}

/** Upright to whoever reads the page, however the page is turned and wherever its corner is. */
async function layOver(document: PDFDocument, overlay: Uint8Array): Promise<void> {
  const [page] = document.getPages();
  if (!page) throw new CannotRead("no-pages");
  const [embedded] = await document.embedPdf(overlay);
  if (!embedded) throw new Error("The overlay has no page");
  page.drawPage(embedded, { ...originOf(page, embedded.height), rotate: degrees(rotationOf(page)) });
}

function rotationOf(page: PDFPage): number {
  return ((page.getRotation().angle % 360) + 360) % 360;
}

/** Where the overlay's bottom left corner comes to lie, so that its top left is the page's as it is seen. */
function originOf(page: PDFPage, heightPt: number): { x: number; y: number } {
  const { x, y, width, height } = page.getCropBox();
  switch (rotationOf(page)) {
    case 90:
      return { x: x + heightPt, y };
    case 180:
      return { x: x + width, y: y + heightPt };
    case 270:
      return { x: x + width - heightPt, y: y + height };
    default:
      return { x, y: y + height - heightPt };
  }
}
