/**
 * Octets in network order, written into chunks that are filled once from front to back: what was taken for the socket is
 * never overwritten, and many PDUs leave in one write.
 */
import type { Address } from "./pdu.ts";
import type { Tlv } from "./tlvs.ts";

const CHUNK_BYTES = 64 * 1024;

export class ByteWriter {
  #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #taken = 0;
  #end = 0;
  #full: Buffer[] = [];

  /** Where the next octet goes; only meaningful until the next `reserve`. */
  get position(): number {
    return this.#end;
  }

  /** Makes sure that `bytes` more fit in one piece. */
  reserve(bytes: number): void {
    if (this.#end + bytes <= this.#chunk.length) return;
    if (this.#end > this.#taken) this.#full.push(this.#chunk.subarray(this.#taken, this.#end));
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes));
    this.#taken = 0;
    this.#end = 0;
  }

  /** Forgets what was written from `position` on. */
  rewind(position: number): void {
    this.#end = position;
  }

  /** Everything written since the last take. */
  take(): Buffer[] {
    const pieces = this.#full;
    if (this.#end > this.#taken) pieces.push(this.#chunk.subarray(this.#taken, this.#end));
    this.#taken = this.#end;
    this.#full = [];
    return pieces;
  }

  uint8(value: number): void {
    this.#chunk[this.#end++] = value;
  }

  uint16(value: number): void {
    this.#chunk[this.#end++] = value >>> 8;
    this.#chunk[this.#end++] = value;
  }

  uint32(value: number): void {
    this.uint32At(this.#end, value);
    this.#end += 4;
  }

  uint32At(position: number, value: number): void {
    this.#chunk[position] = value >>> 24;
    this.#chunk[position + 1] = value >>> 16;
    this.#chunk[position + 2] = value >>> 8;
    this.#chunk[position + 3] = value;
  }

  /** Text ended by a NUL, `maxBytes` with it; throws a RangeError where it cannot be said so. */
  cString(text: string, maxBytes: number): void {
    if (text.length >= maxBytes) throw new RangeError(`A field of ${maxBytes - 1} characters at most was longer`);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === 0 || code > 0xff) throw new RangeError("A field held a character that SMPP cannot carry");
      this.#chunk[this.#end++] = code;
    }
    this.#chunk[this.#end++] = 0;
  }

  address(address: Address, maxBytes: number): void {
    this.uint8(address.ton);
    this.uint8(address.npi);
    this.cString(address.address, maxBytes);
  }

  bytes(bytes: Uint8Array): void {
    this.#chunk.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  tlvs(tlvs: readonly Tlv[]): void {
    for (const tlv of tlvs) {
      if (tlv.value.length > 0xffff) throw new RangeError("An optional parameter was longer than 65535 octets");
      this.uint16(tlv.tag);
      this.uint16(tlv.value.length);
      this.bytes(tlv.value);
    }
  }
}
