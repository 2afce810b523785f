/** Countries as people read and write them in forms. */
import { type Country, listCountries } from "../../../core/phone/international-rates.ts";

/** "France (+33)" */
export function countryName({ names, prefix }: Country): string {
  return `${names.join(", ")} (+${prefix})`;
}

/** By prefix: "France (+33)" */
export function countryNames(): ReadonlyMap<string, string> {
  return new Map(listCountries().map((country) => [country.prefix, countryName(country)]));
}

/** "33, 372" → ["33", "372"] */
export function readCountries(text: string): string[] {
  return text
    .split(/[\s,+]+/)
    .map((word) => word.trim())
    .filter(Boolean);
}
