import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { intakeOf } from "../../../test/support/api.ts";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../test/support/people.ts";
import type { WorldService } from "../../../test/support/world.ts";
import { newRandomId } from "../../platform/ids.ts";
import { listAudit } from "../../records/audit/audit-store.ts";
import type { InboxTab } from "../../records/inbound-messages/conversation-store.ts";
import { getNotifications } from "../../records/notifications/notification-store.ts";
import { insertMember, MEMBER_PERMISSIONS, type MemberPermission } from "../../records/services/member-store.ts";
import type { User } from "../../records/users/user-store.ts";
import { receiveText } from "../inbound/receive-text.ts";
import { openMessage } from "../messages/present-messages.ts";
import { changeMember, removeMember } from "../people/team.ts";
import { deletePastInboundMessages } from "../upkeep/retention.ts";
import { answerInOwnWords } from "./answer-in-own-words.ts";
import { readConversation, readInbox } from "./conversations.ts";
import { assignConversation, listAssignable, setClosed, setRead } from "./work-on-conversation.ts";

const DAY_MS = 86_400_000;
const ANN = "447700900001";
const BOB = "447700900002";

let world: PeopleWorld;
let service: WorldService;
let owner: User;
let numbers = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  service = await world.service({ permissions: ["sms", "inbound_sms"] });
  numbers += 1;
  await world.inboundNumber(service, `0${ours()}`);
  owner = await member(...MEMBER_PERMISSIONS);
});

/** The service's number, without what stands before it at home or abroad. */
const ours = () => `77009005${String(numbers).padStart(2, "0")}`;
const actorOf = (user: User) => ({ userId: user.id, ip: HERE.ip });
const readBy = (user: User, tab: InboxTab, number?: string) =>
  readInbox(world.app, service, { userId: user.id, tab, number });

async function member(...permissions: MemberPermission[]): Promise<User> {
  const user = await world.user();
  await world.app.db.transaction((tx) => insertMember(tx, { serviceId: service.id, userId: user.id, permissions }));
  return user;
}

/** Answers the id of the text. */
async function write(from: string, text: string): Promise<string> {
  await receiveText(world.app, "carrier", { from, to: `44${ours()}`, text } as Parameters<typeof receiveText>[2]);
  const [newest] = (await readBy(owner, "open")).conversations;
  return newest?.id ?? "";
}

/** The texts under a tab, by what was written last. */
async function under(tab: InboxTab, user = owner): Promise<string[]> {
  return (await readBy(user, tab)).conversations.map(({ content }) => content);
}

describe("what has been read", () => {
  it("is counted for the team, until somebody has read it or it is made unread again", async () => {
    await write(ANN, "one");
    const textId = await write(ANN, "two");
    await write(BOB, "three");
    const unread = async () => (await readBy(owner, "unread")).conversations.map((one) => [one.content, one.unread]);
    expect(await unread()).toEqual([
      ["three", 1],
      ["two", 2],
    ]);
    await setRead(world.app, { serviceId: service.id, textId, upTo: textId, isRead: true });
    expect(await unread()).toEqual([["three", 1]]);
    expect((await readBy(owner, "open")).counts).toMatchObject({ open: 2, unread: 1 });
    await setRead(world.app, { serviceId: service.id, textId, upTo: textId, isRead: false });
    expect(await unread()).toEqual([
      ["three", 1],
      ["two", 1],
    ]);
  });

  it("ends where it was shown: what has come since stays unread", async () => {
    const shown = await write(ANN, "one");
    const since = await write(ANN, "two");
    await setRead(world.app, { serviceId: service.id, textId: shown, upTo: shown, isRead: true });
    expect((await readConversation(world.app, service, since)).unread).toBe(1);
    await setRead(world.app, { serviceId: service.id, textId: since, upTo: since, isRead: true });
    await setRead(world.app, { serviceId: service.id, textId: since, upTo: shown, isRead: true });
    expect((await readConversation(world.app, service, since)).unread).toBe(0);
  });
});

describe("who sees to a conversation", () => {
  it("is somebody of the team who sees the inbox, and is told in the audit log", async () => {
    const textId = await write(ANN, "one");
    const colleague = await member("view_activity");
    const writer = await member("manage_templates");
    const wish = { serviceId: service.id, textId };
    expect((await listAssignable(world.app, service.id)).map(({ userId }) => userId)).not.toContain(writer.id);
    await expect(assignConversation(world.app, actorOf(owner), { ...wish, userId: writer.id })).rejects.toMatchObject({
      kind: "invalid",
    });
    await assignConversation(world.app, actorOf(owner), { ...wish, userId: colleague.id });
    expect([await under("own", colleague), await under("own"), await under("unassigned")]).toEqual([["one"], [], []]);
    await assignConversation(world.app, actorOf(owner), { ...wish, userId: colleague.id });
    await assignConversation(world.app, actorOf(owner), { ...wish, userId: undefined });
    expect(await under("unassigned")).toEqual(["one"]);
    const entries = await listAudit(world.app.db, { serviceId: service.id, limit: 9 });
    expect(entries.map(({ action, before, after }) => [action, before?.["assignee"], after?.["assignee"]])).toEqual([
      ["conversation.assigned", colleague.name, null],
      ["conversation.assigned", null, colleague.name],
    ]);
  });

  it("is nobody once they have left the team, or do not see the inbox any more", async () => {
    const textIds = [await write(ANN, "one"), await write(BOB, "two")];
    const leaving = await member("view_activity");
    const changing = await member("view_activity");
    for (const [index, { id }] of [leaving, changing].entries()) {
      const wish = { serviceId: service.id, textId: textIds[index] ?? "", userId: id };
      await assignConversation(world.app, actorOf(owner), wish);
    }
    await member(...MEMBER_PERMISSIONS);
    const change = { serviceId: service.id, userId: changing.id, permissions: ["send_messages"] as const };
    await changeMember(world.people, actorOf(owner), change);
    expect(await under("unassigned")).toEqual(["two"]);
    await removeMember(world.people, actorOf(owner), { serviceId: service.id, userId: leaving.id });
    expect(await under("unassigned")).toEqual(["two", "one"]);
  });
});

describe("a closed conversation", () => {
  it("is read, and opens again when they write, for whoever saw to it", async () => {
    const textId = await write(ANN, "one");
    await assignConversation(world.app, actorOf(owner), { serviceId: service.id, textId, userId: owner.id });
    await setClosed(world.app, actorOf(owner), { serviceId: service.id, textId, upTo: textId, isClosed: true });
    expect([await under("open"), await under("unread"), await under("closed")]).toEqual([[], [], ["one"]]);
    await write(ANN, "two");
    expect([await under("open"), await under("own"), await under("closed")]).toEqual([["two"], ["two"], []]);
    const actions = (await listAudit(world.app.db, { serviceId: service.id, limit: 1 })).map(({ action }) => action);
    expect(actions).toEqual(["conversation.closed"]);
  });

  it("is not closed over what nobody has seen", async () => {
    const shown = await write(ANN, "one");
    await write(ANN, "two");
    const closing = { serviceId: service.id, textId: shown, upTo: shown, isClosed: true };
    await expect(setClosed(world.app, actorOf(owner), closing)).rejects.toMatchObject({ kind: "invalid" });
    expect(await under("open")).toEqual(["two"]);
  });

  it("is found by the whole number in any spelling, and by nothing less", async () => {
    const textId = await write(ANN, "one");
    await setClosed(world.app, actorOf(owner), { serviceId: service.id, textId, upTo: textId, isClosed: true });
    const found = async (number: string) => (await readBy(owner, "open", number)).conversations.length;
    expect([await found("07700 900001"), await found("+44 7700 900001"), await found("07700 9000")]).toEqual([1, 1, 0]);
  });
});

describe("a reply in somebody's own words", () => {
  const reply = (textId: string, words: string, formId = newRandomId()) =>
    answerInOwnWords(intakeOf(world.app), { ...actorOf(owner), name: owner.name }, { service, textId, words, formId });

  it("is refused unless the service allows it, and without words", async () => {
    const textId = await write(ANN, "one");
    await expect(reply(textId, "Hello")).rejects.toMatchObject({ kind: "invalid" });
    await allow();
    await expect(reply(textId, " \n")).rejects.toMatchObject({ message: "Enter your reply" });
    expect((await readConversation(world.app, service, textId)).texts).toHaveLength(1);
  });

  it("is sent as it stands, once for each form", async () => {
    await allow();
    const textId = await write(ANN, "one");
    const formId = newRandomId();
    const words = "Yes: ((not a placeholder)), *plain*";
    const ids = [await reply(textId, words, formId), await reply(textId, words, formId)];
    expect(new Set(ids).size).toBe(1);
    const [notification] = await getNotifications(world.app.db, ids);
    if (!notification) throw new Error("nothing was sent");
    expect((await openMessage(world.app, service, notification)).body).toBe(words);
    const { texts } = await readConversation(world.app, service, textId);
    expect(texts.map(({ kind }) => kind)).toEqual(["received", "sent"]);
    const sent = (await listAudit(world.app.db, { serviceId: service.id, limit: 9 })).filter(
      ({ action }) => action === "message.sent",
    );
    expect(sent).toHaveLength(1);
  });

  async function allow(): Promise<void> {
    await world.app.db
      .query`update services set permissions = array_append(permissions, 'free_text_replies') where id = ${service.id}`;
    service = { ...(await world.reload(service)), secrets: service.secrets };
  }
});

describe("a conversation", () => {
  it("is forgotten with the last of its texts", async () => {
    await write(ANN, "one");
    const kept = () =>
      world.app.db.query`select c.newest_text_id from conversations c where c.service_id = ${service.id}`;
    await deletePastInboundMessages(world.app);
    expect(await kept()).toHaveLength(1);
    world.clock.advance(8 * DAY_MS);
    await deletePastInboundMessages(world.app);
    expect(await kept()).toHaveLength(0);
  });
});
