import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { newRandomId } from "../../platform/ids.ts";
import { receiveText } from "../inbound/receive-text.ts";
import { countReceived, readConversation, readInbox } from "./conversations.ts";

/** As whoever has nothing of their own. */
const EVERYTHING = { userId: newRandomId(), tab: "open" } as const;

let world: World;
let service: WorldService;

beforeAll(async () => {
  world = await createWorld();
  service = await world.service({ permissions: ["sms", "inbound_sms"] });
  await world.inboundNumber(service, "07700900500");
  for (const [from, text] of [
    ["447700900001", "first"],
    ["447700900002", "another"],
    ["447700900001", "second"],
  ] as const)
    await receiveText(world.app, "carrier", { from, to: "447700900500", text } as Parameters<typeof receiveText>[2]);
});
afterAll(() => world.close());

describe("the inbox", () => {
  it("lists everybody who wrote once, by their newest text, with how many", async () => {
    const { conversations, olderThan } = await readInbox(world.app, service, EVERYTHING);
    expect(conversations.map(({ content, texts }) => [content, texts])).toEqual([
      ["second", 2],
      ["another", 1],
    ]);
    expect(olderThan).toBeUndefined();
    expect(await countReceived(world.app, service.id, new Date(0))).toMatchObject({ texts: 3 });
  });

  it("shows a conversation both ways, oldest first, without tests", async () => {
    await world.notification(service, { to: "07700 900001", status: "delivered" });
    await world.notification(service, { to: "07700 900001", keyKind: "test" });
    const [newest] = (await readInbox(world.app, service, EVERYTHING)).conversations;
    const conversation = await readConversation(world.app, service, newest?.id ?? "");
    expect(conversation.notifyNumber).toBe("07700900500");
    expect(conversation.texts.map(({ kind, content }) => [kind, content])).toEqual([
      ["received", "first"],
      ["received", "second"],
      ["sent", "Hello"],
    ]);
  });

  it("of another service shows nothing", async () => {
    const other = await world.service();
    const [newest] = (await readInbox(world.app, service, EVERYTHING)).conversations;
    await expect(readConversation(world.app, other, newest?.id ?? "")).rejects.toMatchObject({ kind: "not-found" });
    expect((await readInbox(world.app, other, EVERYTHING)).conversations).toEqual([]);
  });
});
