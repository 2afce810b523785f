/**
 * What an email shows above its words: a logo, on a banner or on white. A picture is refused that would look poor in a mailbox; words for it
 * are refused that say only that it is a logo.
 */
import { isWholePng, type PictureSize, pngSize } from "../files/png.ts";

/** Twice what is shown, so that it is sharp on screens with two dots for each point. */
const HEIGHT_MIN = 108;
const SIDE_MAX = 4_000;
const SHOWN_HEIGHT_PX = 54;
/** The width of an email's words on a wide screen. */
const SHOWN_WIDTH_MAX_PX = 560;
const WHITE = "#ffffff";
const HEX = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;
const SAYS_LOGO = /\blogos?\b/i;

export type BrandPictureProblem = "not-a-png" | "too-low" | "too-large";

/** Where a brand's colour is: behind the logo, or as a bar at its left. */
export const BRAND_STYLES = ["banner", "bar"] as const;
export type BrandStyle = (typeof BRAND_STYLES)[number];

/** The size of a picture that will do, or what is wrong with it. Told by its bytes alone. */
export function checkBrandPicture(bytes: Uint8Array): PictureSize | BrandPictureProblem {
  const size = isWholePng(bytes) ? pngSize(bytes) : undefined;
  if (!size || size.width < 1) return "not-a-png";
  if (size.width > SIDE_MAX || size.height > SIDE_MAX) return "too-large";
  return size.height < HEIGHT_MIN ? "too-low" : size;
}

/** Whoever hears it read knows that it is a picture; the name is what they miss.  saysLogo("Northwold logo") → true */
export function saysLogo(alternativeText: string): boolean {
  return SAYS_LOGO.test(alternativeText);
}

/** A colour as it is kept, or undefined for what is none.  parseHexColour("0A4") → "#00aa44" */
export function parseHexColour(text: string): string | undefined {
  const digits = HEX.exec(text.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return undefined;
  return `#${digits.length === 3 ? digits.replace(/./g, "$&$&") : digits}`;
}

/** How large a picture is shown: always as high, unless it would be wider than the words below it. */
export function shownSize({ width, height }: PictureSize): PictureSize {
  const shownWidth = (width * SHOWN_HEIGHT_PX) / height;
  if (shownWidth <= SHOWN_WIDTH_MAX_PX) return { width: Math.max(1, Math.round(shownWidth)), height: SHOWN_HEIGHT_PX };
  return { width: SHOWN_WIDTH_MAX_PX, height: Math.max(1, Math.round((height * SHOWN_WIDTH_MAX_PX) / width)) };
}

/** The colour of what a logo stands on, and of the bar at its left where it has one. */
export function brandColours({ colour, style }: { colour: string | undefined; style: BrandStyle }): {
  ground: string;
  bar: string | undefined;
} {
  if (style === "bar") return { ground: WHITE, bar: colour };
  return { ground: colour ?? WHITE, bar: undefined };
}

/** Black or white, whichever is read better on a colour (WCAG 2.2, contrast ratio).  textColourOn("#00573f") → "#ffffff" */
export function textColourOn(hexColour: string): "#0b0c0c" | "#ffffff" {
  const luminance = luminanceOf(hexColour);
  const [onWhite, onBlack] = [1.05 / (luminance + 0.05), (luminance + 0.05) / (luminanceOf("#0b0c0c") + 0.05)];
  return onWhite > onBlack ? "#ffffff" : "#0b0c0c";
}

/** Relative luminance, 0 to 1 (WCAG 2.2). */
function luminanceOf(hexColour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(hexColour.slice(at, at + 2), 16)),
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
