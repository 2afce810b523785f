/** Reads a request's body whole: whatever its type is said to be, and as the bytes that came. */
import type { IncomingMessage } from "node:http";
import { BodyTooLarge } from "./errors.ts";

/** A letter of ten pages in base64 fits. */
export const BODY_MAX_BYTES = 5 * 1024 * 1024;
/** Of a body that is to be JSON and is not. */
export const INVALID_JSON = "Invalid JSON supplied in POST data";
/** So much more is taken and thrown away, so that a caller who is still sending comes to read why it was refused. */
const DISCARDED_MAX_BYTES = 64 * 1024 * 1024;

/** Rejects with `BodyTooLarge` past the limit, and with the connection's error when the caller goes away. */
export function readBody(request: IncomingMessage, maxBytes = BODY_MAX_BYTES): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else if (length <= DISCARDED_MAX_BYTES) chunks.length = 0;
      else request.destroy();
    });
    request.on("end", () => {
      if (length > maxBytes) reject(bodyTooLarge(maxBytes));
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
    });
    request.on("error", reject);
    request.on("close", () => {
      if (!request.complete) reject(new CallerGone("the caller went away before its request was whole"));
    });
  });
}

export function bodyTooLarge(maxBytes: number): BodyTooLarge {
  return new BodyTooLarge(`Request bodies cannot be larger than ${maxBytes} bytes`);
}

/** Nobody is left to answer. */
export class CallerGone extends Error {}
