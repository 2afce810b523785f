/**
 * Personal data at rest: AES-256-GCM under a key per owner (a service), each wrapped by the master key, which is not in the database.
 * A sealed value is `version (1) | nonce (12) | ciphertext | tag (16)`; where it belongs (table and row) is bound in as additional data,
 * so a value moved elsewhere does not open. The format is NIST SP 800-38D's GCM with a random 96-bit nonce.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";

const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FINGERPRINT_LENGTH = 16;
/** Nonces are cut from one larger draw: a call to the generator each costs more than the cipher itself. */
const NONCE_POOL_BYTES = NONCE_BYTES * 512;

export interface MasterKey {
  readonly bytes: Buffer;
  /** Says which key this is without saying the key; kept in the database so that two machines cannot run with two keys. */
  readonly fingerprint: string;
}

/** Reads a master key as it stands in the environment or its file: 32 bytes in base64, base64url or hex. */
export function parseMasterKey(text: string): MasterKey | undefined {
  const trimmed = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64");
  if (bytes.length !== KEY_BYTES) return undefined;
  const fingerprint = createHash("sha256")
    .update("pennypost master key")
    .update(bytes)
    .digest("base64url")
    .slice(0, FINGERPRINT_LENGTH);
  return { bytes, fingerprint };
}

/** A new master key, as text to keep in a file. */
export function newMasterKeyText(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

/** A new data key for one owner, wrapped for the database. */
export function newWrappedKey(master: MasterKey, owner: string): Buffer {
  return seal({ key: master.bytes, belongsTo: `key:${owner}` }, randomBytes(KEY_BYTES));
}

export function unwrapKey(master: MasterKey, owner: string, wrapped: Buffer): Buffer {
  return open({ key: master.bytes, belongsTo: `key:${owner}` }, wrapped);
}

/** A key derived from the master key, or from an owner's, for one purpose (search index, signed links): HKDF-SHA-256, RFC 5869. */
export function deriveKey(master: Pick<MasterKey, "bytes">, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", master.bytes, Buffer.alloc(0), `pennypost ${purpose}`, KEY_BYTES));
}

export interface SealContext {
  key: Buffer;
  /** Where the value lives, for example `notifications:0190…`: it opens nowhere else. */
  belongsTo: string;
}

export function seal(context: SealContext, plain: Buffer | string): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv("aes-256-gcm", context.key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context.belongsTo));
  const body = typeof plain === "string" ? cipher.update(plain, "utf8") : cipher.update(plain);
  cipher.final();
  return Buffer.concat([VERSION_BYTE, nonce, body, cipher.getAuthTag()]);
}

/** Opens a sealed value. Throws when it was made with another key, belongs elsewhere or was changed. */
export function open(context: SealContext, sealed: Buffer): Buffer {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES)
    throw new Error("a sealed value has an unknown form");
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", context.key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context.belongsTo));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES));
  decipher.final();
  return plain;
}

/** An index for exact search over sealed values: the same value gives the same bytes, and the bytes say nothing without the key. */
export function blindIndex(key: Buffer, value: string): Buffer {
  return createHmac("sha256", preparedKey(key)).update(value).digest().subarray(0, FINGERPRINT_LENGTH);
}

/** Preparing a key takes as long as using it. */
const preparedKeys = new WeakMap<Buffer, KeyObject>();

function preparedKey(key: Buffer): KeyObject {
  const known = preparedKeys.get(key);
  if (known) return known;
  const prepared = createSecretKey(key);
  preparedKeys.set(key, prepared);
  return prepared;
}

const VERSION_BYTE = Buffer.from([VERSION]);
let noncePool: Buffer = Buffer.alloc(0);

function nextNonce(): Buffer {
  if (noncePool.length < NONCE_BYTES) noncePool = randomBytes(NONCE_POOL_BYTES);
  const nonce = noncePool.subarray(0, NONCE_BYTES);
  noncePool = noncePool.subarray(NONCE_BYTES);
  return nonce;
}
