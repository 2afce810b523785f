/** Keeps a text from the public together with the callback about it. */
import type { Tx } from "../../platform/db.ts";
import { enqueue } from "../../platform/queue.ts";
import { noteNewText } from "../../records/inbound-messages/conversation-state-store.ts";
import { insertInboundMessage, type NewInboundMessage } from "../../records/inbound-messages/inbound-message-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { receivedTextJobs } from "../callback/plan.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import { planReply } from "../smpp/plan-deliveries.ts";

export type Inbound = Pick<App, "db" | "clock" | "log" | "keys" | "services" | "wakeCallbacks">;

/** One transaction that keeps what was written to a service. */
export interface Keeping {
  app: Inbound;
  tx: Tx;
  service: Service;
}

/** A text that the carrier had sent before changes nothing and is not told again. */
export async function keepText({ app, tx, service }: Keeping, message: NewInboundMessage): Promise<void> {
  const isNew = await insertInboundMessage(tx, service, message);
  if (!isNew) return;
  await noteNewText(tx, message);
  await enqueue(tx, CALLBACK_QUEUE, { entries: await receivedTextJobs(app, [message]) });
  await planReply(tx, service, message.id);
}
