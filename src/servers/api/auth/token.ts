/** Reads the JSON Web Tokens (RFC 7519) clients sign their requests with, and judges what they claim. Whose they are is asked elsewhere. */
import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { createDecoder } from "fast-jwt";

export interface Token {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** The part that is signed, as received. */
  signed: string;
  signature: string;
}

/** What the claims say about a token whose signature is right. `unreadable` means that no key can have been meant. */
export type ClaimsVerdict = "good" | "wrong-time" | "bad-claim" | "unreadable";

const CLOCK_LEEWAY_SECONDS = 30;
const TOKEN_MAX_CHARACTERS = 8_192;

const PADDING = /=+/g;
const DECIMAL_INTEGER = /^\s*[+-]?\d+\s*$/;

const decode = createDecoder({ complete: true });

/** The parts of a token; undefined for what is not one. Base64 padding is let pass, as some libraries write it. */
export function readToken(text: string): Token | undefined {
  if (text.length > TOKEN_MAX_CHARACTERS) return undefined;
  try {
    const { header, payload, signature } = decode(text.replace(PADDING, ""));
    return { header, claims: payload, signed: text.slice(0, text.lastIndexOf(".")), signature };
  } catch {
    return undefined;
  }
}

/** Whether the header is one we can take: key ids are text, and extensions that must be understood are not understood. */
export function hasUsableHeader({ header }: Token): boolean {
  return (header["kid"] === undefined || typeof header["kid"] === "string") && header["crit"] === undefined;
}

/** HMAC with SHA-256 (RFC 7518 §3.2), compared in constant time. */
export function isSignedWith(secret: KeyObject, token: Token): boolean {
  const expected = createHmac("sha256", secret).update(token.signed).digest();
  const given = Buffer.from(token.signature, "base64url");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Judges the registered claims (RFC 7519 §4.1) in the order Notify's API does; `iat` is required, `aud` must not be there. */
export function judgeClaims(claims: Record<string, unknown>, now: Date): ClaimsVerdict {
  const latestSeconds = now.getTime() / 1000 + CLOCK_LEEWAY_SECONDS;
  const issued = judgeIssuedAt(claims["iat"], now);
  if (issued === "wrong-time") return "wrong-time";
  const window = judgeWindow(claims, { latestSeconds, earliestSeconds: latestSeconds - 2 * CLOCK_LEEWAY_SECONDS });
  if (window !== "good") return window;
  if (hasBadClaim(claims)) return "bad-claim";
  return issued;
}

/** When a token with this `iat` is in time: within half a minute, either side. */
export function isInTime(issuedAtSeconds: number, now: Date): boolean {
  const nowSeconds = now.getTime() / 1000;
  const isPast = Math.floor(nowSeconds) - issuedAtSeconds > CLOCK_LEEWAY_SECONDS;
  return !isPast && issuedAtSeconds <= nowSeconds + CLOCK_LEEWAY_SECONDS;
}

/** A claim as whole seconds: numbers lose their fraction, text must be a whole number. */
export function wholeSeconds(claim: unknown): number | undefined {
  if (typeof claim === "number" && Number.isFinite(claim)) return Math.trunc(claim);
  return typeof claim === "string" && DECIMAL_INTEGER.test(claim) ? Number(claim) : undefined;
}

function judgeIssuedAt(claim: unknown, now: Date): "good" | "wrong-time" | "unreadable" {
  if (claim === undefined) return "unreadable";
  const issuedAtSeconds = wholeSeconds(claim);
  return issuedAtSeconds !== undefined && isInTime(issuedAtSeconds, now) ? "good" : "wrong-time";
}

function judgeWindow(
  claims: Record<string, unknown>,
  { latestSeconds, earliestSeconds }: { latestSeconds: number; earliestSeconds: number },
): ClaimsVerdict {
  if (claims["nbf"] !== undefined) {
    const notBefore = wholeSeconds(claims["nbf"]);
    if (notBefore === undefined) return "unreadable";
    if (notBefore > latestSeconds) return "wrong-time";
  }
  if (claims["exp"] === undefined) return "good";
  const expires = wholeSeconds(claims["exp"]);
  if (expires === undefined) return "unreadable";
  return expires <= earliestSeconds ? "bad-claim" : "good";
}

function hasBadClaim({ aud, sub, jti }: Record<string, unknown>): boolean {
  const isTextOrAbsent = (claim: unknown) => claim === undefined || typeof claim === "string";
  return (aud !== undefined && aud !== null) || !isTextOrAbsent(sub) || !isTextOrAbsent(jti);
}
