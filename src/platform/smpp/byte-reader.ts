/**
 * Reads one PDU's octets. Hostile input never throws: the first thing that does not fit is remembered as `fault` (a command
 * status), and whatever is read after it is empty.
 */
import { STATUS } from "./command-statuses.ts";
import type { Address } from "./pdu.ts";
import { NO_TLVS } from "./pdu.ts";
import type { Tlv } from "./tlvs.ts";

const TLVS_MAX_PER_PDU = 64;
const NOTHING = new Uint8Array(0);

export class ByteReader {
  fault: number = STATUS.ESME_ROK;
  readonly #bytes: Buffer;
  #position: number;

  constructor(bytes: Buffer, position: number) {
    this.#bytes = bytes;
    this.#position = position;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  uint8(): number {
    if (this.#position >= this.#bytes.length) return this.#fail(STATUS.ESME_RINVCMDLEN);
    return this.#bytes[this.#position++] ?? 0;
  }

  uint16(): number {
    return this.uint8() * 256 + this.uint8();
  }

  /** Text up to its NUL, which must come within `maxBytes`. */
  cString(maxBytes: number): string {
    const start = this.#position;
    const limit = Math.min(start + maxBytes, this.#bytes.length);
    let end = start;
    while (end < limit && this.#bytes[end] !== 0) end++;
    if (end === limit) {
      this.#fail(limit === this.#bytes.length ? STATUS.ESME_RINVCMDLEN : STATUS.ESME_RINVPARLEN);
      return "";
    }
    this.#position = end + 1;
    return end === start ? "" : this.#bytes.toString("latin1", start, end);
  }

  address(maxBytes: number): Address {
    return { ton: this.uint8(), npi: this.uint8(), address: this.cString(maxBytes) };
  }

  /** A view of the next `length` octets; they stay valid as long as someone holds it. */
  bytes(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) {
      this.#fail(STATUS.ESME_RINVCMDLEN);
      return NOTHING;
    }
    const view = length === 0 ? NOTHING : this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return view;
  }

  /** Everything that is left, as optional parameters. */
  tlvs(): readonly Tlv[] {
    if (this.isAtEnd) return NO_TLVS;
    const tlvs: Tlv[] = [];
    while (!this.isAtEnd) {
      tlvs.push({ tag: this.uint16(), value: this.bytes(this.uint16()) });
      if (this.fault !== STATUS.ESME_ROK || tlvs.length > TLVS_MAX_PER_PDU) {
        this.fault = STATUS.ESME_RINVOPTPARSTREAM;
        return NO_TLVS;
      }
    }
    return tlvs;
  }

  #fail(status: number): 0 {
    if (this.fault === STATUS.ESME_ROK) this.fault = status;
    this.#position = this.#bytes.length;
    return 0;
  }
}
