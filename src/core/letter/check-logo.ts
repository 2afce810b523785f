/**
 * Whether a picture can be a letter's logo: small, sharp enough for paper, and a picture alone. A drawing that could run, load or say
 * something is refused, however harmless it may look.
 */
import { isPng, pngSize } from "../files/png.ts";

/** Sharp on paper at 300 dots an inch, over most of the room that a logo has (25 mm high). */
const PNG_HEIGHT_MIN = 108;
const PNG_SIDE_MAX = 4_000;
const SVG_ROOT = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s>]/i;
const HAS_SIZE = /<svg\b[^>]*\s(?:viewBox|width)\s*=/i;
const ACTIVE = /<\s*(?:script|foreignObject|iframe|animate|set)\b|\son[a-z]+\s*=|javascript:|<!DOCTYPE|<!ENTITY/i;
const OUTSIDE = /(?:href|src)\s*=\s*["']?\s*(?![\s"'#])|@import|url\(\s*["']?\s*(?![\s"'#])/i;
const WORDS = /<\s*(?:text|tspan|textPath)\b/i;
const RASTER = /<\s*(?:image|feImage)\b|data:image/i;

export type LogoFormat = "svg" | "png";

export type LogoProblem =
  | "not-a-picture"
  | "picture-too-small"
  | "picture-too-large"
  | "drawing-without-size"
  | "drawing-active"
  | "drawing-with-text"
  | "drawing-with-pictures";

/** The format that the bytes themselves are in, or what is wrong. */
export function checkLogo(bytes: Uint8Array): LogoFormat | LogoProblem {
  if (isPng(bytes)) return pngProblem(bytes) ?? "png";
  const text = new TextDecoder().decode(bytes);
  return SVG_ROOT.test(text) ? (svgProblem(text) ?? "svg") : "not-a-picture";
}

function pngProblem(bytes: Uint8Array): LogoProblem | undefined {
  const size = pngSize(bytes);
  if (!size) return "not-a-picture";
  const { width, height } = size;
  if (width > PNG_SIDE_MAX || height > PNG_SIDE_MAX) return "picture-too-large";
  return height < PNG_HEIGHT_MIN || width < 1 ? "picture-too-small" : undefined;
}

function svgProblem(text: string): LogoProblem | undefined {
  if (RASTER.test(text)) return "drawing-with-pictures";
  if (ACTIVE.test(text) || OUTSIDE.test(text)) return "drawing-active";
  if (WORDS.test(text)) return "drawing-with-text";
  return HAS_SIZE.test(text) ? undefined : "drawing-without-size";
}
