/**
 * An API key as it is, `{name}-{service id}-{secret}`, in place of a token: for a first curl, and for systems that cannot sign one.
 * It is worth as much as a password on the wire, so the wire must be TLS; tokens stay the better way.
 */
import { type KeyObject, timingSafeEqual } from "node:crypto";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const PLAIN_KEY = new RegExp(`^.*-(${UUID})-(${UUID})$`, "is");
const KEY_MAX_CHARACTERS = 512;

export interface PlainKey {
  serviceId: string;
  secret: string;
}

/** Undefined for anything that does not end as an API key does: no token can. */
export function parsePlainKey(text: string): PlainKey | undefined {
  if (text.length > KEY_MAX_CHARACTERS) return undefined;
  const [, serviceId, secret] = PLAIN_KEY.exec(text) ?? [];
  return serviceId && secret ? { serviceId: serviceId.toLowerCase(), secret: secret.toLowerCase() } : undefined;
}

/** Of a user's name and password: a service's id, and one of its API keys, whole or only its secret. */
export function plainKeyByPassword(username: string, password: string): PlainKey | undefined {
  const whole = parsePlainKey(password) ?? parsePlainKey(`key-${username}-${password}`);
  return whole?.serviceId === username.toLowerCase() ? whole : undefined;
}

/** Compares in a time that does not tell how much of the secret was right. */
export function isSecretOf(key: KeyObject, secret: string): boolean {
  const expected = key.export();
  const given = Buffer.from(secret);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
