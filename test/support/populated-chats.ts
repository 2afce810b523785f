/** A chat template and what came to a chat app of the sandbox, in the world that sweeps look at. */
import {
  insertSandboxMessages,
  listSandboxMessages,
  sandboxKeys,
} from "../../src/records/sandbox-outbox/sandbox-outbox-store.ts";
import type { World, WorldService } from "./world.ts";

export async function makeChats(
  { app, template }: World,
  service: WorldService,
): Promise<Readonly<Record<string, string>>> {
  const overdue = await template(service, { channel: "chat", name: "Overdue", body: "((book)) was due yesterday" });
  const keys = sandboxKeys(app.keys.master);
  const status = { url: "http://127.0.0.1:1/reports", reference: "1" };
  const chat = {
    channel: "chat",
    app: "telegram",
    to: "5501",
    from: "Northwold",
    text: "Emma is overdue",
    status,
  } as const;
  await insertSandboxMessages(app.db, keys, [chat]);
  const [kept] = await listSandboxMessages(app.db, keys, { channel: "chat", limit: 1 });
  return { "/templates/:tid/whatsapp": overdue.templateId, "/chats/:cid": kept?.id ?? "" };
}
