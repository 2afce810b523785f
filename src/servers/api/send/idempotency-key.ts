/** The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header), and what makes two requests the same. */
import { createHash } from "node:crypto";
import { isJsonNumber, type JsonValue, spellingOf } from "../../../core/json/json-value.ts";
import { Refusal } from "../../../core/refusal.ts";
import type { AppKeys } from "../../../flow/app.ts";
import { blindIndex } from "../../../platform/sealing.ts";

const KEY = /^[\x21-\x7e]{1,255}$/;

export interface Idempotency {
  keyHash: Buffer;
  /** Keyed: a body may be short enough to guess, and may ask that its words be kept nowhere. */
  bodyHash: Buffer;
}

/** A request to send, as far as it has been read. */
export interface UnreadSend {
  /** What is to be sent: a body means something else at another address. */
  type: string;
  bytes: Buffer;
  /** Undefined when the bytes are not JSON. */
  json: JsonValue | undefined;
}

type Keys = Pick<AppKeys, "searchIndex">;

/** Undefined when the request carries no key. Two bodies are the same when they hold the same values, however they are written. */
export function readIdempotency(
  keys: Keys,
  header: string | string[] | undefined,
  send: UnreadSend,
): Idempotency | undefined {
  if (header === undefined) return undefined;
  if (typeof header !== "string" || !KEY.test(header)) {
    throw new Refusal("bad-request", "Idempotency-Key must be 1 to 255 visible ASCII characters");
  }
  return { keyHash: sha256(header), bodyHash: keyedHash(keys, send) };
}

function keyedHash({ searchIndex }: Keys, { type, bytes, json }: UnreadSend): Buffer {
  const hash = sha256(`${type}\n`, json === undefined ? bytes : canonicalJson(json));
  return blindIndex(searchIndex, `request once ${hash.toString("hex")}`);
}

/** Members in the order of their names (RFC 8785 §3.2.3); numbers stay as spelled, since messages show them so. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isJsonNumber(value)) return spellingOf(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`);
  return `{${members.join(",")}}`;
}

function sha256(...parts: (string | Buffer)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
