/** The keys by which push services know who writes to a browser: a pair of P-256, in base64url (RFC 8292 §2, §3.2). */
import { createECDH } from "node:crypto";

const CURVE = "prime256v1";
const PRIVATE_BYTES = 32;

export interface VapidKeys {
  /** An uncompressed point: the site gives it to browsers. */
  publicKey: string;
  privateKey: string;
}

export function newVapidKeys(): VapidKeys {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  return describe(pair.getPublicKey(), pair.getPrivateKey());
}

/** The public key that belongs to a private one; undefined for what is no key. */
export function publicVapidKey(privateKey: string): string | undefined {
  try {
    const pair = createECDH(CURVE);
    const bytes = Buffer.from(privateKey, "base64url");
    if (bytes.length !== PRIVATE_BYTES) return undefined;
    pair.setPrivateKey(bytes);
    return describe(pair.getPublicKey(), bytes).publicKey;
  } catch {
    return undefined;
  }
}

/** Numbers that begin with zeros are written whole. */
function describe(publicKey: Buffer, privateKey: Buffer): VapidKeys {
  const padded = Buffer.concat([Buffer.alloc(Math.max(0, PRIVATE_BYTES - privateKey.length)), privateKey]);
  return { publicKey: publicKey.toString("base64url"), privateKey: padded.toString("base64url") };
}
