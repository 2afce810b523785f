/** The GSM 7 bit default alphabet with its extension table (3GPP TS 23.038 §6.2.1 and §6.2.1.1). */

const ESCAPE = 0x1b;
/** What a phone shows for an escape it cannot follow (§6.2.1.1, note 1). */
const SPACE = " ";
const UNKNOWN = "\ufffd";
const QUESTION_MARK = 0x3f;

/** Position in the string = code. The escape (0x1b) leads to the extension table and is no character of its own. */
const BASIC = [
  "@£$¥èéùìòÇ\nØø\rÅå",
  "Δ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ",
  " !\"#¤%&'()*+,-./",
  "0123456789:;<=>?",
  "¡ABCDEFGHIJKLMNO",
  "PQRSTUVWXYZÄÖÑÜ§",
  "¿abcdefghijklmno",
  "pqrstuvwxyzäöñüà",
].join("");

const FORM_FEED_CODE = 0x0a;

const EXTENSION: ReadonlyArray<readonly [code: number, character: string]> = [
  [0x14, "^"],
  [0x28, "{"],
  [0x29, "}"],
  [0x2f, "\\"],
  [0x3c, "["],
  [0x3d, "~"],
  [0x3e, "]"],
  [0x40, "|"],
  [0x65, "€"],
];

/** The characters of the basic table: one septet each. */
export const GSM_BASIC_CHARACTERS = BASIC.replace("\u001b", "");
/** The characters behind the escape: two septets each. */
export const GSM_EXTENDED_CHARACTERS = EXTENSION.map(([, character]) => character).join("");

const basicCodes = new Map([...GSM_BASIC_CHARACTERS].map((character) => [character, BASIC.indexOf(character)]));
const extensionCodes = new Map(EXTENSION.map(([code, character]) => [character, code]));
const extensionCharacters = new Map([...EXTENSION, [FORM_FEED_CODE, "\f"] as const]);

const NOT_GSM = new RegExp(`[^${classOf(GSM_BASIC_CHARACTERS + GSM_EXTENDED_CHARACTERS)}]`);
const EXTENDED = new RegExp(`[${classOf(GSM_EXTENDED_CHARACTERS)}]`, "g");

/** The characters, escaped to stand inside a regular expression's brackets. */
export function classOf(characters: string): string {
  return characters.replace(/[\\\]^-]/g, "\\$&");
}

/** Can the whole text be sent in the 7 bit alphabet?  isGsm7("£5") → true, isGsm7("naïve") → false */
export function isGsm7(text: string): boolean {
  return !NOT_GSM.test(text);
}

/** How many characters stand in the extension table, and so take two septets.  countExtended("[€]") → 3 */
export function countExtended(text: string): number {
  return text.match(EXTENDED)?.length ?? 0;
}

/**
 * A text as septets, one to an octet, as SMPP carries them under data_coding 0 (SMPP 3.4 §5.2.19).
 * What the alphabet lacks becomes a question mark, one for each code point: call isGsm7 first if that matters.
 */
export function encodeGsm7(text: string): Uint8Array {
  const septets = new Uint8Array(text.length * 2);
  let length = 0;
  for (const character of text) {
    const extension = extensionCodes.get(character);
    if (extension !== undefined) septets[length++] = ESCAPE;
    septets[length++] = extension ?? basicCodes.get(character) ?? QUESTION_MARK;
  }
  return septets.slice(0, length);
}

/** Septets, one to an octet, as text. Reads anything: an octet over 0x7f becomes U+FFFD, an escape to nowhere as §6.2.1.1 says. */
export function decodeGsm7(septets: Uint8Array): string {
  let text = "";
  for (let at = 0; at < septets.length; at++) {
    if (septets[at] === ESCAPE) text += escaped(septets[++at]);
    else text += basic(septets[at]);
  }
  return text;
}

function basic(septet: number | undefined): string {
  return BASIC[septet ?? BASIC.length] ?? UNKNOWN;
}

function escaped(septet: number | undefined): string {
  if (septet === undefined || septet === ESCAPE) return SPACE;
  return extensionCharacters.get(septet) ?? basic(septet);
}
