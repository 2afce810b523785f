/** Keeps a text from the public together with the callback about it. */
import { enqueue } from "../../platform/queue.ts";
import { noteNewText } from "../../records/inbound-messages/conversation-state-store.ts";
import { insertInboundMessage, type NewInboundMessage } from "../../records/inbound-messages/inbound-message-store.ts";
import { receivedTextJobs } from "../callback/plan.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import { actOn, askedOf } from "../replies/act-on-words.ts";
import { addresseeOf } from "../replies/addressee.ts";
import { planForwards } from "../replies/plan-forwards.ts";
import { planReply } from "../smpp/plan-deliveries.ts";
import type { Keeping } from "./keeping.ts";

/**
 * Kept by the service that it is for: on a shared number its keyword says which. A text that the carrier had sent before changes nothing
 * and is not told again.
 */
export async function keepText({ app, tx, service: holder }: Keeping, text: NewInboundMessage): Promise<void> {
  const { service, keyword, words } = await addresseeOf(app, tx, {
    ...{ holder, number: text.notifyNumber, content: text.content },
  });
  const keeping = { app, tx, service };
  const asked = await askedOf(keeping, words);
  const message = { ...text, serviceId: service.id, keyword, asked };
  const isNew = await insertInboundMessage(tx, service, message);
  if (!isNew) return;
  await noteNewText(tx, message);
  await enqueue(tx, CALLBACK_QUEUE, { entries: await receivedTextJobs(app, [message]) });
  await planReply(tx, service, message.id);
  await planForwards(keeping, message.id);
  if (asked) await actOn(keeping, message, asked);
}
