/** The apps a chat message can reach somebody in, and what differs between them. */

/**
 * `viber` is a person who has written to a bot of ours, `viber-business` a telephone number, which Viber lets its business partners
 * write to: two ways in, with ids of their own, and other limits.
 */
export const CHAT_APPS = ["whatsapp", "telegram", "viber", "viber-business", "web-push"] as const;
export type ChatApp = (typeof CHAT_APPS)[number];

export interface ChatAppFacts {
  /** As people call it. */
  name: string;
  /** The longest message it takes, in characters: UTF-16 units, as the apps count. */
  charactersMax: number;
  /** Where its limit is one of bytes: of UTF-8. */
  bytesMax?: number;
  /** Whether it ever says that a message has arrived. */
  hasReceipts: boolean;
  /** Whoever it reaches is known by a telephone number. */
  isByNumber: boolean;
}

/**
 * WhatsApp: `text.body` of a message (Cloud API, Messages). Telegram: `sendMessage`. Viber: the REST Bot API, and 1,000 for messages of
 * businesses. A push service takes 4,096 bytes at least (RFC 8030 §7.2), with which comes what encrypts it (RFC 8291 §4) and our own frame.
 */
const FACTS: Readonly<Record<ChatApp, ChatAppFacts>> = {
  whatsapp: { name: "WhatsApp", charactersMax: 4_096, hasReceipts: true, isByNumber: true },
  telegram: { name: "Telegram", charactersMax: 4_096, hasReceipts: false, isByNumber: false },
  viber: { name: "Viber", charactersMax: 7_000, hasReceipts: true, isByNumber: false },
  "viber-business": { name: "Viber for business", charactersMax: 1_000, hasReceipts: true, isByNumber: true },
  "web-push": { name: "Web push", charactersMax: 3_000, bytesMax: 3_000, hasReceipts: false, isByNumber: false },
};

export function chatAppFacts(app: ChatApp): ChatAppFacts {
  return FACTS[app];
}

export function isChatApp(word: unknown): word is ChatApp {
  return CHAT_APPS.some((app) => app === word);
}

/** By the name under which a message was kept, which may be of an app that a later version has.  chatAppName("viber") → "Viber" */
export function chatAppName(app: string): string {
  return isChatApp(app) ? FACTS[app].name : app;
}
