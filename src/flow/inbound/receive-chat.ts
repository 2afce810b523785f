/**
 * Somebody writes to us in a chat app. It is for the service that wrote to them last through the same provider, else for the one the provider
 * names. It is kept as texts from the public are, and told of by the same callback, which names the app.
 */
import { type ChatRecipient, chatRecipientFrom } from "../../core/chat/chat-recipient.ts";
import { newId } from "../../platform/ids.ts";
import { enqueue } from "../../platform/queue.ts";
import { blindIndex } from "../../platform/sealing.ts";
import type { InboundChat } from "../../providers/provider.ts";
import { findChatPartner, noteWrote } from "../../records/chat-contacts/chat-contact-store.ts";
import { noteNewText } from "../../records/inbound-messages/conversation-state-store.ts";
import { insertInboundMessage, type NewInboundMessage } from "../../records/inbound-messages/inbound-message-store.ts";
import { mayUse, type Service } from "../../records/services/service.ts";
import { receivedTextJobs } from "../callback/plan.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import { actOnChat, askedInChat } from "../replies/act-on-words.ts";
import { planForwards } from "../replies/plan-forwards.ts";
import type { Inbound } from "./keeping.ts";

/** Longer than any app's messages. */
const TEXT_MAX_CHARACTERS = 10_000;
/** Longer than any app's ids. */
const REFERENCE_MAX_CHARACTERS = 255;

/** What nobody takes is dropped, and said so. */
export async function receiveChat(
  app: Inbound,
  { provider, serviceId }: { provider: string; serviceId: string | undefined },
  written: InboundChat,
): Promise<void> {
  const person = chatRecipientFrom(written.app, written.from);
  const recipientIndex = person && blindIndex(app.keys.searchIndex, person.normalised);
  const partnerId = recipientIndex && (await findChatPartner(app.db, { provider, recipientIndex }));
  const service = await takerOf(app, partnerId, serviceId);
  if (!person || !recipientIndex || !service) {
    app.log.warn("inbound.nobody-takes-chats", { provider, serviceId: partnerId ?? serviceId });
    return;
  }
  await keep(app, { service, person, recipientIndex, provider, written });
  app.services.forget(service.id);
  app.wakeCallbacks();
}

/** The first that is there and sends chat messages. */
async function takerOf(app: Inbound, ...ids: readonly (string | undefined)[]): Promise<Service | undefined> {
  for (const id of ids) {
    const service = id === undefined ? undefined : await app.services.find(id);
    if (service && !service.archivedAt && mayUse(service, "chat")) return service;
  }
  return undefined;
}

interface Written {
  service: Service;
  person: ChatRecipient;
  recipientIndex: Buffer;
  provider: string;
  written: InboundChat;
}

async function keep(app: Inbound, written: Written): Promise<void> {
  const { service, person, provider, recipientIndex } = written;
  await app.db.transaction(async (tx) => {
    const keeping = { app, tx, service };
    const message = messageOf(app, written);
    const asked = await askedInChat(keeping, message.content);
    const isNew = await insertInboundMessage(tx, service, { ...message, asked });
    if (!isNew) return;
    await noteWrote(tx, { provider, recipientIndex, serviceId: service.id, at: message.createdAt });
    await noteNewText(tx, message);
    await enqueue(tx, CALLBACK_QUEUE, { entries: await receivedTextJobs(app, [message]) });
    await planForwards(keeping, message.id);
    if (asked) await actOnChat(keeping, { id: message.id, person }, asked);
  });
}

function messageOf({ clock }: Inbound, written: Written): NewInboundMessage {
  const { service, person, recipientIndex, provider } = written;
  const { text, reference, sentAt } = written.written;
  const createdAt = clock.now();
  return {
    id: newId(),
    serviceId: service.id,
    // It stands for the number or the bot that was written to.
    notifyNumber: provider,
    userNumber: person.address,
    app: person.app,
    content: text.slice(0, TEXT_MAX_CHARACTERS),
    senderIndex: recipientIndex,
    provider,
    providerReference: reference.slice(0, REFERENCE_MAX_CHARACTERS),
    sentAt: sentAt ?? createdAt,
    createdAt,
  };
}
