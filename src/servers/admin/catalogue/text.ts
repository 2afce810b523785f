/**
 * The words of the interface, by key and language. Values fill `{names}`; a text with `{count}` may have a form for each plural
 * category of the language.
 *
 *     text("signIn.title") → "Sign in"
 *     text("services.members", { count: 2 }) → "2 people"
 */
import { en } from "./en.ts";
import { type Texts, wording } from "./wording.ts";

const LANGUAGES = { en } as const;
/** What dates and numbers follow in each language. */
const LOCALES: Record<Language, string> = { en: "en-GB" };

export type Language = keyof typeof LANGUAGES;
export type TextKey = keyof typeof en;

type WordsOf<T> = T extends string ? T : T[keyof T];
type NamesIn<T> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type NamesOf<Key extends TextKey> = NamesIn<WordsOf<(typeof en)[Key]>>;
type ValuesOf<Key extends TextKey> = [NamesOf<Key>] extends [never]
  ? []
  : [values: Readonly<Record<NamesOf<Key>, string | number>>];

export type Text = <Key extends TextKey>(key: Key, ...values: ValuesOf<Key>) => string;

/** Says things in a language. A key that is not in the catalogue does not compile; in a view it throws. */
export function textIn(language: Language): Text {
  const say = wording(LANGUAGES[language], LOCALES[language]);
  return (key, ...[values]) => say(key, values);
}

/** Whether the catalogue has words for what is put together at run time: `isTextKey(`audit.action.${action}`)`. */
export function isTextKey<Key extends string>(key: Key): key is Key & TextKey {
  return Object.hasOwn(en, key);
}

/** The texts of one area as they are kept, for a script that says them in the browser. */
export function textsOf(language: Language, area: string): Texts {
  const texts: Texts = LANGUAGES[language];
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key.startsWith(`${area}.`)));
}

export function localeOf(language: Language): string {
  return LOCALES[language];
}
