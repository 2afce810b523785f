/** What a text to each country costs, as a multiple of a text at home, and what its networks allow and report. */
import rates from "./international-rates.json" with { type: "json" };

/** What networks abroad let a sender be: freely, not at all, only after registration, or only on some of them. */
export type SenderRule = "YES" | "NO" | "REG" | "LIMITED" | null;

export interface CountryRate {
  countries: readonly string[];
  /** Texts there are charged this many times the home rate: 1 to 12. */
  multiplier: number;
  /** Whether its networks report back what became of a text. */
  receipts: boolean;
  alphanumericSender: SenderRule;
  numericSender: SenderRule;
}

const NORTH_AMERICA = "1";
const NORTH_AMERICAN_PREFIX_DIGITS = 4;

const table = new Map(Object.entries(rates as Record<string, CountryRate>));

/** The rate of a prefix of the table; undefined for a country we do not send to. */
export function countryRate(prefix: string): CountryRate | undefined {
  return table.get(prefix);
}

/**
 * The prefix of the table under which a number is charged: its calling code, or, where islands share the code 1 with larger
 * countries, four digits.  countryPrefix("1", "16644913789") → "1664"
 */
export function countryPrefix(callingCode: string, digits: string): string {
  if (callingCode !== NORTH_AMERICA) return callingCode;
  const island = digits.slice(0, NORTH_AMERICAN_PREFIX_DIGITS);
  return table.has(island) ? island : callingCode;
}

export interface Country {
  /** Of the table of rates. */
  prefix: string;
  /** Places that share the prefix: "Canada", "United States". */
  names: readonly string[];
}

const HOME_PREFIX = "44";
const HOME_NAME = "United Kingdom";

/** Home first, with the islands that share its calling code; then by the first of their names. */
export function listCountries(): Country[] {
  const countries = [...table].map(([prefix, { countries: names }]) => ({ prefix, names: names.toSorted(byName) }));
  const abroad = countries.filter(({ prefix }) => prefix !== HOME_PREFIX);
  const islands = countries.find(({ prefix }) => prefix === HOME_PREFIX)?.names ?? [];
  const home = { prefix: HOME_PREFIX, names: [HOME_NAME, ...islands] };
  return [home, ...abroad.sort((a, b) => byName(a.names[0] ?? "", b.names[0] ?? ""))];
}

const byName = new Intl.Collator("en").compare;
