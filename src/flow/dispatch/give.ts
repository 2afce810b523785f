/** Hands one message to its provider, in the form that its channel has. */
import type { Outcome } from "../../providers/provider.ts";
import type { ChatFacts } from "../../records/chat-contacts/chat-contact-store.ts";
import type { PersonalContent } from "../../records/notifications/notification.ts";
import type { App } from "../app.ts";
import { chatMessage } from "./chat-messages.ts";
import type { AnyProvider } from "./fleet.ts";
import { emailMessage, type Sendable, textMessage } from "./messages.ts";

export interface Given extends Sendable {
  provider: string;
  /** Undefined when it is not set up any more. */
  made: AnyProvider | undefined;
  content: PersonalContent;
  chat?: ChatFacts | undefined;
}

export async function give(app: App, given: Given): Promise<Outcome> {
  const { made, content, chat: facts, provider } = given;
  if (!made) return { kind: "unavailable", reason: "not set up any more", dueTo: "us" };
  switch (made.channel) {
    case "sms":
      return made.provider.send(textMessage(given, content));
    case "email":
      return made.provider.send(emailMessage(app, given, content));
    case "chat":
      return made.provider.send(chatMessage(given, content, { facts, provider }));
    case "letter":
      return { kind: "refused", reason: "a printer carries no messages", dueTo: "us" };
  }
}
