/** What kind of sender a text appears to come from: carriers and countries have rules for each. */

export const SENDER_TYPES = ["alphanumeric", "long-number", "short-code"] as const;
export type SenderType = (typeof SENDER_TYPES)[number];

/** Longer runs of digits are telephone numbers. */
const SHORT_CODE_MAX_DIGITS = 8;
const DIGITS = /^\+?\d+$/;

/** senderTypeOf("Northwold") → "alphanumeric" */
export function senderTypeOf(sender: string): SenderType {
  if (!DIGITS.test(sender)) return "alphanumeric";
  return sender.replace("+", "").length <= SHORT_CODE_MAX_DIGITS ? "short-code" : "long-number";
}
