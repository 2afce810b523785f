/** What the first page after signing in suggests, once. */
import type { Answer } from "../http/answer.ts";
import type { Visit } from "../http/visit.ts";

/** `http-visit.ts` forgets it once a page has said it. */
export const SUGGESTION_COOKIE = "suggestion";
/** As long as it takes to be sent to the next page. */
const COOKIE_MAX_AGE_SECONDS = 60;

type Suggestion = "second-factor";
const ACCOUNT = "/account";
const SECOND_FACTOR: Suggestion = "second-factor";

export interface SuggestionBanner {
  text: string;
  link: { text: string; href: string };
}

export function suggest(what: Suggestion): NonNullable<Answer["cookies"]>[number] {
  return { name: SUGGESTION_COOKIE, value: what, maxAgeSeconds: COOKIE_MAX_AGE_SECONDS };
}

export function suggestionOf(visit: Visit): SuggestionBanner | undefined {
  const { text, visitor } = visit;
  if (visitor.kind !== "signed-in" || visit.cookie(SUGGESTION_COOKIE) !== SECOND_FACTOR) return undefined;
  if (visit.url.startsWith(ACCOUNT)) return undefined; // they are about it already
  return {
    text: text("layout.suggestion.secondFactor"),
    link: { text: text("layout.suggestion.secondFactor.link"), href: "/account/second-factors" },
  };
}
