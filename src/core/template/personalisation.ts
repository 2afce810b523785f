/** The values for one notification, and the rules by which a placeholder finds its value. */

/** Values as text or lists of text; numbers, booleans and nulls are turned to text or left out where a request comes in. */
export type Personalisation = Readonly<Record<string, string | readonly string[]>>;

/** Values by normalised key. */
export type Lookup = ReadonlyMap<string, string | readonly string[]>;

const IGNORED_IN_KEYS = /[ _-]/g;
const INVISIBLE = /[\u180e\u200b\u2060\ufeff]|\u200c|\u200d/g;

/**
 * Keys are the same when they differ only in case, spaces, underscores and hyphens. Nothing else is folded: accents, tabs and the
 * composition of letters tell keys apart.  normaliseKey("Date of_Birth") → "dateofbirth"
 */
export function normaliseKey(key: string): string {
  return key.replace(IGNORED_IN_KEYS, "").toLowerCase();
}

/** Values by normalised key; where two keys are the same, the last given holds. */
export function lookUp(personalisation: Personalisation): Lookup {
  const lookup = new Map<string, string | readonly string[]>();
  for (const key of Object.keys(personalisation)) {
    const value = personalisation[key];
    if (value !== undefined) lookup.set(normaliseKey(key), value);
  }
  return lookup;
}

/** A list in a sentence.  asSentence(["a", "b", "c"]) → "a, b and c" */
export function asSentence(items: readonly string[]): string {
  const shown = shownItems(items);
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

/** A list as the lines of a bulleted list in a paragraph of its own. */
export function asBullets(items: readonly string[]): string {
  const shown = shownItems(items);
  return shown.length === 0 ? "" : `\n\n${shown.map((item) => `* ${item}`).join("\n")}`;
}

function shownItems(items: readonly string[]): string[] {
  return items.map((item) => item.replace(INVISIBLE, "").trim()).filter((item) => item !== "");
}
