/** A list of what is set up, each with the way to its own page. */
import { listCountries } from "../../../core/phone/international-rates.ts";
import { page } from "../http/page.ts";
import { countryName } from "../platform/route-words.ts";

export interface Listing {
  title: string;
  explain: string;
  /** Said where there is nothing yet. */
  empty: string;
  rows: readonly { title: string; lines: readonly string[]; url: string | undefined }[];
  /** Where one is added. */
  add: { text: string; url: string } | undefined;
  /** What is looked for, where the list may be long. */
  search?: string;
}

export const showListing = page<Listing>("platform-senders/listing.njk");

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
