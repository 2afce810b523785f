/**
 * Codes are made here by the system's generator, and kept only as a keyed hash. The key is the service's own, which the database holds
 * wrapped under a key that it does not hold: without it the ten thousand codes of four digits cannot be tried, as they could be against
 * any hash without a key, however slow (docs/decisions/0044-codes-that-prove-a-number.md).
 */
import { createHmac, randomInt, timingSafeEqual } from "node:crypto";
import { CODE_ALPHABETS, type CodeCharacters, normaliseCode } from "../../core/verification/code.ts";
import { deriveKey } from "../../platform/sealing.ts";
import type { Service } from "../../records/services/service.ts";
import type { VerificationCode } from "../../records/verifications/verification.ts";

/** Every code is as likely as any other. */
export function makeCode({ length, characters }: { length: number; characters: CodeCharacters }): string {
  const alphabet = CODE_ALPHABETS[characters];
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}

/** Of one verification alone: the same code of another has another hash. */
export function hashCode({ dataKey }: Pick<Service, "dataKey">, verificationId: string, code: string): Buffer {
  const key = deriveKey({ bytes: dataKey }, "verification codes");
  return createHmac("sha256", key)
    .update(`${verificationId}:${normaliseCode(code)}`)
    .digest();
}

/** The code that was typed, among those that are still good. All are compared, and each in the same time. */
export function findCode(codes: readonly VerificationCode[], hash: Buffer, now: Date): VerificationCode | undefined {
  const same = codes.map((code) => timingSafeEqual(code.codeHash, hash) && code.expiresAt > now);
  return codes.find((_, at) => same[at]);
}
