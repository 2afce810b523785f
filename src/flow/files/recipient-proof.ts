/**
 * The address that a file went to, kept as an Argon2id hash: enough to tell whether somebody knows it, and slow to guess for whoever has
 * the hash. The parameters are those of passwords (OWASP's Password Storage Cheat Sheet names them first).
 */
import { type Algorithm, hash, verify } from "@node-rs/argon2";
import type { EmailAddress } from "../../core/email/parse-email-address.ts";

/** The package's own enumeration exists for the compiler alone. */
const ARGON2ID = 2 as Algorithm.Argon2id;
const ARGON2 = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashRecipient({ normalised }: EmailAddress): Promise<string> {
  return hash(normalised, ARGON2);
}

/** Takes as long whether or not it is the one. */
export function isRecipient(recipientHash: string, { normalised }: EmailAddress): Promise<boolean> {
  return verify(recipientHash, normalised);
}
