/** The inbox: who wrote to a service, and what was written both ways. A conversation goes by the id of one of its texts, not a number. */
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { Refusal } from "../../core/refusal.ts";
import { firstIdAt } from "../../platform/ids.ts";
import { blindIndex } from "../../platform/sealing.ts";
import {
  CONVERSATIONS_COUNTED_MAX,
  type ConversationState,
  countConversations,
  countReceivedTexts,
  countUnreadConversations,
  findConversation,
  findReceivedText,
  type InboxTab,
  listConversations,
  listTextsFrom,
} from "../../records/inbound-messages/conversation-store.ts";
import type { InboundMessage } from "../../records/inbound-messages/inbound-message.ts";
import { listReceivedTexts, openInboundMessage } from "../../records/inbound-messages/inbound-message-store.ts";
import { findByRecipient } from "../../records/notifications/message-search-store.ts";
import { getNotifications } from "../../records/notifications/notification-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { openMessage } from "../messages/present-messages.ts";

const CONVERSATIONS_PER_PAGE = 50;
const TEXTS_EACH_WAY_MAX = 200;
/** More in one file help nobody, and each has to be opened. */
const DOWNLOADED_MAX = 10_000;

export interface ListedConversation extends ConversationState {
  /** The id of the newest text: the conversation's address. */
  id: string;
  userNumber: string;
  notifyNumber: string;
  content: string;
  at: Date;
  /** How many texts they wrote. */
  texts: number;
}

export interface Conversation extends ConversationState {
  userNumber: string;
  notifyNumber: string;
  /** The newest text of theirs that is shown: up to here it can be read. */
  newestTextId: string | undefined;
  /** In which chat app they wrote last, and are answered; undefined for a text. */
  app: string | undefined;
  /** Oldest first. */
  texts: readonly ConversationText[];
}

export type ConversationText =
  | { kind: "received"; id: string; at: Date; content: string; app: string | undefined }
  | {
      kind: "sent";
      id: string;
      at: Date;
      channel: "sms" | "chat";
      /** Of a chat message. */
      app: string | undefined;
      /** Undefined where its words are not kept. */
      content: string | undefined;
      status: string;
      createdByName: string | undefined;
    };

export interface InboxQuery {
  /** Who looks: some conversations are theirs. */
  userId: string;
  tab: InboxTab;
  /** Who wrote, in any spelling of the whole number: their conversation alone, whether it is open or closed. */
  number?: string | undefined;
  /** The id of the last conversation of the page before. */
  olderThan?: string | undefined;
}

export interface Inbox {
  conversations: ListedConversation[];
  olderThan: string | undefined;
  counts: Record<InboxTab, number>;
  /** Only so many were counted. */
  isMore: boolean;
}

/** A page of conversations, newest first, and how many there are of each kind. */
export async function readInbox(
  app: Pick<App, "db" | "keys">,
  service: Service,
  { userId, tab, number, olderThan }: InboxQuery,
): Promise<Inbox> {
  const limit = CONVERSATIONS_PER_PAGE + 1;
  const wanted = { serviceId: service.id, userId, olderThan, limit };
  const senderIndex = number === undefined ? undefined : indexOf(app, number);
  const [found, counts] = await Promise.all([
    listConversations(app.db, { ...wanted, tab: senderIndex ? undefined : tab, senderIndex }),
    countConversations(app.db, wanted),
  ]);
  const conversations = found.slice(0, CONVERSATIONS_PER_PAGE).map(({ texts, senderIndex: _, ...rest }) => {
    const { unread, assigneeId, assigneeName, closedAt, ...sealed } = rest;
    const { id, userNumber, notifyNumber, content, createdAt } = openInboundMessage(service, sealed);
    return { id, userNumber, notifyNumber, content, at: createdAt, texts, unread, assigneeId, assigneeName, closedAt };
  });
  return {
    conversations,
    olderThan: found.length === limit ? conversations.at(-1)?.id : undefined,
    counts,
    isMore: counts.open + counts.closed === CONVERSATIONS_COUNTED_MAX,
  };
}

/** As texts are kept: numbers in full, short codes and names as the carrier writes them. */
function indexOf({ keys }: Pick<App, "keys">, number: string): Buffer {
  const parsed = parsePhoneNumber(number);
  return blindIndex(keys.searchIndex, typeof parsed === "string" ? number.trim() : parsed.digits);
}

/** What was written between a service and whoever wrote this text; the latest of each side. */
export async function readConversation(
  app: Pick<App, "db" | "templates">,
  service: Service,
  textId: string,
): Promise<Conversation> {
  const text = await getReceivedText(app, service.id, textId);
  const { senderIndex } = text;
  const { userNumber, notifyNumber } = openInboundMessage(service, text);
  const [received, sent, state] = await Promise.all([
    listTextsFrom(app.db, { serviceId: service.id, senderIndex, limit: TEXTS_EACH_WAY_MAX }),
    readSent(app, service, senderIndex),
    findConversation(app.db, { serviceId: service.id, senderIndex }),
  ]);
  const texts: ConversationText[] = [...received.map((one) => readReceived(service, one)), ...sent];
  return {
    ...{ userNumber, notifyNumber, newestTextId: received[0]?.id, app: received[0]?.app },
    ...(state ?? { unread: 0, assigneeId: undefined, assigneeName: undefined, closedAt: undefined }),
    texts: texts.sort((a, b) => a.at.getTime() - b.at.getTime()),
  };
}

/** Refuses a text that the service does not have. */
export async function getReceivedText(
  { db }: Pick<App, "db">,
  serviceId: string,
  textId: string,
): Promise<NonNullable<Awaited<ReturnType<typeof findReceivedText>>>> {
  const text = await findReceivedText(db, serviceId, textId);
  if (text) return text;
  throw new Refusal("not-found", "There is no such conversation, or it has been deleted");
}

/** The newest texts that a service has received, newest first: for a file. */
export function listAllReceived({ db }: Pick<App, "db">, service: Service): Promise<InboundMessage[]> {
  return listReceivedTexts(db, service, { limit: DOWNLOADED_MAX });
}

/** Texts received since a moment, when the newest came, and how many conversations wait for a reader: for the dashboard. */
export async function countReceived(
  app: Pick<App, "db">,
  serviceId: string,
  since: Date,
): Promise<{ texts: number; newestAt: Date | undefined; unread: number }> {
  const [counted, unread] = await Promise.all([
    countReceivedTexts(app.db, serviceId, firstIdAt(since)),
    countUnreadConversations(app.db, serviceId),
  ]);
  return { ...counted, unread };
}

function readReceived(service: Service, sealed: Parameters<typeof openInboundMessage>[1]): ConversationText {
  const { id, createdAt, content, app } = openInboundMessage(service, sealed);
  return { kind: "received", id, at: createdAt, content, app };
}

/** What test keys sent never reached anybody. */
async function readSent(
  app: Pick<App, "db" | "templates">,
  service: Service,
  recipientIndex: Buffer,
): Promise<ConversationText[]> {
  const found = await findByRecipient(app.db, service.id, recipientIndex);
  const ids = found
    .filter(({ channel, keyKind }) => (channel === "sms" || channel === "chat") && keyKind !== "test")
    .slice(0, TEXTS_EACH_WAY_MAX)
    .map(({ id }) => id);
  const notifications = ids.length > 0 ? await getNotifications(app.db, ids) : [];
  return Promise.all(
    notifications.map(async (notification) => {
      const { body, isNotKept } = await openMessage(app, service, notification);
      const { id, createdAt, status, createdByName } = notification;
      const content = isNotKept ? undefined : body;
      const by =
        notification.channel === "chat"
          ? ({ channel: "chat", app: notification.sender } as const)
          : ({ channel: "sms", app: undefined } as const);
      return { kind: "sent", id, at: createdAt, ...by, content, status, createdByName } as const;
    }),
  );
}
