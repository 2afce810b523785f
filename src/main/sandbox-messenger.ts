/** The sandbox's chat apps: what they are sent is shown, and whoever got it may write back. */
import type { App } from "../flow/app.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import { errorFields } from "../platform/log.ts";
import { listProviders } from "../records/providers/provider-store.ts";
import {
  findSandboxMessage,
  insertSandboxMessages,
  type SandboxMessage,
  sandboxKeys,
} from "../records/sandbox-outbox/sandbox-outbox-store.ts";
import { createMessenger, type Messenger } from "../sandbox/messenger/messenger.ts";
import type { ChatDelivery } from "../sandbox/messenger/read-chat.ts";

export async function createSandboxMessenger(app: App): Promise<Messenger> {
  const providers = await listProviders(app.db, app.keys.master);
  const token = providers.find(({ isSandbox, channel }) => isSandbox && channel === "chat")?.secrets["token"];
  if (token === undefined) throw new CannotStart("The sandbox's chat provider is missing: pennypost start makes it");
  const keys = sandboxKeys(app.keys.master);
  const outbox = (chats: ChatDelivery[]) => insertSandboxMessages(app.db, keys, chats.map(chatMessage));
  return createMessenger({ token, log: app.log, outbox });
}

function chatMessage({ id, app, to, title, text, reportUrl }: ChatDelivery): SandboxMessage {
  return { channel: "chat", app, to, from: title, text, status: { url: reportUrl, reference: id } };
}

/** In the app, and to the service, of a message that was got; the app shows it, whether or not anybody takes it. */
export async function writeInChat(
  app: App,
  messenger: Messenger,
  { messageId, text }: { messageId: string; text: string },
): Promise<void> {
  try {
    const keys = sandboxKeys(app.keys.master);
    const got = await findSandboxMessage(app.db, keys, messageId);
    const reportUrl = got?.status?.url;
    if (got?.channel !== "chat" || got.app === undefined || reportUrl === undefined) return;
    const { app: chatApp, to: writer, from: name, status } = got;
    const written = { channel: "chat", app: chatApp, from: writer, to: name, text, isFromPhone: true } as const;
    await insertSandboxMessages(app.db, keys, [status ? { ...written, status } : written]);
    await messenger.write({ app: chatApp, from: writer, text, reportUrl });
  } catch (error) {
    app.log.warn("sandbox.chat-failed", errorFields(error));
  }
}
