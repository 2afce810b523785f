/**
 * What an edit does to those who send with a template: a placeholder that is new, gone or spelled otherwise needs other values.
 *
 *     placeholderChanges(["name"], ["first name"]) → { added: [], removed: [], renamed: [{ from: "name", to: "first name" }], … }
 */
import { normaliseKey } from "./personalisation.ts";

export interface PlaceholderChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** One went and one came in its place. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  /** Whether requests that worked until now would be refused: a value they do not send is asked for. */
  readonly isBreaking: boolean;
}

/** Compares the names that two versions ask for, each as `placeholderNames` gives them. Spelling alone changes nothing. */
export function placeholderChanges(before: readonly string[], after: readonly string[]): PlaceholderChanges {
  const added = without(after, before);
  const removed = without(before, after);
  const renamed = removed.length === 1 && added.length === 1 ? [{ from: removed[0] ?? "", to: added[0] ?? "" }] : [];
  const isRename = renamed.length > 0;
  return {
    added: isRename ? [] : added,
    removed: isRename ? [] : removed,
    renamed,
    isBreaking: added.length > 0,
  };
}

function without(names: readonly string[], others: readonly string[]): string[] {
  const keys = new Set(others.map(normaliseKey));
  return names.filter((name) => !keys.has(normaliseKey(name)));
}
