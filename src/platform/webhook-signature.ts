/**
 * Signs what we post to other people's URLs, so that they can tell it is from us, unchanged and fresh: Standard Webhooks
 * (https://www.standardwebhooks.com), with any of its libraries as the verifier.
 *
 *     const secret = newWebhookSecret();                                   → "whsec_…", shown to the receiver once
 *     const headers = signWebhook([secret], { id, at: clock.now(), body }); → to send along with the body
 */
import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";

const SECRET_PREFIX = "whsec_";
/** The specification asks for 24 to 64. */
const SECRET_BYTES = 32;
const SECRET_MIN_BYTES = 24;
const SECRET_MAX_BYTES = 64;
const MS_PER_SECOND = 1_000;
const PREPARED_KEYS_MAX = 1_000;

export interface Webhook {
  /** The same for every attempt at one event: receivers use it to drop repeats. */
  id: string;
  /** When this attempt is made; receivers refuse one that is older than some minutes. */
  at: Date;
  body: string;
}

export interface WebhookHeaders extends Record<string, string> {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
}

export function newWebhookSecret(): string {
  return webhookSecretOf(randomBytes(SECRET_BYTES));
}

/** Of 24 to 64 bytes that nobody can guess. */
export function webhookSecretOf(bytes: Buffer): string {
  return SECRET_PREFIX + bytes.toString("base64");
}

/** Whether this is a secret that can sign: `whsec_` and 24 to 64 bytes in base64. */
export function isWebhookSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const bytes = keyOf(text).length;
  return bytes >= SECRET_MIN_BYTES && bytes <= SECRET_MAX_BYTES;
}

/** While a secret is being replaced, sign with the new and the old one: the receiver accepts either. */
export function signWebhook(secrets: readonly string[], webhook: Webhook): WebhookHeaders {
  const timestampSeconds = Math.floor(webhook.at.getTime() / MS_PER_SECOND);
  const signed = `${webhook.id}.${timestampSeconds}.${webhook.body}`;
  return {
    "webhook-id": webhook.id,
    "webhook-timestamp": String(timestampSeconds),
    "webhook-signature": secrets.map((secret) => signature(secret, signed)).join(" "),
  };
}

function signature(secret: string, signed: string): string {
  return `v1,${createHmac("sha256", preparedKey(secret)).update(signed).digest("base64")}`;
}

/** Reading a secret takes longer than signing with it, and a service has thousands of callbacks by the same. */
const preparedKeys = new Map<string, KeyObject>();

function preparedKey(secret: string): KeyObject {
  const known = preparedKeys.get(secret);
  if (known) return known;
  if (preparedKeys.size >= PREPARED_KEYS_MAX) preparedKeys.clear();
  const prepared = createSecretKey(keyOf(secret));
  preparedKeys.set(secret, prepared);
  return prepared;
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
}
