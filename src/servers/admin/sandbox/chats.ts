/** The sandbox's chat apps: who was written to in which, and what was said. Whoever looks may answer in their place. */
import { chatAppName, isChatApp } from "../../../core/chat/chat-app.ts";
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import { orderSandbox } from "../../../records/sandbox-outbox/sandbox-order.ts";
import {
  type KeptSandboxMessage,
  listSandboxMessages,
  sandboxKeys,
} from "../../../records/sandbox-outbox/sandbox-outbox-store.ts";
import { refuseIfInvalid } from "../http/form.ts";
import type { UserVisit } from "../http/visit.ts";

const SANDBOX = "/platform/sandbox";
const CHATS_MAX = 100;
const PEOPLE_MAX = 5;
const BUBBLES_MAX = 6;
export const CHAT_MAX_CHARACTERS = 4_096;
/** A browser cannot be answered from, and shows no address that anybody would know. */
const BROWSER = "web-push";

export interface ChatPerson {
  /** The id of the latest message they got, which goes into addresses in their place. */
  id: string;
  app: string;
  who: string;
  answers: string | undefined;
  /** Oldest first. */
  bubbles: readonly { id: string; with: string; text: string; at: Date; isFromPhone: boolean }[];
}

/** Of whoever wrote or was written to last comes first. */
export async function chatsOf({ app }: UserVisit): Promise<ChatPerson[]> {
  const chats = await listSandboxMessages(app.db, sandboxKeys(app.keys.master), { channel: "chat", limit: CHATS_MAX });
  const byPerson = new Map<string, KeptSandboxMessage[]>();
  for (const chat of chats) {
    const person = `${chat.app} ${personIn(chat)}`;
    byPerson.set(person, [...(byPerson.get(person) ?? []), chat]);
  }
  return [...byPerson.values()].slice(0, PEOPLE_MAX).map(personOf);
}

function personIn({ from, to, isFromPhone = false }: KeptSandboxMessage): string {
  return isFromPhone ? from : to;
}

function personOf(chats: readonly KeptSandboxMessage[]): ChatPerson {
  const [newest] = chats;
  const got = chats.find(({ isFromPhone }) => !isFromPhone);
  const [app, id] = [newest?.app ?? "", got?.id ?? ""];
  const canAnswer = got?.status?.url !== undefined && app !== BROWSER;
  return {
    ...{ id, app: chatAppName(app), who: newest ? shown(app, personIn(newest)) : "" },
    answers: canAnswer ? `${SANDBOX}/chats/${id}/answers` : undefined,
    bubbles: chats.slice(0, BUBBLES_MAX).map(bubbleOf).reverse(),
  };
}

function shown(app: string, person: string): string {
  if (app === BROWSER) return new URL(person).host;
  return isChatApp(app) && /^\d{7,15}$/.test(person) && app !== "telegram" ? formatForPeople(person) : person;
}

function bubbleOf({ id, from, to, text, at, isFromPhone = false }: KeptSandboxMessage) {
  return { id, with: isFromPhone ? to : from, text, at, isFromPhone };
}

/** Writes in the place of whoever got a chat message. */
export async function answerChat({ app, text }: UserVisit, messageId: string, words: string): Promise<void> {
  refuseIfInvalid({
    words:
      (words.trim() === "" && text("sandbox.text.empty")) ||
      (words.length > CHAT_MAX_CHARACTERS && text("sandbox.text.tooLong", { max: CHAT_MAX_CHARACTERS })),
  });
  await orderSandbox(app.db, { kind: "chat-reply", messageId, text: words.trim() });
}
