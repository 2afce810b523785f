/** Numbers as people and phones show them. */
import { callingCodeOf, mainPlan } from "./numbering-plan.ts";
import { parsePhoneNumber } from "./parse-phone-number.ts";

const HOME_CALLING_CODE = "44";

/** Home numbers as dialled at home, others in international form (ITU-T E.123).  formatForPeople("447700900123") → "07700 900123" */
export function formatForPeople(digits: string): string {
  const callingCode = callingCodeOf(digits);
  if (callingCode === undefined) return digits;
  const nationalNumber = digits.slice(callingCode.length);
  const format = mainPlan(callingCode).formats.find(
    ({ pattern, leadingDigits }) => leadingDigits?.test(nationalNumber) !== false && pattern.test(nationalNumber),
  );
  if (callingCode === HOME_CALLING_CODE) {
    return format ? nationalNumber.replace(format.pattern, format.national) : `0${nationalNumber}`;
  }
  return `+${callingCode} ${format ? nationalNumber.replace(format.pattern, format.international) : nationalNumber}`;
}

/** A sender as the API shows it: numbers international, names as stored.  normaliseSender("07700900123") → "447700900123" */
export function normaliseSender(sender: string): string {
  const number = parsePhoneNumber(sender);
  return typeof number === "string" ? sender : number.digits;
}
