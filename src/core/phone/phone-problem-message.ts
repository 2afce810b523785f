/** What is wrong with a number, in the words of the public API. */
import type { PhoneProblem } from "./parse-phone-number.ts";

const MESSAGES: Record<PhoneProblem, string> = {
  "too-short": "Not enough digits",
  "too-long": "Too many digits",
  "unknown-character": "Must not contain letters or symbols",
  "unsupported-country": "Not a valid country prefix",
  invalid: "Number is not valid – double check the phone number you entered",
};

/** phoneProblemMessage("too-long") → "Too many digits" */
export function phoneProblemMessage(problem: PhoneProblem): string {
  return MESSAGES[problem];
}
