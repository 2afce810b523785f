/**
 * How the words of a catalogue are said: values fill `{names}`, and a text with `{count}` may have a form for each plural category of
 * the language (Unicode CLDR, by `Intl.PluralRules`). It runs in browsers too, on the few texts that a script is given.
 */

export type Plural = { readonly one: string; readonly other: string };
export type Texts = Readonly<Record<string, string | Plural>>;
type Values = Readonly<Record<string, string | number>>;

/** A key that is not among the texts, or a value that is not given, throws: it is a mistake, and never a gap. */
export function wording(texts: Texts, locale: string): (key: string, values?: Values) => string {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (key, values = {}) => {
    const found = texts[key];
    if (found === undefined) throw new Error(`There is no text ${key} in the catalogue`);
    const words = typeof found === "string" ? found : chooseForm(found, plurals, values);
    return fillIn(words, values, numbers);
  };
}

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
