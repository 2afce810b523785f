/** The inbox: who wrote to a service, and what was written both ways. A conversation goes by the id of one of its texts, not a number. */
import { Refusal } from "../../core/refusal.ts";
import { firstIdAt } from "../../platform/ids.ts";
import {
  countReceivedTexts,
  findReceivedText,
  listConversations,
  listTextsFrom,
} from "../../records/inbound-messages/conversation-store.ts";
import { openInboundMessage } from "../../records/inbound-messages/inbound-message-store.ts";
import { findByRecipient } from "../../records/notifications/message-search-store.ts";
import { getNotifications } from "../../records/notifications/notification-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { openMessage } from "../messages/present-messages.ts";

const CONVERSATIONS_PER_PAGE = 50;
const TEXTS_EACH_WAY_MAX = 200;

export interface ListedConversation {
  /** The id of the newest text: the conversation's address. */
  id: string;
  userNumber: string;
  notifyNumber: string;
  content: string;
  at: Date;
  /** How many texts they wrote. */
  texts: number;
}

export interface Conversation {
  userNumber: string;
  notifyNumber: string;
  /** Oldest first. */
  texts: readonly ConversationText[];
}

export type ConversationText =
  | { kind: "received"; id: string; at: Date; content: string }
  | {
      kind: "sent";
      id: string;
      at: Date;
      /** Undefined where its words are not kept. */
      content: string | undefined;
      status: string;
      createdByName: string | undefined;
    };

/** The newest conversations; `olderThan` is the id of the last one of the page before. */
export async function readInbox(
  app: Pick<App, "db">,
  service: Service,
  olderThan?: string,
): Promise<{ conversations: ListedConversation[]; olderThan: string | undefined }> {
  const limit = CONVERSATIONS_PER_PAGE + 1;
  const found = await listConversations(app.db, { serviceId: service.id, olderThan, limit });
  const conversations = found.slice(0, CONVERSATIONS_PER_PAGE).map(({ texts, senderIndex, ...sealed }) => {
    const { id, userNumber, notifyNumber, content, createdAt } = openInboundMessage(service, sealed);
    return { id, userNumber, notifyNumber, content, at: createdAt, texts };
  });
  return { conversations, olderThan: found.length === limit ? conversations.at(-1)?.id : undefined };
}

/** What was written between a service and whoever wrote this text; the latest of each side. */
export async function readConversation(
  app: Pick<App, "db" | "templates">,
  service: Service,
  textId: string,
): Promise<Conversation> {
  const text = await findReceivedText(app.db, service.id, textId);
  if (!text) throw new Refusal("not-found", "There is no such conversation, or it has been deleted");
  const { senderIndex } = text;
  const { userNumber, notifyNumber } = openInboundMessage(service, text);
  const [received, sent] = await Promise.all([
    listTextsFrom(app.db, { serviceId: service.id, senderIndex, limit: TEXTS_EACH_WAY_MAX }),
    readSent(app, service, senderIndex),
  ]);
  const texts: ConversationText[] = [...received.map((one) => readReceived(service, one)), ...sent];
  return { userNumber, notifyNumber, texts: texts.sort((a, b) => a.at.getTime() - b.at.getTime()) };
}

/** Texts received since a moment, and when the newest came: for the dashboard. */
export function countReceived(
  app: Pick<App, "db">,
  serviceId: string,
  since: Date,
): Promise<{ texts: number; newestAt: Date | undefined }> {
  return countReceivedTexts(app.db, serviceId, firstIdAt(since));
}

function readReceived(service: Service, sealed: Parameters<typeof openInboundMessage>[1]): ConversationText {
  const { id, createdAt, content } = openInboundMessage(service, sealed);
  return { kind: "received", id, at: createdAt, content };
}

/** Texts from test keys never reached anybody. */
async function readSent(
  app: Pick<App, "db" | "templates">,
  service: Service,
  recipientIndex: Buffer,
): Promise<ConversationText[]> {
  const found = await findByRecipient(app.db, service.id, recipientIndex);
  const ids = found
    .filter(({ channel, keyKind }) => channel === "sms" && keyKind !== "test")
    .slice(0, TEXTS_EACH_WAY_MAX)
    .map(({ id }) => id);
  const notifications = ids.length > 0 ? await getNotifications(app.db, ids) : [];
  return Promise.all(
    notifications.map(async (notification) => {
      const { body, isNotKept } = await openMessage(app, service, notification);
      const { id, createdAt, status, createdByName } = notification;
      const content = isNotKept ? undefined : body;
      return { kind: "sent", id, at: createdAt, content, status, createdByName } as const;
    }),
  );
}
