/** Whether a request to us carries one of the user names and passwords we gave out (HTTP Basic, RFC 7617). */
import { createHash, timingSafeEqual } from "node:crypto";

export interface Credentials {
  username: string;
  password: string;
}

/** `absent` when nobody said who is asking, `wrong` when what they said is not known. */
export type BasicAuth = "right" | "absent" | "wrong";

/** Takes the same time wherever a guess goes wrong. A password may hold a colon, a user name may not. */
export function checkBasicAuth(header: string | undefined, known: readonly Credentials[]): BasicAuth {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return "absent";
  const given = digest(Buffer.from(encoded, "base64"));
  const matches = known.map(({ username, password }) => timingSafeEqual(given, digest(`${username}:${password}`)));
  return matches.includes(true) ? "right" : "wrong";
}

/** Digests have one length, which the comparison needs. */
function digest(value: string | Buffer): Buffer {
  return createHash("sha256").update(value).digest();
}
