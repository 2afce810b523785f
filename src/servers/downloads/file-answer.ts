/** A file, as safe to open as a browser can be told to make it. */
import type { App } from "../../flow/app.ts";
import { type OpenDocument, readFile } from "../../flow/files/read-document.ts";
import type { DocumentDetails } from "../../records/documents/document.ts";
import type { PlainAnswer } from "../plain-answer.ts";
import { missingPage, tryLaterPage } from "./document-pages.ts";

/** Shown by browsers themselves; anything else is for a program to open. */
const SHOWN = new Set(["pdf", "png", "jpg", "jpeg"]);
/** Letters that every browser takes for themselves in the old form of a name (RFC 6266, appendix D). */
const NOT_PLAIN = /[^\w. ()-]/g;
/** RFC 8187 §3.2.1: what `encodeURIComponent` leaves and a header must not have. */
const NOT_ATTRIBUTE = /['()*]/g;

/** `counts`: the file is given, and not just asked about. */
export async function answerFile(
  app: Pick<App, "db" | "blobs" | "clock" | "log">,
  found: OpenDocument,
  options: { counts: boolean },
): Promise<PlainAnswer> {
  const read = await readFile(app, found, options);
  switch (read.kind) {
    case "read":
      return fileAnswer(found, read.bytes);
    case "lost":
      return missingPage(found.service);
    case "unavailable":
      return tryLaterPage(found.service);
  }
}

function fileAnswer(found: OpenDocument, body: Buffer): PlainAnswer {
  const headers = {
    "Content-Disposition": dispositionOf(found.document.id, found.details),
    // Whatever is in it runs nothing, fetches nothing, and is nobody's frame.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
  };
  return { status: 200, contentType: found.details.mimeType, body, headers };
}

/** RFC 6266: the name in plain letters for old programs, and as it is for the others. */
function dispositionOf(id: string, { filename, extension }: DocumentDetails): string {
  const name = filename ?? `${id}.${extension}`;
  const encoded = encodeURIComponent(name).replace(
    NOT_ATTRIBUTE,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  const kind = SHOWN.has(extension) ? "inline" : "attachment";
  return `${kind}; filename="${name.replace(NOT_PLAIN, "_")}"; filename*=UTF-8''${encoded}`;
}
