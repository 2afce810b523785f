/** UCS-2 as phones really use it: UTF-16, big-endian, surrogate pairs included (3GPP TS 23.038 §6.2.3, SMPP data_coding 8). */

const OCTETS_PER_UNIT = 2;
/** String.fromCharCode takes its units as arguments; engines limit how many. */
const UNITS_AT_ONCE = 4_096;

/** A text as UTF-16BE without a byte order mark. */
export function encodeUcs2(text: string): Uint8Array {
  const octets = new Uint8Array(text.length * OCTETS_PER_UNIT);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    octets[at * 2] = unit >> 8;
    octets[at * 2 + 1] = unit & 0xff;
  }
  return octets;
}

/** UTF-16BE octets as text. An odd last octet, cut off on the way, is left out. */
export function decodeUcs2(octets: Uint8Array): string {
  const units = new Uint16Array(octets.length >> 1);
  for (let at = 0; at < units.length; at++) {
    units[at] = ((octets[at * 2] ?? 0) << 8) | (octets[at * 2 + 1] ?? 0);
  }
  let text = "";
  for (let at = 0; at < units.length; at += UNITS_AT_ONCE) {
    text += String.fromCharCode(...units.subarray(at, at + UNITS_AT_ONCE));
  }
  return text;
}
