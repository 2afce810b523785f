/** Words about a letter that nobody reads on its pages: its title, and what its pictures show. */
import type { LetterInline, LetterPart } from "./letter.ts";
import { PAGE_WORDS } from "./letter-style.ts";
import { ZERO_WIDTH_SPACE } from "./prepare-letter.ts";

/** PDF/UA asks for one; a letter without a subject is called a letter. */
export function titleOf([first]: readonly LetterPart[]): string {
  return (first && plainWords(first.subject)) || PAGE_WORDS[first?.language ?? "en"].letter;
}

function plainWords(inlines: readonly LetterInline[]): string {
  const words = inlines.map((inline) => (inline.kind === "text" ? inline.text : " ")).join("");
  return words.replaceAll(ZERO_WIDTH_SPACE, "").replace(/\s+/g, " ").trim();
}

/** Read aloud to people who cannot scan it. */
export function describeQrCode(data: string, { language }: LetterPart): string {
  return `${PAGE_WORDS[language].qrCode}: ${data}`;
}
