/**
 * The door for phone numbers: people's spellings in, one number that a text can be sent to out.
 *
 *     parsePhoneNumber("07700 900123")   → { digits: "447700900123", international: false, … }
 *     parsePhoneNumber("0770090012345")  → "too-long"
 */
import { type DialledNumber, judgeDialledLength, readDialledNumber } from "./dialled-number.ts";
import { countryPrefix, countryRate } from "./international-rates.ts";
import { type NumberSort, planOf, regionOf, sortIn } from "./numbering-plan.ts";

export interface PhoneNumber {
  /** E.164 without the plus: `447700900123`. */
  digits: string;
  /** As it was given, without spaces at the ends and characters nobody sees. */
  asSubmitted: string;
  /** Whether its country is said rather than guessed: it is at home, or was given with + or 00. */
  saysCountry: boolean;
  /** Outside the numbering of Great Britain and Northern Ireland, and charged so. Jersey, Guernsey and the Isle of Man are outside. */
  international: boolean;
  /** Jersey, Guernsey or the Isle of Man: charged as international, allowed as national. */
  crownDependency: boolean;
  /** Under which the number is charged: `44`, `33`, `1664`. */
  countryPrefix: string;
  /** Charged this many times the home rate. */
  rateMultiplier: number;
  /** Whether networks there report what became of a text. */
  hasDeliveryReceipts: boolean;
  /** A fixed line with the calling code 44. */
  isLandline: boolean;
  /** One of the numbers kept for drama and tests, which nobody has. */
  isTvNumber: boolean;
}

export type PhoneProblem = "too-short" | "too-long" | "unknown-character" | "unsupported-country" | "invalid";

const HOME_REGION = "GB";
const HOME_CALLING_CODE = "44";
const CROWN_DEPENDENCIES = new Set(["JE", "GG", "IM"]);
const HOME_MULTIPLIER = 1;

const TEXTABLE_SORTS = new Set<NumberSort>(["fixed-line", "mobile", "fixed-line-or-mobile", "uan", "personal-number"]);
const LANDLINE_SORTS = new Set<NumberSort>(["fixed-line", "fixed-line-or-mobile", "uan"]);

/** Ofcom keeps 07700 900000 to 900999 for drama. Notify's API counts all of 07700 to it, and so do we. */
const TV_NUMBER = /^7700\d{6}$/;

const ALLOWED = /^[\d()\-+\s\u180E\u200B-\u200D\u2060]*$/;
const ONLY_ASCII_SPACES_AND_DIGITS = /^[\d()\-+ ]*$/;
const INVISIBLE = /[\u180E\u200B-\u200D\u2060\uFEFF\u2028\u2029]/g;
const DASHES = /[\u2011\u2013\u2014\u2212]/g;
const SPACES = /[\t\u00A0\u202F]/g;
const OUTSIDE_PRINTABLE_ASCII = /[^ -~]/gu;
/** After whatever stands before the first digit. */
const SAYS_COUNTRY = /^[^\d+]*(\+|00)/;
const OUTER_UNSEEN = /^[\s\u180E\u200B-\u200D\u2060\uFEFF]+|[\s\u180E\u200B-\u200D\u2060\uFEFF]+$/g;

/** Parses a number as dialled in the United Kingdom; a problem is a code, in words by `phoneProblemMessage`. */
export function parsePhoneNumber(input: string): PhoneNumber | PhoneProblem {
  const found = findNumber(input);
  if (typeof found !== "string") return describe(found, input);
  const retried = findNumber(withoutDecoration(input));
  return typeof retried === "string" ? retried : describe(retried, input);
}

/** Second reading: no plus, no leading zeros, and the look-alikes that word processors put in taken for what was meant. */
function withoutDecoration(input: string): string {
  const plain = input.replaceAll("+", "").replace(/^0+/, "");
  return plain.replace(INVISIBLE, "").replace(DASHES, "-").replace(SPACES, " ").replace(OUTSIDE_PRINTABLE_ASCII, "?");
}

interface PlacedNumber extends DialledNumber {
  region: string | undefined;
  sort: NumberSort | undefined;
  isTvNumber: boolean;
}

function findNumber(input: string): PlacedNumber | PhoneProblem {
  if (!ONLY_ASCII_SPACES_AND_DIGITS.test(input) && !ALLOWED.test(input)) return "unknown-character";
  if (input === "") return "too-short";
  const dialled = readDialledNumber(input);
  if (dialled === undefined) return "invalid";
  const number = withPossibleLength(dialled, input);
  if (typeof number === "string") return number;
  const placed = place(number);
  return placed.isTvNumber || isTextable(placed.sort) ? placed : "invalid";
}

/** Spreadsheets eat the plus of an international number, so a number of the wrong length at home is tried abroad. */
function withPossibleLength(dialled: DialledNumber, input: string): DialledNumber | PhoneProblem {
  const verdict = judgeDialledLength(dialled);
  if (verdict === "possible") return dialled;
  const abroad = readDialledNumber(`+${input}`);
  if (abroad !== undefined && isDiallable(abroad)) return abroad;
  if (verdict === "too-long") return "too-long";
  return verdict === "wrong-length" ? "invalid" : "too-short";
}

function isDiallable(number: DialledNumber): boolean {
  const verdict = judgeDialledLength(number);
  return verdict === "possible" || verdict === "local-only";
}

function place(number: DialledNumber): PlacedNumber {
  const { callingCode, nationalNumber } = number;
  const region = regionOf(callingCode, nationalNumber);
  const sort = region === undefined ? undefined : sortIn(planOf(region), nationalNumber);
  return { callingCode, nationalNumber, region, sort, isTvNumber: isTvNumber(number) };
}

function isTvNumber({ callingCode, nationalNumber }: DialledNumber): boolean {
  return callingCode === HOME_CALLING_CODE && TV_NUMBER.test(nationalNumber);
}

function isTextable(sort: NumberSort | undefined): boolean {
  return sort !== undefined && TEXTABLE_SORTS.has(sort);
}

function describe(number: PlacedNumber, input: string): PhoneNumber | PhoneProblem {
  const { callingCode, region, sort } = number;
  const digits = callingCode + number.nationalNumber;
  const prefix = countryPrefix(callingCode, digits);
  const rate = countryRate(prefix);
  if (rate === undefined) return "unsupported-country";
  const international = region !== HOME_REGION && !number.isTvNumber;
  return {
    digits,
    asSubmitted: input.replace(OUTER_UNSEEN, ""),
    saysCountry: callingCode === HOME_CALLING_CODE || SAYS_COUNTRY.test(input),
    international,
    crownDependency: international && region !== undefined && CROWN_DEPENDENCIES.has(region),
    countryPrefix: prefix,
    rateMultiplier: international ? rate.multiplier : HOME_MULTIPLIER,
    hasDeliveryReceipts: rate.receipts,
    isLandline: callingCode === HOME_CALLING_CODE && sort !== undefined && LANDLINE_SORTS.has(sort),
    isTvNumber: number.isTvNumber,
  };
}
