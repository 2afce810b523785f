/** What a browser is told to do with a file, and what the file is called. */
import type { DocumentDetails } from "../records/documents/document.ts";

/** Shown by browsers themselves; anything else is for a program to open. */
const SHOWN = new Set(["pdf", "png", "jpg", "jpeg"]);
/** Letters that every browser takes for themselves in the old form of a name (RFC 6266, appendix D). */
const NOT_PLAIN = /[^\w. ()-]/g;
/** RFC 8187 §3.2.1: what `encodeURIComponent` leaves and a header must not have. */
const NOT_ATTRIBUTE = /['()*]/g;

/** RFC 6266: the name in plain letters for old programs, and as it is for the others. */
export function dispositionOf(
  id: string,
  { filename, extension }: Pick<DocumentDetails, "filename" | "extension">,
): string {
  const name = filename ?? `${id}.${extension}`;
  const encoded = encodeURIComponent(name).replace(
    NOT_ATTRIBUTE,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  const kind = SHOWN.has(extension) ? "inline" : "attachment";
  return `${kind}; filename="${name.replace(NOT_PLAIN, "_")}"; filename*=UTF-8''${encoded}`;
}
