/** What kind of sender a text appears to come from: carriers and countries have rules for each. */

export const SENDER_TYPES = ["alphanumeric", "long-number", "short-code"] as const;
export type SenderType = (typeof SENDER_TYPES)[number];

/** Of any country: 3 to 8 digits. Longer runs of digits are telephone numbers. */
export const SHORT_CODE_DIGITS = { min: 3, max: 8 } as const;
const DIGITS = /^\+?\d+$/;

/** senderTypeOf("Northwold") → "alphanumeric" */
export function senderTypeOf(sender: string): SenderType {
  if (!DIGITS.test(sender)) return "alphanumeric";
  return sender.replace("+", "").length <= SHORT_CODE_DIGITS.max ? "short-code" : "long-number";
}
