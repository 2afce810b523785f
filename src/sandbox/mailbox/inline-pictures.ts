/** The pictures that a mail brings along put into its HTML, as a mail program shows them: what is kept of a mail is its HTML alone. */
import type { Attachment } from "postal-mime";

/** Of all pictures in one mail. */
const PICTURES_MAX_BYTES = 3 * 1024 * 1024;

/** Replaces each `cid:` address (RFC 2392) whose picture is there; the others stay, and show nothing. */
export function withInlinePictures(html: string, attachments: readonly Attachment[]): string {
  let room = PICTURES_MAX_BYTES;
  let shown = html;
  for (const { contentId, mimeType, content } of attachments) {
    if (contentId === undefined || !mimeType.startsWith("image/") || typeof content === "string") continue;
    room -= content.byteLength;
    if (room < 0) break;
    const picture = `data:${mimeType};base64,${bytesOf(content).toString("base64")}`;
    shown = shown.replaceAll(`cid:${contentId.replace(/^<|>$/g, "")}`, () => picture);
  }
  return shown;
}

function bytesOf(content: ArrayBuffer | Uint8Array): Buffer {
  return content instanceof Uint8Array ? Buffer.from(content) : Buffer.from(content);
}
