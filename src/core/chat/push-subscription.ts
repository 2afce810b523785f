/** A browser's push subscription (W3C Push API, `PushSubscription.toJSON()`): where to push, and the keys that encrypt for it alone. */

export interface PushSubscription {
  endpoint: string;
  keys: {
    /** The browser's public key: an uncompressed point of P-256, 65 bytes in base64url (RFC 8291 §3.1). */
    p256dh: string;
    /** Sixteen bytes in base64url (RFC 8291 §3.2). */
    auth: string;
  };
}

const ENDPOINT_MAX_CHARACTERS = 2_048;
/** 65 bytes of which the first is 4. */
const P256DH = /^B[A-Za-z0-9_-]{86}=?$/;
const AUTH = /^[A-Za-z0-9_-]{22}(?:==)?$/;
const HTTPS = /^https:\/\/[^\s/?#@]+(?:[/?#]\S*)?$/;

/** What is wrong is told in one line. `expirationTime`, which browsers write too, is taken and dropped. */
export function checkPushSubscription(value: unknown): PushSubscription | string {
  if (!isRecord(value)) return "must be an object, as a browser's subscription is in JSON";
  const { endpoint, keys } = value;
  if (typeof endpoint !== "string" || endpoint.length > ENDPOINT_MAX_CHARACTERS || !HTTPS.test(endpoint))
    return "endpoint must be a https address";
  const { p256dh, auth } = isRecord(keys) ? keys : {};
  if (typeof p256dh !== "string" || !P256DH.test(p256dh)) return "keys.p256dh must be a public key in base64url";
  if (typeof auth !== "string" || !AUTH.test(auth)) return "keys.auth must be sixteen bytes in base64url";
  return { endpoint, keys: { p256dh: p256dh.replace("=", ""), auth: auth.replace("==", "") } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
