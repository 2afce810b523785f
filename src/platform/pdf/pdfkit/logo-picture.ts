/** A logo as pdfkit can draw it: it knows no SVG, so that is drawn here, fine enough for print. */
import { createCanvas, loadImage } from "@napi-rs/canvas";
import type { LetterLogo } from "../letter.ts";

/** Across a box 110 mm wide, some 600 dots an inch. */
const SVG_WIDTH_PX = 2_600;
const SVG_MAX_HEIGHT_PX = 2_600;

export interface LogoPicture {
  readonly bytes: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly description: string;
}

export async function readLogo({ format, bytes, description }: LetterLogo): Promise<LogoPicture> {
  const image = await loadImage(Buffer.from(bytes));
  if (format !== "svg") {
    return { bytes: Buffer.from(bytes), widthPx: image.width, heightPx: image.height, description };
  }
  const scale = Math.min(SVG_WIDTH_PX / image.width, SVG_MAX_HEIGHT_PX / image.height);
  const [widthPx, heightPx] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  const canvas = createCanvas(widthPx, heightPx);
  canvas.getContext("2d").drawImage(image, 0, 0, widthPx, heightPx);
  return { bytes: canvas.toBuffer("image/png"), widthPx, heightPx, description };
}
