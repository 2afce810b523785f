/**
 * What happens to the characters of a text message before it is counted and sent. A service chooses its mode.
 *
 * `gsm`      as Notify does it: the GSM alphabet and Welsh letters stay, others become the nearest character or `?`.
 * `unicode`  the text is kept. Only typography is made plain (curly quotes, dashes, ellipses, odd spaces), and that always, not
 *            just where it makes a text fit the GSM alphabet: what a reader sees must not depend on the words around it.
 */
import { classOf, GSM_BASIC_CHARACTERS, GSM_EXTENDED_CHARACTERS, isGsm7 } from "./gsm-alphabet.ts";
import { tidySpaces } from "./tidy-spaces.ts";

export type TextMode = "gsm" | "unicode";

/** Longest text a service may send, in characters, the service's name in front not counted. */
export const SMS_CHARACTER_LIMIT = 918;

/** What replaces a character that a phone could not show. */
const UNSHOWABLE = "?";

/** The accented vowels, w and y of Welsh. Those outside the GSM alphabet make a text UCS-2, which is right: Welsh must read as Welsh. */
const WELSH_LETTERS = "àèìòùẁỳáéíóúẃýäëïöüẅÿâêîôûŵŷÀÈÌÒÙẀỲÁÉÍÓÚẂÝÄËÏÖÜẄŸÂÊÎÔÛŴŶ";

const KEPT_IN_GSM_MODE = GSM_BASIC_CHARACTERS + GSM_EXTENDED_CHARACTERS + WELSH_LETTERS;
const KEPT = new Set(KEPT_IN_GSM_MODE);
const NOT_KEPT = new RegExp(`[^${classOf(KEPT_IN_GSM_MODE)}]`, "gu");

// biome-ignore lint/suspicious/noMisleadingCharacterClass: each of them alone is meant
const ZERO_WIDTH = /[\u180e\u200b\u200c\u200d\u2060\ufeff]/g;

const PLAIN_IN_GSM_MODE: Readonly<Record<string, string>> = {
  "\u2011": "-", // non-breaking hyphen
  "\u2013": "-", // en dash
  "\u2014": "-", // em dash
  "\u2212": "-", // minus
  "\u2026": "...", // ellipsis
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  ł: "l",
  Ł: "L",
};

const PLAIN_IN_UNICODE_MODE: Readonly<Record<string, string>> = {
  "\u2010": "-", // hyphen
  "\u2011": "-",
  "\u2012": "-", // figure dash
  "\u2013": "-",
  "\u2014": "-",
  "\u2015": "-", // horizontal bar
  "\u2212": "-",
  "\u2026": "...",
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u201b": "'",
  "\u2032": "'", // prime
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u201f": '"',
  "\u2033": '"', // double prime
};

const TYPOGRAPHY = new RegExp(`[${Object.keys(PLAIN_IN_UNICODE_MODE).join("")}]`, "g");
const INVISIBLE = /[\u00ad\u180e\u200b\u2060\ufeff]/g;
/** Joiners shape emoji and some scripts; next to the Basic Latin or at an end they do nothing but make the text UCS-2. */
const IDLE_JOINERS = /(?<![^\0-\u007f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\0-\u007f])/g;
/** Control characters other than the line feed, and halves of surrogate pairs. */
const UNSHOWABLES = /(?!\n)[\p{Cc}\p{Cs}]/gu;
const BEYOND_ASCII = /[^\0-\u007f]/;

/** A text as its recipient will read it: spaces tidied and characters mapped as the mode says. */
export function toSmsText(text: string, mode: TextMode): string {
  return mode === "gsm" ? toGsmText(text) : toUnicodeText(text);
}

/** With nothing outside the GSM alphabet, not even for Welsh: `toGsmOnly("Olá ŵyn")` → "Ola wyn". */
export function toGsmOnly(text: string): string {
  const fit = [...toSmsText(text, "gsm")].map((character) => {
    if (isGsm7(character)) return character;
    const bare = character.normalize("NFD").replace(/\p{M}/gu, "");
    return isGsm7(bare) ? bare : UNSHOWABLE;
  });
  return fit.join("");
}

/**
 * The message as sent and billed: the service's name, trimmed, in front of a text that is already `toSmsText`. API answers never show it.
 *
 *     withPrefix("Hello", " Sample service ", "gsm") → "Sample service: Hello"
 */
export function withPrefix(text: string, serviceName: string, mode: TextMode): string {
  return `${toSmsText(serviceName, mode)}: ${text}`;
}

function toGsmText(text: string): string {
  return tidySpaces(text, (lines) => lines.replace(ZERO_WIDTH, "")).replace(NOT_KEPT, nearestKept);
}

function nearestKept(character: string): string {
  return PLAIN_IN_GSM_MODE[character] ?? withoutLastMark(character) ?? UNSHOWABLE;
}

/**
 * The base letter by Unicode's canonical decomposition, one step of it, if that one is kept.
 * One step, as in Notify: "ế" (ê with an acute) loses the acute, "ệ" (ẹ with a circumflex) has no kept base.
 */
function withoutLastMark(character: string): string | undefined {
  const canonical = character.normalize("NFC");
  if (canonical !== character && KEPT.has(canonical)) return canonical;
  const parts = [...character.normalize("NFD")];
  const base = parts.slice(0, -1).join("").normalize("NFC");
  return KEPT.has(base) ? base : undefined;
}

function toUnicodeText(text: string): string {
  const tidy = tidySpaces(text, removeInvisible);
  return BEYOND_ASCII.test(tidy) ? makePlain(tidy.normalize("NFC")) : tidy.replace(UNSHOWABLES, UNSHOWABLE);
}

function removeInvisible(text: string): string {
  return text.replace(INVISIBLE, "").replace(IDLE_JOINERS, "");
}

function makePlain(text: string): string {
  return text
    .replace(TYPOGRAPHY, (character) => PLAIN_IN_UNICODE_MODE[character] ?? character)
    .replace(UNSHOWABLES, UNSHOWABLE);
}
