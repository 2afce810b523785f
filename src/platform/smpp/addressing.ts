/** Addresses with the types of number that say what they are (SMPP 3.4 §5.2.5, §5.2.6). */
import { type Address, NPI, TON } from "./pdu.ts";

/** Longer runs of digits are telephone numbers. */
const SHORT_CODE_MAX_DIGITS = 8;
const SENDER_MAX_CHARACTERS = 20;
const DIGITS = /^\+?\d+$/;
const PRINTABLE_ASCII = /^[ -~]+$/;

/** An international number, in digits. */
export function internationalAddress(digits: string): Address {
  return { ton: TON.international, npi: NPI.isdn, address: digits };
}

/**
 * A sender: a name, a short code, a number as dialled at home (beginning with 0) or an international number. Undefined where the
 * field cannot carry it.
 */
export function senderAddress(from: string): Address | undefined {
  if (from.length > SENDER_MAX_CHARACTERS || !PRINTABLE_ASCII.test(from)) return undefined;
  if (!DIGITS.test(from)) return { ton: TON.alphanumeric, npi: NPI.unknown, address: from };
  const digits = from.replace("+", "");
  if (digits.length <= SHORT_CODE_MAX_DIGITS) return { ton: TON.networkSpecific, npi: NPI.unknown, address: digits };
  if (digits.startsWith("0")) return { ton: TON.national, npi: NPI.isdn, address: digits };
  return { ton: TON.international, npi: NPI.isdn, address: digits };
}
