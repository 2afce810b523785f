import { expect, it } from "vitest";
import { type Alphabet, decodeText } from "./decode-text.ts";

it.each<[Alphabet, number[], string | undefined]>([
  ["gsm7", [0x00, 0x1b, 0x65, 0x61], "@€a"],
  ["latin1", [0x40, 0xe9, 0xa3], "@é£"],
  ["ucs2", [0x20, 0xac, 0xd8, 0x3d, 0xde, 0x42], "€🙂"],
  ["binary", [0x61], undefined],
])("octets in %s become their characters", (alphabet, octets, text) => {
  expect(decodeText(Uint8Array.from(octets), alphabet)).toBe(text);
});
