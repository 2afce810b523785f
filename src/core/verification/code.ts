/** The codes of verifications: which characters they have, and what two spellings of one have in common. */
export type CodeCharacters = "digits" | "letters";

/**
 * Letters without vowels, so that no code is a word, and with no two that are easily confused: the set that RFC 8628 §6.1 recommends for
 * codes that people type.
 */
export const CODE_ALPHABETS: Readonly<Record<CodeCharacters, string>> = {
  digits: "0123456789",
  letters: "BCDFGHJKLMNPQRSTVWXZ",
};

/** NIST SP 800-63B §5.1.3.2 asks for some 20 bits of a secret that is sent: six digits. */
export const CODE_LENGTH = { default: 6, min: 4, max: 16 } as const;
export const CODE_LIFE_SECONDS = { default: 300, min: 60, max: 1_800 } as const;
export const ATTEMPTS = { default: 5, min: 1, max: 10 } as const;
export const FALLBACK_AFTER_SECONDS = { default: 60, min: 10 } as const;
/** Until another may be asked for. */
export const RESEND_AFTER_SECONDS = 30;
export const SENDS_MAX = 2;

/** A code as it is compared: people type spaces and hyphens, and small letters.  normaliseCode(" bcd-fgh") → "BCDFGH" */
export function normaliseCode(typed: string): string {
  return typed.replace(/[\s\u2010-\u2015-]/g, "").toUpperCase();
}

/** The words for how long a code is good.  lifeInWords(90) → "2 minutes" */
export function lifeInWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
