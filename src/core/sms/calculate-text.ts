/**
 * What a text costs before it is sent, and why: for the editor, in the browser as well as on the server.
 *
 *     calculateText("Hello – Ann", { name: "Council", textMode: "unicode", prefixesTexts: false })
 *       → { encoding: "gsm7", fragments: 1, charactersLeft: 149, replaced: [{ from: "–", to: "-" }], … }
 */
import { explainCharacters } from "./explain-characters.ts";
import { type Encoding, measureText } from "./fragments.ts";
import { GSM_EXTENDED_CHARACTERS, isGsm7 } from "./gsm-alphabet.ts";
import { SMS_CHARACTER_LIMIT, type TextMode, withPrefix } from "./text-mode.ts";

export interface SendingStyle {
  name: string;
  textMode: TextMode;
  prefixesTexts: boolean;
}

export interface TextCalculation {
  /** As it would be sent, with the service's name in front where the service wishes it. */
  readonly text: string;
  readonly encoding: Encoding;
  /** UTF-16 units, without the service's name: what the limit of 918 counts. */
  readonly characters: number;
  readonly charactersMax: number;
  readonly isTooLong: boolean;
  readonly fragments: number;
  /** Units of the encoding that still fit before another fragment begins: 7-bit characters, or 16-bit ones. */
  readonly charactersLeft: number;
  /** Units by which it would have to be shortened to need one fragment less; undefined when it needs only one. */
  readonly charactersOver: number | undefined;
  /** Characters that count twice, each once. */
  readonly double: readonly string[];
  /** Characters that make the whole text UCS-2, each once. */
  readonly forcingUcs2: readonly string[];
  /** What is sent otherwise than typed. */
  readonly replaced: readonly { readonly from: string; readonly to: string }[];
  /** What could be sent instead of a character that costs, to be taken with one click. */
  readonly offered: readonly { readonly from: string; readonly to: string }[];
}

const OFFERED: Readonly<Record<string, string>> = {
  "€": "EUR ",
  "[": "(",
  "]": ")",
  "{": "(",
  "}": ")",
  "\\": "/",
  "|": "/",
  "~": "-",
  "^": "'",
  "•": "-",
  "·": "-",
  "™": "(TM)",
  "®": "(R)",
  "©": "(C)",
  "«": '"',
  "»": '"',
  "`": "'",
  "´": "'",
  "½": "1/2",
  "¼": "1/4",
  "¾": "3/4",
  "×": "x",
  "→": "->",
  "₤": "£",
};

/** Units that fit, by 3GPP TS 23.040 §9.2.3.24.1: alone, and in each of several fragments. */
const UNITS = { gsm7: { alone: 160, joined: 153 }, ucs2: { alone: 70, joined: 67 } } as const;

/** Explains a text as typed, its placeholders already filled or left as they are. */
export function calculateText(typed: string, style: SendingStyle): TextCalculation {
  const explained = explainCharacters(typed, style.textMode);
  const text = style.prefixesTexts ? withPrefix(explained.text, style.name, style.textMode) : explained.text;
  const { encoding, fragments, extendedCharacters } = measureText(text, style.textMode);
  const units = text.length + extendedCharacters;
  const costly = [...new Set(text)].filter((character) => isCostly(character, encoding));
  return {
    text,
    encoding,
    characters: explained.measure.characters,
    charactersMax: SMS_CHARACTER_LIMIT,
    isTooLong: explained.tooLong,
    fragments,
    charactersLeft: Math.max(0, capacityOf(encoding, fragments) - units),
    charactersOver: fragments === 1 ? undefined : units - capacityOf(encoding, fragments - 1),
    double: encoding === "gsm7" ? costly : [],
    forcingUcs2: costly.filter((character) => !isGsm7(character)),
    replaced: explained.replaced,
    offered: costly.flatMap((from) => offerFor(from)),
  };
}

function capacityOf(encoding: Encoding, fragments: number): number {
  const { alone, joined } = UNITS[encoding];
  return fragments === 1 ? alone : fragments * joined;
}

function isCostly(character: string, encoding: Encoding): boolean {
  return encoding === "gsm7" ? GSM_EXTENDED_CHARACTERS.includes(character) : !isGsm7(character);
}

/** The nearest plain character: from the list, else the letter without its marks. */
function offerFor(from: string): { from: string; to: string }[] {
  const plain = OFFERED[from] ?? from.normalize("NFD").replace(/\p{Mn}/gu, "");
  return plain !== from && plain !== "" && isGsm7(plain) ? [{ from, to: plain }] : [];
}

/** Every character with an offer put in its place. */
export function takeOffers(typed: string, offered: TextCalculation["offered"]): string {
  return offered.reduce((text, { from, to }) => text.replaceAll(from, to), typed);
}
