/**
 * Documents for a frame of a page: emails, whose styles are inline as mail programs need them and whose logo is loaded from here, and letters, whose pages are pictures in
 * the document itself. Our own pages never allow either, so each has a policy that lets in nothing else, and no script at all. Frames
 * are sandboxed besides.
 */
import type { Answer } from "./answer.ts";

const NOTHING_BUT_STYLES = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
];
const PICTURES_INSIDE = "img-src data:";
const OUR_LOGO = "img-src 'self'";

/** Something to write into while an author writes. */
const EMPTY_DOCUMENT = `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title></title></head>\n<body></body>\n</html>\n`;

interface Inside {
  /** In the document itself. */
  hasPictures?: boolean;
  /** A logo, which has an address of its own here. */
  hasLogo?: boolean;
}

export function frameAnswer(document: string, { hasPictures = false, hasLogo = false }: Inside = {}): Answer {
  const pictures = [...(hasPictures ? [PICTURES_INSIDE] : []), ...(hasLogo ? [OUR_LOGO] : [])];
  const policy = [...NOTHING_BUT_STYLES, ...pictures];
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy.join("; "),
      "x-frame-options": "SAMEORIGIN",
    },
    body: document,
  };
}

export function emptyFrame(inside: Inside): Answer {
  return frameAnswer(EMPTY_DOCUMENT, inside);
}

/** One of our own pages with pictures in the document itself: the same policy as all of them have, and that. */
export function withPictures(page: Answer): Answer {
  const policy = ["default-src 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"];
  const headers = { "content-security-policy": [...policy, "form-action 'self'", "img-src 'self' data:"].join("; ") };
  return { ...page, headers: { ...page.headers, ...headers } };
}
