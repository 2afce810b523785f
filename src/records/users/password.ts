/** Passwords: kept as Argon2id hashes with the parameters that OWASP's Password Storage Cheat Sheet names first. */
import { randomInt } from "node:crypto";
import { type Algorithm, hash, verify } from "@node-rs/argon2";
import { Refusal } from "../../core/refusal.ts";

const PASSWORD_MIN_CHARACTERS = 8;
/** Beyond this nobody types, and hashing would cost us more than it costs the one who asks. */
const PASSWORD_MAX_CHARACTERS = 256;

/** The package's own enumeration exists for the compiler alone. */
const ARGON2ID = 2 as Algorithm.Argon2id;
const ARGON2 = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Letters and digits that nobody takes for one another. */
const LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789";
const GENERATED_GROUPS = 4;
const GENERATED_GROUP_CHARACTERS = 5;

/** The hash to keep. Refuses a password that is too short to be one. */
export async function hashPassword(password: string): Promise<string> {
  const { length } = [...password];
  if (length < PASSWORD_MIN_CHARACTERS) {
    throw new Refusal("invalid", `Password must be at least ${PASSWORD_MIN_CHARACTERS} characters`);
  }
  if (length > PASSWORD_MAX_CHARACTERS) {
    throw new Refusal("invalid", `Password must be ${PASSWORD_MAX_CHARACTERS} characters or fewer`);
  }
  return hash(password.normalize("NFC"), ARGON2);
}

export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password.normalize("NFC"));
}

/** A password to be written down once: 20 characters from 31, 99 bits.  newPassword() → "k3m9q-xw2rt-…" */
export function newPassword(): string {
  const group = () =>
    Array.from({ length: GENERATED_GROUP_CHARACTERS }, () => LEGIBLE.charAt(randomInt(LEGIBLE.length))).join("");
  return Array.from({ length: GENERATED_GROUPS }, group).join("-");
}
