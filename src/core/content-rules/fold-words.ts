/** Words as a hurried reader sees them: without case and accents, and with letters that look alike made one. */
import { foldLookAlikes } from "../senders/look-alike.ts";

/** Characters nobody sees, put into words so that they are not found. */
const UNSEEN = /[\p{Cf}\p{M}]/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const ONLY_DIGITS = /^\d+$/;
/** Of other alphabets, and Latin letters that no decomposition makes plain, by what they are taken for (Unicode TR39 §4). */
const OTHER_ALPHABETS: Readonly<Record<string, string>> = {
  ...{
    а: "a",
    в: "b",
    е: "e",
    к: "k",
    м: "m",
    н: "h",
    о: "o",
    р: "p",
    с: "c",
    т: "t",
    у: "y",
    х: "x",
    і: "i",
    ѕ: "s",
    ј: "j",
  },
  ...{ α: "a", β: "b", ε: "e", η: "n", ι: "i", κ: "k", ν: "v", ο: "o", ρ: "p", τ: "t", υ: "u", χ: "x" },
  ...{ ø: "o", ł: "l", đ: "d", ı: "i", æ: "ae", œ: "oe", ß: "ss" },
};
const OTHER = new RegExp(`[${Object.keys(OTHER_ALPHABETS).join("")}]`, "gu");

/** The words of a text, in their order. A number stays as it is: 50 is no "so".  foldWords("Click, crème!") → ["cllck", "creme"] */
export function foldWords(text: string): string[] {
  const plain = text.normalize("NFKD").replace(UNSEEN, "").toLowerCase();
  return (plain.match(WORD) ?? []).map(foldWord);
}

function foldWord(word: string): string {
  if (ONLY_DIGITS.test(word)) return word;
  return foldLookAlikes(word.replace(OTHER, (letter) => OTHER_ALPHABETS[letter] ?? letter));
}
