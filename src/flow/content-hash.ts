/**
 * The hash that stands for words that are not kept. It is keyed, since a short message could otherwise be found by trying: whoever wants to
 * know whether these were the words asks us (docs/decisions/0045-words-that-are-not-kept.md).
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Content } from "../core/channels/channel.ts";
import { deriveKey } from "../platform/sealing.ts";
import type { Service } from "../records/services/service.ts";

/** HMAC-SHA-256 in hex, over the words as the answer to the send showed them. */
export function contentHash({ dataKey }: Pick<Service, "dataKey">, { subject, body }: Content): string {
  const key = deriveKey({ bytes: dataKey }, "content hash");
  return createHmac("sha256", key)
    .update(JSON.stringify([subject ?? null, body]))
    .digest("hex");
}

export function isHashOf(service: Pick<Service, "dataKey">, hash: string, content: Content): boolean {
  return timingSafeEqual(Buffer.from(contentHash(service, content)), Buffer.from(hash));
}
