/**
 * The door for postal addresses: people's lines in, an address that a letter can be posted to out.
 *
 *     parsePostalAddress("A Person\n1 High Street\nsw1a1aa", { international: false })
 *       → { lines: ["A Person", "1 High Street", "SW1A 1AA"], zone: "united-kingdom", … }
 *     parsePostalAddress("A Person\nSW1A 1AA", { international: false }) → "not-enough-address-lines"
 */
import type { AddressProblem } from "./address-problem.ts";
import { type Country, findCountry, type PostageZone } from "./country.ts";
import { formatPostcode } from "./postcode.ts";

export const ADDRESS_LINES_MIN = 3;
export const ADDRESS_LINES_MAX = 7;

export interface PostalAddress {
  /** As printed: tidied, with the postcode in its form, the number of a forces' post office last, and no country at home. */
  readonly lines: readonly string[];
  readonly zone: PostageZone;
  /** None where the last line is not one, and abroad. */
  readonly postcode: string | undefined;
  /** The number of a British Forces Post Office. */
  readonly bfpoNumber: string | undefined;
}

export interface AddressPermissions {
  /** Whether the service may send letters abroad. */
  readonly international: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const LINE_BREAKS = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/;
// biome-ignore lint/suspicious/noMisleadingCharacterClass: each of them alone is meant
const ZERO_WIDTH = /[\u180e\u200b\u200c\u200d\u2060\ufeff]/g;
const SPACES = /\s+/g;
/** The look-behind has each run tried once, from its start. */
const SPACES_AND_COMMAS_AT_END = /(?<![ ,])[ ,]+$/;
const SPACE_BEFORE_PUNCTUATION = / (?=[,.])/g;

const BFPO = /^bfpo ?(?:c\/o)? ?(?<number>\d*)$/i;
const LEADING_ZEROS = /^0+(?=\d)/;
const ALPHANUMERIC = /[A-Za-z0-9]/;
const STARTS_WITH_SYMBOL = /^[@()=[\]"\\/,<>~]/;
const NO_FIXED_ABODE = /^nfa$|no fixed (?:abode|address)/i;

/** An address a letter can be posted to, or the first thing that is wrong with it, in words by `addressProblemMessage`. */
export function parsePostalAddress(text: string, permissions: AddressPermissions): PostalAddress | AddressProblem {
  const address = readPostalAddress(text);
  return problemOf(address, permissions) ?? address;
}

/** The lines of any text as an address, fit to be posted to or not. */
export function readPostalAddress(text: string): PostalAddress {
  const tidied = text
    .split(LINE_BREAKS)
    .map(tidyLine)
    .filter((line) => line !== "");
  const { bfpoNumber, lines } = takeOutBfpo(tidied);
  const country = findCountry(lines.at(-1) ?? "");
  const ownLines = country ? lines.slice(0, startOfCountry(lines, country)) : lines;
  const zone = country?.zone ?? "united-kingdom";
  const postcode = zone === "united-kingdom" ? formatPostcode(ownLines.at(-1) ?? "") : undefined;
  return {
    lines: [
      ...(postcode === undefined ? ownLines : [...ownLines.slice(0, -1), postcode]),
      ...(bfpoNumber === undefined ? [] : [`BFPO ${bfpoNumber}`]),
      ...(country && country.zone !== "united-kingdom" ? [country.name] : []),
    ],
    zone,
    postcode,
    bfpoNumber,
  };
}

function tidyLine(line: string): string {
  const spaced = line.replace(ZERO_WIDTH, "").replace(SPACES, " ").trim();
  return spaced.replace(SPACES_AND_COMMAS_AT_END, "").replace(SPACE_BEFORE_PUNCTUATION, "");
}

/** Once a line gives the number, every line that says only BFPO goes, with a number or without. */
function takeOutBfpo(lines: readonly string[]): { bfpoNumber: string | undefined; lines: readonly string[] } {
  const number = lines.map((line) => BFPO.exec(line)?.groups?.["number"]).find(Boolean);
  if (number === undefined) return { bfpoNumber: undefined, lines };
  return { bfpoNumber: number.replace(LEADING_ZEROS, ""), lines: lines.filter((line) => !BFPO.test(line)) };
}

/** Where the country begins: at home it may be named more than once, as in "Jersey, Channel Islands". */
function startOfCountry(lines: readonly string[], country: Country): number {
  if (country.zone !== "united-kingdom") return lines.length - 1;
  return lines.findLastIndex((line) => findCountry(line)?.zone !== "united-kingdom") + 1;
}

function problemOf(address: PostalAddress, permissions: AddressPermissions): AddressProblem | undefined {
  const { lines, zone, bfpoNumber } = address;
  if (lines.length === 0) return "address-is-empty";
  if (lines.length < ADDRESS_LINES_MIN) return "not-enough-address-lines";
  if (lines.length > ADDRESS_LINES_MAX) return "too-many-address-lines";
  if (!lines.slice(0, 2).every((line) => ALPHANUMERIC.test(line))) return "invalid-address-line-1-or-2";
  if (bfpoNumber !== undefined && zone !== "united-kingdom") return "has-country-for-bfpo-address";
  return lastLineProblem(address, permissions) ?? wordingProblem(lines);
}

function lastLineProblem(address: PostalAddress, { international }: AddressPermissions): AddressProblem | undefined {
  const { zone, postcode, bfpoNumber } = address;
  if (zone !== "united-kingdom") return international ? undefined : "cant-send-international-letters";
  if (postcode !== undefined || bfpoNumber !== undefined) return undefined;
  return international ? "not-a-real-uk-postcode-or-country" : "not-a-real-uk-postcode";
}

function wordingProblem(lines: readonly string[]): AddressProblem | undefined {
  if (lines.some((line) => STARTS_WITH_SYMBOL.test(line))) return "invalid-char-in-address";
  return lines.some((line) => NO_FIXED_ABODE.test(line)) ? "no-fixed-abode-address" : undefined;
}
