/** What number data alone tell of a number, at no cost: whether anybody can have it, of which type it is, and where it belongs. */
import { callingCodeOf, type NumberSort, planOf, regionOf, sortIn } from "./numbering-plan.ts";
import { type PhoneNumber, type PhoneProblem, parsePhoneNumber } from "./parse-phone-number.ts";

/** Of numbers a text can go to; where fixed lines and mobiles share their digits, nobody can tell which it is. */
export type NumberType = "mobile" | "landline" | "mobile-or-landline" | "personal-number";

export interface NumberFacts {
  number: PhoneNumber;
  type: NumberType;
  /** ISO 3166-1: `GB`, `JE`, `US`. Undefined for numbers of no country, such as those of satellites. */
  country: string | undefined;
}

const HOME_REGION = "GB";

const TYPES: Partial<Record<NumberSort, NumberType>> = {
  "fixed-line": "landline",
  "fixed-line-or-mobile": "mobile-or-landline",
  uan: "landline",
  "personal-number": "personal-number",
};

/** numberFacts("020 7946 0000") → { type: "landline", country: "GB", … }; a problem is a code. */
export function numberFacts(text: string): NumberFacts | PhoneProblem {
  const number = parsePhoneNumber(text);
  if (typeof number === "string") return number;
  const callingCode = callingCodeOf(number.digits) ?? "";
  const nationalNumber = number.digits.slice(callingCode.length);
  const region = regionOf(callingCode, nationalNumber);
  const sort = region === undefined ? undefined : sortIn(planOf(region), nationalNumber);
  const type = number.isTvNumber || sort === undefined ? "mobile" : (TYPES[sort] ?? "mobile");
  return { number, type, country: number.isTvNumber ? HOME_REGION : countryOf(region) };
}

function countryOf(region: string | undefined): string | undefined {
  return region !== undefined && /^[A-Z]{2}$/.test(region) ? region : undefined;
}
