/** Takes an API key apart and signs requests with it: a JSON Web Token with HS256 (RFC 7519, RFC 7515). */
import { createHmac } from "node:crypto";
import { invalidArgument } from "./pennypost-error.ts";

export interface ApiKey {
  serviceId: string;
  secret: string;
}

const MS_PER_SECOND = 1_000;
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const API_KEY = new RegExp(`(?:^|-)(${UUID})-(${UUID})$`, "i");
const HEADER = base64url({ typ: "JWT", alg: "HS256" });

/** A key is its name, the service's id and the secret: `my_key-{uuid}-{uuid}`. The error never holds the key. */
export function parseApiKey(text: unknown): ApiKey {
  const [, serviceId, secret] = (typeof text === "string" && API_KEY.exec(text.trim())) || [];
  if (serviceId !== undefined && secret !== undefined) return { serviceId, secret };
  throw invalidArgument(
    "The API key is not complete: it ends with the service's id and a secret, two UUIDs joined by a hyphen",
  );
}

/** A token is good for 30 seconds around `now`. */
export function signToken({ serviceId, secret }: ApiKey, now: Date): string {
  const claims = base64url({ iss: serviceId, iat: Math.floor(now.getTime() / MS_PER_SECOND) });
  const signature = createHmac("sha256", secret).update(`${HEADER}.${claims}`).digest("base64url");
  return `${HEADER}.${claims}.${signature}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
