/**
 * A brand as it stands above an email, as a drawing: pages of ours let no styles in that are not in their stylesheets, and so cannot have
 * its colour. It fills the width it is given, and a logo that is too wide for that gets smaller.
 */
import type { PictureSize } from "../files/png.ts";
import { type BrandStyle, brandColours, shownSize } from "./email-brand.ts";

const PADDING_PX = { left: 10, top: 15 };
const BAR = { width: 4, gap: 12 };
/** Leaves some ground at the right, too, where a logo has to get smaller. */
const LOGO_WIDTH_MAX = { alone: "94%", withBar: "84%" };

export interface BrandToDraw extends PictureSize {
  colour: string | undefined;
  style: BrandStyle;
}

/** SVG; `png` is the picture in base64. */
export function drawBrand(brand: BrandToDraw, png: string): string {
  const { ground, bar } = brandColours(brand);
  const { width, height } = shownSize(brand);
  const { left, top } = PADDING_PX;
  const [x, room] =
    bar === undefined ? [left, LOGO_WIDTH_MAX.alone] : [left + BAR.width + BAR.gap, LOGO_WIDTH_MAX.withBar];
  const barDrawn =
    bar === undefined ? "" : `<rect x="${left}" y="${top}" width="${BAR.width}" height="${height}" fill="${bar}"/>`;
  const logo = `<image width="${width}" height="${height}" href="data:image/png;base64,${png}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="${drawnHeight(brand)}"><rect width="100%" height="100%" fill="${ground}"/>${barDrawn}<svg x="${x}" y="${top}" width="${room}" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="xMinYMid meet">${logo}</svg></svg>`;
}

/** In pixels, the logo with what is above and below it. */
export function drawnHeight(size: PictureSize): number {
  return shownSize(size).height + 2 * PADDING_PX.top;
}
