/**
 * Variable envelope return paths (VERP): each mail leaves with a return address of its own, so a bounce says by where it
 * arrives which mail it is about, whatever its text looks like. The address carries a short signature: an address nobody was given cannot
 * be made up, so a stranger cannot report failures of mails that are not theirs.
 *
 *     bounce+0190f2b0-6a7c-7e3a-9d53-0f5f6d0a1b2c.k3v5q2d6m7x4r3aa@bounces.example.org
 *
 * Everything is lower case, because some mail systems fold the case of a local part on the way back.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

const PREFIX = "bounce+";
/** Sixteen base32 characters: 80 bits, out of reach for guessing through a port that takes a few mails a second. */
const SIGNATURE_CHARACTERS = 16;
/** RFC 5321 §4.5.3.1.1 allows 64 octets before the @; the prefix, a dot and the signature take 24 of them. */
const REFERENCE_MAX_CHARACTERS = 40;
const REFERENCE = new RegExp(`^[a-z0-9-]{1,${REFERENCE_MAX_CHARACTERS}}$`);
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const BASE32_BITS = 5;

/**
 * The reference with its signature, for a return path, a Message-ID or an envelope id: `<reference>.<signature>`.
 * Throws when the reference could not survive the journey: more than 40 characters, or other than lower-case letters, digits and hyphens.
 */
export function signReference(reference: string, secret: string): string {
  if (!REFERENCE.test(reference)) {
    throw new Error("A mail reference must be 1 to 40 lower-case letters, digits or hyphens");
  }
  return `${reference}.${signatureOf(reference, secret)}`;
}

/** The reference in a signed one, or undefined when we did not sign it. Case does not matter. */
export function readSignedReference(signed: string, secret: string): string | undefined {
  const [reference = "", signature = "", ...more] = signed.toLowerCase().split(".");
  if (more.length > 0 || signature.length !== SIGNATURE_CHARACTERS || !REFERENCE.test(reference)) return undefined;
  const expected = Buffer.from(signatureOf(reference, secret), "latin1");
  const given = Buffer.from(signature, "latin1");
  return given.length === expected.length && timingSafeEqual(given, expected) ? reference : undefined;
}

/** The return path of the mail `reference` names, under a domain whose MX is our port for bounces. */
export function verpAddress(path: { reference: string; domain: string; secret: string }): string {
  return `${PREFIX}${signReference(path.reference, path.secret)}@${path.domain}`;
}

/**
 * Which mail a return path belongs to, or undefined when it is not one of ours. The domain is not looked at: which domains are
 * taken is the business of whoever listens.
 */
export function parseVerpAddress(address: string, secret: string): string | undefined {
  const at = address.lastIndexOf("@");
  const localPart = address.slice(0, at === -1 ? 0 : at).toLowerCase();
  return localPart.startsWith(PREFIX) ? readSignedReference(localPart.slice(PREFIX.length), secret) : undefined;
}

function signatureOf(reference: string, secret: string): string {
  const digest = createHmac("sha256", secret).update(`return path of ${reference}`).digest();
  return base32(digest).slice(0, SIGNATURE_CHARACTERS);
}

/** RFC 4648 §6 in lower case, without padding. */
function base32(bytes: Uint8Array): string {
  let text = "";
  let pending = 0;
  let pendingBits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    pendingBits += 8;
    while (pendingBits >= BASE32_BITS) {
      pendingBits -= BASE32_BITS;
      text += BASE32.charAt((pending >> pendingBits) & 31);
    }
    pending &= (1 << pendingBits) - 1;
  }
  return text;
}
