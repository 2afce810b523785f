/** How a text is encoded, counted and cut into the fragments a phone joins again (3GPP TS 23.040 §9.2.3.24.1). */
import { countExtended, encodeGsm7, isGsm7 } from "./gsm-alphabet.ts";
import type { TextMode } from "./text-mode.ts";
import { encodeUcs2 } from "./ucs2.ts";

export type Encoding = "gsm7" | "ucs2";

export interface TextMeasure {
  readonly encoding: Encoding;
  /** UTF-16 units: what people and the character limit count. */
  readonly characters: number;
  /** What is billed. */
  readonly fragments: number;
  /** Characters that count twice, being in the extension table. Always 0 in UCS-2, where none does. */
  readonly extendedCharacters: number;
}

interface Capacity {
  /** Octets of user data in a text of one fragment; for GSM-7 an octet here is an unpacked septet. */
  readonly alone: number;
  /** The same once a concatenation header takes its 6 octets. */
  readonly joined: number;
}

const CAPACITY_OCTETS: Readonly<Record<Encoding, Capacity>> = {
  gsm7: { alone: 160, joined: 153 },
  ucs2: { alone: 140, joined: 134 },
};

const OCTETS_PER_UCS2_UNIT = 2;
const GSM_ESCAPE = 0x1b;
const HIGH_SURROGATE_FIRST = 0xd8;
const HIGH_SURROGATE_LAST = 0xdb;

/** The encoding a text needs: GSM-7 when the alphabet has every character, else UCS-2. */
export function encodingOf(text: string): Encoding {
  return isGsm7(text) ? "gsm7" : "ucs2";
}

/**
 * Measures a text that is already `toSmsText`, with its prefix if it will have one.
 * In `gsm` mode fragments are counted by division, as Notify bills; in `unicode` mode as the text is really cut, which is one more
 * when a two-part character would fall on a border.
 *
 *     measureText("a".repeat(161), "gsm") → { encoding: "gsm7", characters: 161, fragments: 2, extendedCharacters: 0 }
 */
export function measureText(text: string, mode: TextMode): TextMeasure {
  const encoding = encodingOf(text);
  const extendedCharacters = encoding === "gsm7" ? countExtended(text) : 0;
  const octets = encoding === "gsm7" ? text.length + extendedCharacters : text.length * OCTETS_PER_UCS2_UNIT;
  const fragments = countFragments(text, { encoding, octets, mode });
  return { encoding, characters: text.length, fragments, extendedCharacters };
}

function countFragments(text: string, how: { encoding: Encoding; octets: number; mode: TextMode }): number {
  const { alone, joined } = CAPACITY_OCTETS[how.encoding];
  if (how.octets <= alone) return 1;
  return how.mode === "gsm" ? Math.ceil(how.octets / joined) : splitIntoFragments(text, how.encoding).length;
}

/**
 * The user data of each fragment, without header: at most 160 septets (one to an octet) or 140 octets for a single fragment,
 * 153 or 134 for each of several. An escape stays with its character, and a surrogate with its twin.
 */
export function splitIntoFragments(text: string, encoding: Encoding): Uint8Array[] {
  const data = encoding === "gsm7" ? encodeGsm7(text) : encodeUcs2(text);
  const { alone, joined } = CAPACITY_OCTETS[encoding];
  if (data.length <= alone) return [data];
  const fragments: Uint8Array[] = [];
  for (let start = 0; start < data.length; ) {
    const end = endOfFragment(data, { start, size: joined, encoding });
    fragments.push(data.subarray(start, end));
    start = end;
  }
  return fragments;
}

function endOfFragment(data: Uint8Array, cut: { start: number; size: number; encoding: Encoding }): number {
  const end = cut.start + cut.size;
  if (end >= data.length) return data.length;
  return cut.encoding === "gsm7" ? beforeEscape(data, end) : beforeHighSurrogate(data, end);
}

function beforeEscape(data: Uint8Array, end: number): number {
  return data[end - 1] === GSM_ESCAPE ? end - 1 : end;
}

function beforeHighSurrogate(data: Uint8Array, end: number): number {
  const lastUnitHighOctet = data[end - OCTETS_PER_UCS2_UNIT] ?? 0;
  const isHigh = lastUnitHighOctet >= HIGH_SURROGATE_FIRST && lastUnitHighOctet <= HIGH_SURROGATE_LAST;
  return isHigh ? end - OCTETS_PER_UCS2_UNIT : end;
}
