/** For which of the services that share a number a text is: by the keyword it begins with. */
import { plainWords, USUAL_WORDS } from "./reply-words.ts";

export interface Keyword {
  /** As `plainWords` writes it. */
  keyword: string;
  serviceId: string;
}

export interface MatchedKeyword extends Keyword {
  /** The text without it. */
  rest: string;
}

const ALL_USUAL: ReadonlySet<string> = new Set(Object.values(USUAL_WORDS).flat());

/**
 * The longest that the text begins with, as whole words: PARK RIDE before PARK. One at the end counts where the text is nothing but
 * STOP, START or HELP before it: people write "STOP LIBRARY" as well as "LIBRARY STOP".
 */
export function matchKeyword(keywords: readonly Keyword[], text: string): MatchedKeyword | undefined {
  const plain = plainWords(text);
  const longest = keywords.toSorted((a, b) => b.keyword.length - a.keyword.length);
  for (const one of longest) {
    if (plain === one.keyword || plain.startsWith(`${one.keyword} `))
      return { ...one, rest: plain.slice(one.keyword.length).trim() };
  }
  for (const one of longest) {
    const rest = plain.endsWith(` ${one.keyword}`) ? plain.slice(0, -one.keyword.length).trim() : "";
    if (ALL_USUAL.has(rest)) return { ...one, rest };
  }
  return undefined;
}
