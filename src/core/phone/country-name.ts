/** A country's name in English.  countryName("GB") → "United Kingdom" */
const names = new Intl.DisplayNames(["en"], { type: "region" });

/** `code`: ISO 3166-1. */
export function countryName(code: string): string {
  return names.of(code) ?? code;
}
