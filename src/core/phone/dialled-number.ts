/**
 * Reads a number as someone in the United Kingdom would dial it: `07700 900123`, `+44 (0)7700 900123`, `00 33 6 12 34 56 78`.
 * It splits off international and national prefixes by the rules of ITU-T E.164 numbering plans, in the order Google's
 * libphonenumber does, so that both find the same number in the same digits.
 */
import { callingCodeOf, mainPlan, type NumberingPlan } from "./numbering-plan.ts";

export interface DialledNumber {
  callingCode: string;
  nationalNumber: string;
}

export type LengthVerdict = "possible" | "local-only" | "too-short" | "too-long" | "wrong-length";

const HOME_CALLING_CODE = "44";
const INTERNATIONAL_PREFIX = "00";
const NATIONAL_NUMBER_MIN_DIGITS = 2;
const NATIONAL_NUMBER_MAX_DIGITS = 17;
const INPUT_MAX_CHARACTERS = 250;

const SEPARATORS = "[- \\u00A0\\u200B\\u2060()]";
const DIALLABLE = new RegExp(`^(?:\\d{2}|\\+*(?:${SEPARATORS}*\\d){3,}(?:${SEPARATORS}|\\d)*)$`);
const BEFORE_NUMBER = /^[^+\d]+/;
const AFTER_NUMBER = /\D+$/;
const NOT_DIGITS = /\D+/g;

/** The number in what was dialled; undefined when there is none. Whether anyone can have it is another question. */
export function readDialledNumber(input: string): DialledNumber | undefined {
  if (input.length > INPUT_MAX_CHARACTERS) return undefined;
  const candidate = input.replace(BEFORE_NUMBER, "").replace(AFTER_NUMBER, "");
  if (!DIALLABLE.test(candidate)) return undefined;
  const digits = candidate.replace(NOT_DIGITS, "");
  return withinLimits(candidate.startsWith("+") ? splitAfterPlus(digits) : splitDialled(digits));
}

function withinLimits(number: DialledNumber | undefined): DialledNumber | undefined {
  if (number === undefined || number.nationalNumber.length < NATIONAL_NUMBER_MIN_DIGITS) return undefined;
  const stripped = withoutNationalPrefix(number);
  const { length } = stripped.nationalNumber;
  return length < NATIONAL_NUMBER_MIN_DIGITS || length > NATIONAL_NUMBER_MAX_DIGITS ? undefined : stripped;
}

/** Some write both: `+0033…`. No country's code begins with 0, so the zeros can only be the international prefix. */
function splitAfterPlus(digits: string): DialledNumber | undefined {
  return splitInternational(digits) ?? splitInternationalPrefix(digits);
}

function splitDialled(digits: string): DialledNumber | undefined {
  if (hasInternationalPrefix(digits)) return splitInternationalPrefix(digits);
  return { callingCode: HOME_CALLING_CODE, nationalNumber: withoutHomeCallingCode(digits) };
}

function hasInternationalPrefix(digits: string): boolean {
  return digits.startsWith(INTERNATIONAL_PREFIX) && digits.charAt(INTERNATIONAL_PREFIX.length) !== "0";
}

function splitInternationalPrefix(digits: string): DialledNumber | undefined {
  return hasInternationalPrefix(digits) ? splitInternational(digits.slice(INTERNATIONAL_PREFIX.length)) : undefined;
}

function splitInternational(digits: string): DialledNumber | undefined {
  if (digits.length <= NATIONAL_NUMBER_MIN_DIGITS) return undefined;
  const callingCode = callingCodeOf(digits);
  return callingCode === undefined ? undefined : { callingCode, nationalNumber: digits.slice(callingCode.length) };
}

/** `447700900123` means `7700900123`, unless the digits are a whole home number as they stand. */
function withoutHomeCallingCode(digits: string): string {
  if (!digits.startsWith(HOME_CALLING_CODE)) return digits;
  const plan = mainPlan(HOME_CALLING_CODE);
  const rest = stripNationalPrefix(digits.slice(HOME_CALLING_CODE.length), plan);
  const isOnlyRestValid = !plan.pattern.test(digits) && plan.pattern.test(rest);
  return isOnlyRestValid || judgeLength(digits, plan) === "too-long" ? rest : digits;
}

function withoutNationalPrefix({ callingCode, nationalNumber }: DialledNumber): DialledNumber {
  const plan = mainPlan(callingCode);
  const stripped = stripNationalPrefix(nationalNumber, plan);
  const verdict = judgeLength(stripped, plan);
  const isWorthStripping = verdict === "possible" || verdict === "too-long";
  return { callingCode, nationalNumber: isWorthStripping ? stripped : nationalNumber };
}

function stripNationalPrefix(nationalNumber: string, plan: NumberingPlan): string {
  const match = plan.nationalPrefix?.exec(nationalNumber);
  if (plan.nationalPrefix === undefined || !match) return nationalNumber;
  const isTransformed = plan.nationalPrefixTransform !== undefined && match.length > 1 && Boolean(match.at(-1));
  const stripped = isTransformed
    ? nationalNumber.replace(plan.nationalPrefix, plan.nationalPrefixTransform ?? "")
    : nationalNumber.slice(match[0].length);
  const losesValidity = plan.pattern.test(nationalNumber) && !plan.pattern.test(stripped);
  return losesValidity ? nationalNumber : stripped;
}

/** Whether a national number has a length its country uses. */
export function judgeDialledLength(number: DialledNumber): LengthVerdict {
  return judgeLength(number.nationalNumber, mainPlan(number.callingCode));
}

function judgeLength({ length }: string, plan: NumberingPlan): LengthVerdict {
  if (plan.localOnlyLengths.includes(length)) return "local-only";
  const shortest = plan.possibleLengths[0] ?? 0;
  const longest = plan.possibleLengths.at(-1) ?? 0;
  if (length < shortest) return "too-short";
  if (length > longest) return "too-long";
  return plan.possibleLengths.includes(length) ? "possible" : "wrong-length";
}
