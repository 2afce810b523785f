/** Reads a QR code from a picture of a page, as a phone does that is held over it. */
import { createCanvas, loadImage } from "@napi-rs/canvas";
import scan from "jsqr";

/** Held near enough: the reader wants some five pixels for each square of the code. */
const NEARER = 2;

/** What the code says; undefined when none is found. */
export async function scanQrCode(png: Buffer): Promise<string | undefined> {
  const picture = await loadImage(png);
  const [width, height] = [NEARER * picture.width, NEARER * picture.height];
  const context = createCanvas(width, height).getContext("2d");
  context.drawImage(picture, 0, 0, width, height);
  return scan(context.getImageData(0, 0, width, height).data, width, height)?.data;
}
