/**
 * Web push: a browser is reached at the address it gave, which belongs to whoever makes the browser (RFC 8030), with a body that the browser
 * alone can open (RFC 8291) and a signature by which it knows that we may write to it (RFC 8292). Nothing is heard of a message that was
 * taken; an address that is gone never comes back.
 */
import webPush, { type RequestOptions } from "web-push";
import type { PushSubscription } from "../../core/chat/push-subscription.ts";
import type { ChatMessage, Outcome } from "../provider.ts";
import { type Answered, type ChatCall, type ChatSupplier, told } from "./chat-supplier.ts";
import { retryAfterMs } from "./throttling.ts";

/** Where a push service does not say how long it wants to be left alone. */
const THROTTLED_MS = 30_000;
/** As long as texts are tried. */
const TTL_SECONDS = 72 * 60 * 60;
const MS_PER_SECOND = 1_000;
const LINK = /https?:\/\/[^\s<>"]+/;

export interface WebPushOptions {
  /** Whom a push service can ask about us: `mailto:…` or `https://…`. */
  subject: string;
  /** VAPID keys, in base64url. */
  publicKey: string;
  privateKey: string;
}

export function webPushSupplier(options: WebPushOptions): ChatSupplier {
  return {
    apps: ["web-push"],
    isAddressedByRecipient: true,
    compose: (message, now) => compose(options, message, now),
    readAnswer,
  };
}

function compose({ subject, publicKey, privateKey }: WebPushOptions, message: ChatMessage, now: Date): ChatCall {
  const subscription = JSON.parse(message.to) as PushSubscription;
  const options: RequestOptions = {
    vapidDetails: { subject, publicKey, privateKey },
    TTL: ttlOf(message, now),
    contentEncoding: "aes128gcm",
  };
  const { endpoint, headers, body } = webPush.generateRequestDetails(subscription, payloadOf(message), options);
  const plain = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  // The length is that of the body, which whoever sends it counts.
  const { "content-length": _, ...rest } = Object.fromEntries(plain) as Record<string, string>;
  return { url: endpoint, headers: rest, body: body ?? Buffer.alloc(0) };
}

/** What the site's service worker is given to show; the first link of the message is where a click leads. */
function payloadOf({ notificationId, title, text }: ChatMessage): string {
  const [url] = LINK.exec(text) ?? [];
  return JSON.stringify({ id: notificationId, title, body: text, ...(url === undefined ? {} : { url }) });
}

function ttlOf({ validUntil }: ChatMessage, now: Date): number {
  if (validUntil === undefined) return TTL_SECONDS;
  return Math.max(0, Math.ceil((validUntil.getTime() - now.getTime()) / MS_PER_SECOND));
}

const GONE: ReadonlySet<number> = new Set([404, 410]);
/** Wrong for this subscription, which may have been made with another key: the next may be right. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403, 413]);

function readAnswer(answered: Answered): Outcome {
  const { status } = answered;
  if (status >= 200 && status < 300) return { kind: "accepted", references: [] };
  const why = told("The push service", status);
  if (GONE.has(status)) return { kind: "refused", ...why, dueTo: "message", isGone: true };
  if (REFUSED.has(status)) return { kind: "refused", ...why, dueTo: "message" };
  if (status !== 429) return { kind: "unavailable", ...why };
  // Each browser's maker has a push service of its own: one that is asked too much says nothing of the others.
  return { kind: "unavailable", ...why, dueTo: "message", retryAfterMs: retryAfterMs(answered) ?? THROTTLED_MS };
}
