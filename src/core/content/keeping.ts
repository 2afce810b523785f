/** What is kept of a message's words once it has been handed over, as its template and its request ask for. */
export const KEEPINGS = ["everything", "hash", "nothing"] as const;
export type Keeping = (typeof KEEPINGS)[number];

/** The less of two wishes: whoever asks that less be kept is heard.  keepsLess("hash", "everything") → "hash" */
export function keepsLess(one: Keeping, other: Keeping): Keeping {
  return KEEPINGS.indexOf(one) > KEEPINGS.indexOf(other) ? one : other;
}
