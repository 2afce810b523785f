/** The user data header that tells a phone which fragments belong together (3GPP TS 23.040 §9.2.3.24). */

const CONCATENATION_8_BIT = 0x00;
const CONCATENATION_16_BIT = 0x08;
const CONCATENATION_8_BIT_OCTETS = 3;
const CONCATENATION_16_BIT_OCTETS = 4;
/** Length octet, element identifier, element length. */
const HEADER_START_OCTETS = 3;

export interface Concatenation {
  /** The same for all fragments of one message. */
  readonly reference: number;
  /** How many fragments, 1 to 255. */
  readonly total: number;
  /** Which one this is, from 1. */
  readonly number: number;
}

export interface UserDataHeader {
  /** Octets of the header with its length octet: the text begins here. */
  readonly lengthOctets: number;
  readonly concatenation: Concatenation | undefined;
}

/** The six octets in front of a fragment, with an 8-bit reference (§9.2.3.24.1). A larger reference keeps its low eight bits. */
export function concatenationHeader({ reference, total, number }: Concatenation): Uint8Array {
  const length = HEADER_START_OCTETS - 1 + CONCATENATION_8_BIT_OCTETS;
  return Uint8Array.of(length, CONCATENATION_8_BIT, CONCATENATION_8_BIT_OCTETS, reference & 0xff, total, number);
}

/**
 * Reads a header from the start of user data. Elements other than concatenation are passed over; of two concatenations the later
 * holds (§9.2.3.24). A concatenation that cannot be (number 0, or beyond the total) is ignored, as §9.2.3.24.1 asks.
 * Undefined when the octets are no whole header.
 */
export function parseUserDataHeader(bytes: Uint8Array): UserDataHeader | undefined {
  const lengthOctets = (bytes[0] ?? bytes.length) + 1;
  if (lengthOctets > bytes.length) return undefined;
  let concatenation: Concatenation | undefined;
  for (let at = 1; at < lengthOctets; ) {
    const end = at + 2 + (bytes[at + 1] ?? lengthOctets);
    if (end > lengthOctets) return undefined;
    concatenation = parseConcatenation(bytes.subarray(at, end)) ?? concatenation;
    at = end;
  }
  return { lengthOctets, concatenation };
}

function parseConcatenation(element: Uint8Array): Concatenation | undefined {
  const [identifier, length, a = 0, b = 0, c = 0, d = 0] = element;
  if (identifier === CONCATENATION_8_BIT && length === CONCATENATION_8_BIT_OCTETS) return possible(a, b, c);
  if (identifier === CONCATENATION_16_BIT && length === CONCATENATION_16_BIT_OCTETS) {
    return possible((a << 8) | b, c, d);
  }
  return undefined;
}

function possible(reference: number, total: number, number: number): Concatenation | undefined {
  return number >= 1 && number <= total ? { reference, total, number } : undefined;
}
