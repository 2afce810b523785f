/**
 * The words of the interface, by key and language. Values fill `{names}`; a text with `{count}` may have a form for each plural
 * category of the language (Unicode CLDR, by `Intl.PluralRules`).
 *
 *     text("signIn.title") → "Sign in"
 *     text("services.members", { count: 2 }) → "2 people"
 */
import { en } from "./en.ts";

export type Plural = { readonly one: string; readonly other: string };
export type Texts = Readonly<Record<string, string | Plural>>;

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
  const texts: Texts = LANGUAGES[language];
  const plurals = new Intl.PluralRules(LOCALES[language]);
  const numbers = new Intl.NumberFormat(LOCALES[language]);
  return (key, ...[values = {}]) => {
    const found = texts[key];
    if (found === undefined) throw new Error(`There is no text ${key} in the catalogue`);
    const words = typeof found === "string" ? found : chooseForm(found, plurals, values);
    return fillIn(words, values, numbers);
  };
}

export function localeOf(language: Language): string {
  return LOCALES[language];
}

type Values = Readonly<Record<string, string | number>>;

function chooseForm(forms: Plural, plurals: Intl.PluralRules, values: Values): string {
  return plurals.select(Number(values["count"])) === "one" ? forms.one : forms.other;
}

function fillIn(words: string, values: Values, numbers: Intl.NumberFormat): string {
  return words.replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Nothing was given for ${gap}`);
    return typeof value === "number" ? numbers.format(value) : value;
  });
}
