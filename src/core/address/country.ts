/**
 * Countries as people write them on envelopes: in English, in Welsh, in their own languages, by code, and misspelt.
 *
 *     findCountry("Côte d’Ivoire") → { name: "Ivory Coast", zone: "rest-of-world" }
 */
import spellingsByZone from "./countries.json" with { type: "json" };

/** What a letter's postage depends on. Jersey, Guernsey and the Isle of Man are posted to as the United Kingdom is. */
export type PostageZone = "united-kingdom" | "europe" | "rest-of-world";

export interface Country {
  /** As printed. */
  readonly name: string;
  readonly zone: PostageZone;
}

/** No country is written with more, and nobody need look for one in a page of text. */
const LINE_MAX_CHARACTERS = 200;
const AND_SIGNS = /[&+]/g;
const NOT_TOLD_APART = /[\p{Pd}\p{Cf} _'’‘,.()]/gu;
const ACCENTS = /\p{Mn}/gu;
/** Articles that may be left out: "Gambia", "Iseldiroedd". */
const ARTICLES = ["", "the", "yr", "y"];

const countries = new Map(Object.entries(spellingsByZone).flatMap(([zone, names]) => entriesOf(zone, names)));

function entriesOf(zone: string, names: Record<string, string>): Array<[spelling: string, country: Country]> {
  return Object.entries(names).flatMap(([name, spellings]) => {
    const country: Country = { name, zone: zone as PostageZone };
    const own = simplify(name);
    return [own, withoutAccents(own), ...spellings.split(" ")].map((spelling): [string, Country] => [
      spelling,
      country,
    ]);
  });
}

/** The country a line of an address names, whatever the case, accents, spaces and punctuation. */
export function findCountry(line: string): Country | undefined {
  if (line.length > LINE_MAX_CHARACTERS) return undefined;
  for (const candidate of spellingsOf(line)) {
    for (const article of ARTICLES) {
      const country = countries.get(article + candidate);
      if (country) return country;
    }
  }
  return undefined;
}

/** As written, and without accents, for names that few write with them. */
function spellingsOf(line: string): string[] {
  const spelling = simplify(line);
  return [spelling, withoutAccents(spelling)].filter((candidate) => candidate !== "");
}

function simplify(text: string): string {
  return text.replace(AND_SIGNS, "and").toLowerCase().replace(NOT_TOLD_APART, "");
}

function withoutAccents(text: string): string {
  return text.normalize("NFD").replace(ACCENTS, "");
}
