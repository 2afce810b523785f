/** What fits in a QR code that a phone can still read from paper. */
import type { LetterBlock, LetterContent } from "./letter-content.ts";

/** What a QR code of the size we print can hold and still be scanned. */
export const QR_PAYLOAD_MAX_BYTES = 504;

export interface QrPayload {
  readonly data: string;
  /** In UTF-8. */
  readonly bytes: number;
}

const encoder = new TextEncoder();

/** The first QR code of a letter that would hold too much. */
export function findTooLongQrPayload({ blocks }: Pick<LetterContent, "blocks">): QrPayload | undefined {
  for (const data of qrPayloads(blocks)) {
    const bytes = encoder.encode(data).length;
    if (bytes > QR_PAYLOAD_MAX_BYTES) return { data, bytes };
  }
  return undefined;
}

function* qrPayloads(blocks: readonly LetterBlock[]): Generator<string> {
  for (const block of blocks) {
    if (block.kind === "qr-code") yield block.data;
    if (block.kind === "list") for (const item of block.items) yield* qrPayloads(item);
  }
}
