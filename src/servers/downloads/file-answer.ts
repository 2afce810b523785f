/** A file, as safe to open as a browser can be told to make it. */
import type { App } from "../../flow/app.ts";
import { type OpenDocument, readFile } from "../../flow/files/read-document.ts";
import { dispositionOf } from "../content-disposition.ts";
import { missingPage, tryLaterPage } from "../document-pages.ts";
import type { PlainAnswer } from "../plain-answer.ts";

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
