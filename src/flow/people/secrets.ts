/** Tokens of links, digits of codes, and how they are kept. */
import { createHash, createHmac, randomBytes, randomInt } from "node:crypto";
import { deriveKey } from "../../platform/sealing.ts";
import type { AppKeys } from "../app.ts";

const TOKEN_BYTES = 32;
const CODE_DIGITS = 5;
const CODES = 10 ** CODE_DIGITS;

/** 256 random bits: guessing is out of reach, so a plain hash keeps them. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

export function newCode(): string {
  return String(randomInt(CODES)).padStart(CODE_DIGITS, "0");
}

/** Codes are few enough to try them all: only with a key that is not in the database can a hash be told. */
export function codeHash(keys: Pick<AppKeys, "master">, userId: string, code: string): Buffer {
  return createHmac("sha256", deriveKey(keys.master, "one-time codes")).update(`${userId}:${code}`).digest();
}

/** Who tries something, for the throttle: nobody's address is kept. */
export function throttleKey(keys: Pick<AppKeys, "master">, what: string, who: string): Buffer {
  return createHmac("sha256", deriveKey(keys.master, "throttles")).update(`${what}:${who.toLowerCase()}`).digest();
}
