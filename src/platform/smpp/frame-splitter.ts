/**
 * Cuts a stream of octets into PDUs by their command_length (SMPP 3.4 §3.2). What is whole is handed out where it lies; only a
 * PDU cut in two by the network is copied, once, into room of its own size, so a peer that drips octets costs no more.
 */
import { HEADER_BYTES, PDU_MAX_BYTES } from "./field-limits.ts";

const LENGTH_BYTES = 4;

/** Frames that became whole; `isBroken` when a length cannot be true, after which the stream makes no sense any more. */
export interface Frames {
  frames: Buffer[];
  isBroken: boolean;
}

export class FrameSplitter {
  /** The beginning of a PDU whose rest has not come; as long as the PDU (or as its length field, while that is unknown). */
  #partial = Buffer.alloc(LENGTH_BYTES);
  #held = 0;

  push(chunk: Buffer): Frames {
    const frames: Buffer[] = [];
    let position = 0;
    while (position < chunk.length) {
      const length = this.#held === 0 ? lengthAt(chunk, position) : undefined;
      if (length !== undefined && !isPossible(length)) return { frames, isBroken: true };
      if (length !== undefined && position + length <= chunk.length) {
        frames.push(chunk.subarray(position, position + length));
        position += length;
        continue;
      }
      position += this.#hold(chunk, position);
      if (!this.#makeRoom()) return { frames, isBroken: true };
      if (this.#isWhole()) frames.push(this.#release());
    }
    return { frames, isBroken: false };
  }

  #hold(chunk: Buffer, position: number): number {
    const copied = chunk.copy(this.#partial, this.#held, position);
    this.#held += copied;
    return copied;
  }

  /** Once the length is known, moves on to room for the whole PDU; false when it cannot be true. */
  #makeRoom(): boolean {
    if (this.#held !== LENGTH_BYTES || this.#partial.length !== LENGTH_BYTES) return true;
    const length = this.#partial.readUInt32BE(0);
    if (!isPossible(length)) return false;
    const whole = Buffer.allocUnsafeSlow(length);
    this.#partial.copy(whole);
    this.#partial = whole;
    return true;
  }

  #isWhole(): boolean {
    return this.#held === this.#partial.length && this.#held >= HEADER_BYTES;
  }

  #release(): Buffer {
    const frame = this.#partial;
    this.#partial = Buffer.alloc(LENGTH_BYTES);
    this.#held = 0;
    return frame;
  }
}

function lengthAt(chunk: Buffer, position: number): number | undefined {
  return position + LENGTH_BYTES <= chunk.length ? chunk.readUInt32BE(position) : undefined;
}

function isPossible(length: number): boolean {
  return length >= HEADER_BYTES && length <= PDU_MAX_BYTES;
}
