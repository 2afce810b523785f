/** Answering whoever wrote in a chat app, in that app, as far as it lets us. */
import { isChatApp } from "../../core/chat/chat-app.ts";
import { type ChatRecipient, chatRecipientFrom } from "../../core/chat/chat-recipient.ts";
import { ANSWERABLE_MS } from "../dispatch/chat-messages.ts";
import type { Conversation } from "./conversations.ts";

/** Whoever wrote, as somebody to write to; undefined for who cannot be. */
export function chatWriter(app: string, address: string): { channel: "chat"; person: ChatRecipient } | undefined {
  const person = isChatApp(app) ? chatRecipientFrom(app, address) : undefined;
  return person && { channel: "chat", person };
}

/**
 * Until when words of our own may go out in the app they wrote in last: WhatsApp takes them for a day after that, and then nothing but what it
 * has approved. Undefined where it is no matter of time.
 */
export function ownWordsUntil({ app, texts }: Pick<Conversation, "app" | "texts">): Date | undefined {
  if (app !== "whatsapp") return undefined;
  const latest = texts.findLast((text) => text.kind === "received" && text.app === app);
  return latest && new Date(latest.at.getTime() + ANSWERABLE_MS);
}
