/** JSON as it arrives: bytes, in any Unicode encoding, whatever their label says (RFC 4627 §3 tells encodings by the zero bytes). */
import type { JsonValue } from "./json-value.ts";
import { parseLosslessJson } from "./parse-lossless-json.ts";

type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be";

const BYTE_ORDER_MARK = "\uFEFF";
const BYTE_ORDER_MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ["utf-32be", [0x00, 0x00, 0xfe, 0xff]],
  ["utf-32le", [0xff, 0xfe, 0x00, 0x00]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
];

const UTF_32_BYTES = 4;
const HIGHEST_CODE_POINT = 0x10ffff;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The value in a request's body; undefined when the body is not JSON in any encoding. Numbers keep their spelling where it matters. */
export function parseJsonBody(bytes: Uint8Array): JsonValue | undefined {
  const text = decode(bytes);
  return text === undefined ? undefined : parseLosslessJson(text);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const encoding = detectEncoding(bytes);
    if (encoding === "utf-8") return utf8.decode(bytes);
    if (encoding === "utf-32be" || encoding === "utf-32le") return decodeUtf32(bytes, encoding === "utf-32le");
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function detectEncoding(bytes: Uint8Array): Encoding {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte));
  return marked?.[0] ?? encodingByZeros(bytes);
}

/** JSON begins with ASCII, so where the first zero bytes are says how wide a character is and which end comes first. */
function encodingByZeros(bytes: Uint8Array): Encoding {
  const [first, second, third, fourth] = bytes;
  if (first === 0) return second === 0 ? "utf-32be" : "utf-16be";
  if (second === 0) return third === 0 && fourth === 0 ? "utf-32le" : "utf-16le";
  return "utf-8";
}

function decodeUtf32(bytes: Uint8Array, isLittleEndian: boolean): string | undefined {
  if (bytes.length % UTF_32_BYTES !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const characters: string[] = [];
  for (let at = 0; at < bytes.length; at += UTF_32_BYTES) {
    const codePoint = view.getUint32(at, isLittleEndian);
    if (codePoint > HIGHEST_CODE_POINT) return undefined;
    characters.push(String.fromCodePoint(codePoint));
  }
  const text = characters.join("");
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
