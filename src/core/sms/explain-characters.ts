/** For a calculator: which characters of a text make it dearer than it looks. */

import { measureText, type TextMeasure } from "./fragments.ts";
import { countExtended, isGsm7 } from "./gsm-alphabet.ts";
import { SMS_CHARACTER_LIMIT, type TextMode, toSmsText } from "./text-mode.ts";

/** Enough to show; a text made of nothing else needs no longer list. */
const EXPLAINED_MAX = 50;

export interface CharacterExplanation {
  /** The text as it would be sent, without the service's name. */
  readonly text: string;
  readonly measure: TextMeasure;
  readonly tooLong: boolean;
  /** Characters that count twice, each once, in the order met. Empty when the text is UCS-2 and none does. */
  readonly double: readonly string[];
  /** Characters outside the GSM alphabet: any of them makes the whole text UCS-2, with 70 characters to a fragment. */
  readonly forcingUcs2: readonly string[];
  /** Characters as typed that will be sent as something else. */
  readonly replaced: ReadonlyArray<{ readonly from: string; readonly to: string }>;
}

/** Explains a text as typed, before `toSmsText`.  explainCharacters("€5 – ŵ", "gsm").forcingUcs2 → ["ŵ"] */
export function explainCharacters(typed: string, mode: TextMode): CharacterExplanation {
  const text = toSmsText(typed, mode);
  const measure = measureText(text, mode);
  const characters = distinct(text);
  return {
    text,
    measure,
    tooLong: measure.characters > SMS_CHARACTER_LIMIT,
    double: measure.encoding === "gsm7" ? characters.filter((character) => countExtended(character) > 0) : [],
    forcingUcs2: characters.filter((character) => !isGsm7(character)).slice(0, EXPLAINED_MAX),
    replaced: replacements(typed, mode),
  };
}

function replacements(typed: string, mode: TextMode): Array<{ from: string; to: string }> {
  return distinct(typed)
    .filter((character) => character.trim() !== "" && !isGsm7(character))
    .map((from) => ({ from, to: toSmsText(from, mode) }))
    .filter(({ from, to }) => from !== to)
    .slice(0, EXPLAINED_MAX);
}

function distinct(text: string): string[] {
  return [...new Set(text)];
}
