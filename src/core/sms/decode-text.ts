/** A text's octets as characters, by the alphabet they are in. */
import { decodeGsm7 } from "./gsm-alphabet.ts";
import { decodeUcs2 } from "./ucs2.ts";

/** `gsm7` has one septet to an octet; `binary` is data that is no text. */
export type Alphabet = "gsm7" | "latin1" | "ucs2" | "binary";

/** The text; undefined where the octets are data.  decodeText(Uint8Array.of(0x00, 0x61), "gsm7") → "@a" */
export function decodeText(octets: Uint8Array, alphabet: Alphabet): string | undefined {
  switch (alphabet) {
    case "gsm7":
      return decodeGsm7(octets);
    case "latin1":
      return decodeLatin1(octets);
    case "ucs2":
      return decodeUcs2(octets);
    case "binary":
      return undefined;
  }
}

/** ISO 8859-1: each octet is the code of its character. */
function decodeLatin1(octets: Uint8Array): string {
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join("");
}
