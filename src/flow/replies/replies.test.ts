import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startApi } from "../../../test/support/api.ts";
import { createPeopleWorld, type PeopleWorld } from "../../../test/support/people.ts";
import { makeCarrier, startWorkings, untilWritten, type Workings } from "../../../test/support/workings.ts";
import type { ServiceWish, WorldService } from "../../../test/support/world.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { listReceivedTexts } from "../../records/inbound-messages/inbound-message-store.ts";
import { listAllKeywords } from "../../records/inbound-numbers/keyword-store.ts";
import { insertOrganisation } from "../../records/organisations/organisation-store.ts";
import { getReplySettings, type ReplySettings, USUAL_REPLIES } from "../../records/replies/reply-settings-store.ts";
import { insertReplyToAddress } from "../../records/senders/reply-to-store.ts";
import { setOrganisation } from "../../records/services/service-life-store.ts";
import { presentReceivedText } from "../callback/present.ts";
import { readConversation } from "../inbox/conversations.ts";
import { FORWARDED_AN_HOUR_MAX } from "./plan-forwards.ts";
import { setReplies } from "./set-replies.ts";
import { readOwnKeywords, setOwnKeywords, shareNumber } from "./share-number.ts";

const ARRIVES = { timeout: 30_000, interval: 50 };
const actor = { userId: newRandomId(), ip: undefined };
let world: PeopleWorld;
let workings: Workings;
let carrier: Awaited<ReturnType<typeof makeCarrier>>;
let numbersGiven = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
  carrier = await makeCarrier(world.app);
  workings = await startWorkings(world.app);
});
afterAll(async () => {
  await workings?.stop();
  await carrier?.stop();
  await world?.close();
});

/** A service with a number, which its texts come from, and somebody who writes to it. */
async function place(wish: ServiceWish = {}) {
  numbersGiven += 1;
  const subscriber = String(numbersGiven).padStart(3, "0");
  const number = `07700900${subscriber}`;
  const service = await world.service({
    ...{ name: `Parks ${subscriber}`, permissions: ["sms", "inbound_sms"], textSender: number, prefixesTexts: false },
    ...wish,
  });
  await world.inboundNumber(service, number);
  const from = `447700901${subscriber}`;
  const write = async (text: string, to = `44${number.slice(1)}`) => {
    await vi.waitUntil(() => carrier.deliver({ from, to, text }), ARRIVES);
  };
  return { service, number, from, write };
}

async function received(service: WorldService) {
  return listReceivedTexts(world.app.db, service, { limit: 50 });
}

const isSuppressed = async (service: WorldService) => (await world.reload(service)).hasSuppressions;

async function reply(settings: Partial<ReplySettings>, { id: serviceId }: WorldService): Promise<void> {
  await setReplies(world.app, actor, { serviceId, settings: { ...USUAL_REPLIES, ...settings } });
}

describe("STOP, START and HELP", () => {
  it("end a service's texts, and begin them again, each told once in an hour, over a real carrier", async () => {
    const { service, from, write } = await place();
    const template = await world.template(service, { body: "The park is open" });
    const written = carrier.texts.length;
    await write("Stop.");
    await untilWritten(carrier, written + 1);
    expect(carrier.texts.at(-1)).toBe(
      `${service.name}: You will get no more texts from us. Reply START to get them again.`,
    );
    const stopped = await world.reload(service);
    await expect(workings.send({ service: stopped, template, to: `+${from}` })).rejects.toThrow(
      "asked your service to stop",
    );
    const [text] = await received(service);
    expect(text?.asked).toBe("stop");
    const conversation = await readConversation(world.app, stopped, text?.id ?? "");
    expect(conversation.texts.map(({ kind }) => kind)).toEqual(["received", "sent"]);
    expect(conversation.texts[1]).toMatchObject({ createdByName: "Automatic answer" });

    await write("start");
    await vi.waitUntil(async () => !(await isSuppressed(service)), ARRIVES);
    await workings.send({ service: await world.reload(service), template, to: `+${from}` });
    await untilWritten(carrier, written + 2);
    expect(carrier.texts.slice(written + 1)).toEqual(["The park is open"]);
  });

  it("of one service leave those of another, and START takes back no more than STOP made", async () => {
    const [one, other] = [await place(), await place()];
    const written = carrier.texts.length;
    await one.write("STOP");
    await vi.waitUntil(() => isSuppressed(one.service), ARRIVES);
    await untilWritten(carrier, written + 1); // its answer, which would come into the next test
    expect(await isSuppressed(other.service)).toBe(false);
    await world.app.db.query`update suppressions set reason = 'by-hand' where service_id = ${one.service.id}`;
    await one.write("START");
    await vi.waitUntil(async () => (await received(one.service)).length === 2, ARRIVES);
    expect(await isSuppressed(one.service)).toBe(true);
  });

  it("are words and answers of the service's own, or nothing at all", async () => {
    const { service, write } = await place();
    const words = { ...USUAL_REPLIES.words, stop: ["Genug"] };
    await reply({ words, answers: { stop: "", start: undefined, help: "Ring 020 7946 0000" } }, service);
    const written = carrier.texts.length;
    await write("STOP");
    await write("help");
    await untilWritten(carrier, written + 1);
    expect(carrier.texts.slice(written)).toEqual(["Ring 020 7946 0000"]);
    expect(await isSuppressed(service)).toBe(false);
    await write("genug!");
    await vi.waitUntil(() => isSuppressed(service), ARRIVES);
    const quiet = await place();
    await reply({ isOn: false }, quiet.service);
    await quiet.write("STOP");
    await vi.waitUntil(async () => (await received(quiet.service)).length === 1, ARRIVES);
    expect([await isSuppressed(quiet.service), (await received(quiet.service))[0]?.asked]).toEqual([false, undefined]);
    expect(carrier.texts.length).toBe(written + 1);
  });

  it.each([
    ["words that are none", { words: { ...USUAL_REPLIES.words, stop: ["!"] } }, "reply-words"],
    ["a word for two things", { words: { stop: ["Go"], start: ["GO"], help: [] } }, "reply-words-twice"],
    [
      "an answer that is too long",
      { answers: { ...USUAL_REPLIES.answers, help: "a".repeat(919) } },
      "reply-answer-long",
    ],
    ["an address that nobody has proven", { forwardTo: ["stranger@example.com"] }, "forward-to"],
  ])("are refused with %s", async (_, settings, problem) => {
    const { service } = await place();
    await expect(reply(settings, service)).rejects.toMatchObject({ problems: [{ problem }] });
    expect(await getReplySettings(world.app.db, service.id)).toEqual(USUAL_REPLIES);
  });
});

describe("a number that services share", () => {
  it("may have keywords of its holder's own while it is not shared, which texts have beside them", async () => {
    const { service, number, write } = await place();
    const set = (text: string) => setOwnKeywords(world.app, actor, { serviceId: service.id, text });
    await expect(set("STOP")).rejects.toMatchObject({ problems: [{ problem: "keyword-wrong" }] });
    await expect(set("Book\nBOOK!")).rejects.toMatchObject({ problems: [{ problem: "keyword-twice" }] });
    await set("Renew\nbook");
    expect(await readOwnKeywords(world.app.db, service.id)).toEqual({ numbers: [number], keywords: ["BOOK", "RENEW"] });
    await write("Renew 17");
    await write("Hello");
    await vi.waitUntil(async () => (await received(service)).length === 2, ARRIVES);
    const texts = await received(service);
    expect(new Map(texts.map(({ content, keyword }) => [content, keyword]))).toEqual(
      new Map([
        ["Renew 17", "RENEW"],
        ["Hello", undefined],
      ]),
    );
    const api = await startApi(world.app);
    const { json } = await api.get("/v2/received-text-messages", { as: service });
    await api.close();
    const told = json.received_text_messages.map((text: { content: string; keyword?: string }) => [
      text.content,
      text.keyword,
    ]);
    expect(new Map(told)).toEqual(
      new Map([
        ["Renew 17", "RENEW"],
        ["Hello", undefined],
      ]),
    );
    await set("");
    expect((await readOwnKeywords(world.app.db, service.id)).keywords).toEqual([]);
    const none = await world.service({ name: "Without" });
    const asked = setOwnKeywords(world.app, actor, { serviceId: none.id, text: "BOOK" });
    await expect(asked).rejects.toMatchObject({ kind: "not-found" });
  });

  it("brings each what begins with its keyword, and its holder the rest, long texts too", async () => {
    const holder = await place();
    const library = await world.service({ name: "Lending", permissions: ["sms", "inbound_sms"] });
    const stranger = await world.service({ name: "Elsewhere", permissions: ["sms", "inbound_sms"] });
    const share = (text: string) => shareNumber(world.app, actor, { number: holder.number, text });
    await expect(share("BOOK: Lending")).rejects.toMatchObject({ problems: [{ problem: "keyword-service" }] });
    const organisationId = newId();
    await world.app.db.transaction(async (tx) => {
      await insertOrganisation(tx, { id: organisationId, name: "Northwold Council" });
      for (const { id } of [holder.service, library]) await setOrganisation(tx, id, organisationId);
    });
    for (const { id } of [holder.service, library]) world.app.services.forget(id);
    await expect(share(`BOOK: ${stranger.name}`)).rejects.toMatchObject({ problems: [{ problem: "keyword-service" }] });
    await expect(share("STOP: Lending")).rejects.toMatchObject({ problems: [{ problem: "keyword-wrong" }] });
    await share("book: Lending\nbook swap: Lending");
    await holder.write("Book 17 please");
    await holder.write(`BOOK SWAP ${"a".repeat(300)}`);
    await holder.write("Is the park open?");
    await vi.waitUntil(async () => (await received(holder.service)).length === 1, ARRIVES);
    await vi.waitUntil(async () => (await received(library)).length === 2, ARRIVES);
    const [long, short] = await received(library);
    expect([short?.keyword, long?.keyword]).toEqual(["BOOK", "BOOK SWAP"]);
    expect(JSON.parse(presentReceivedText(short ?? never()))).toMatchObject({
      message: "Book 17 please",
      keyword: "BOOK",
    });
    const [plain] = await received(holder.service);
    expect(JSON.parse(presentReceivedText(plain ?? never()))).not.toHaveProperty("keyword");
    await holder.write("STOP book");
    await vi.waitUntil(() => isSuppressed(library), ARRIVES);
    expect(await isSuppressed(holder.service)).toBe(false);

    await world.app.db.transaction((tx) => setOrganisation(tx, library.id, undefined));
    await holder.write("Book 18 please");
    await vi.waitUntil(async () => (await received(holder.service)).length === 2, ARRIVES);
    expect(await listAllKeywords(world.app.db)).toEqual([]);
  });
});

describe("texts by email", () => {
  it("go to proven addresses, as many as an hour allows, and of the rest they are told once", async () => {
    const { service, write } = await place();
    const address = "desk@parks.example.org";
    const replyTo = { id: newRandomId(), address, isDefault: true };
    await world.app.db.transaction((tx) => insertReplyToAddress(tx, service.id, replyTo));
    await reply({ forwardTo: [address] }, service);
    await write("The gate is [open](https://example.com)");
    await vi.waitUntil(async () => (await world.mailTo(address)).length === 1, ARRIVES);
    const [mail] = await world.mailTo(address);
    expect(mail?.subject).toContain(`has texted ${service.name}`);
    expect(mail?.body).toContain("The gate is");
    expect(mail?.body).not.toContain("[open](https://example.com)");
    for (let more = 0; more < FORWARDED_AN_HOUR_MAX + 2; more++) await write(`Text ${more}`);
    await vi.waitUntil(async () => (await world.mailTo(address)).length > FORWARDED_AN_HOUR_MAX, ARRIVES);
    const mails = await world.mailTo(address);
    expect(mails.filter(({ subject }) => subject?.startsWith("More texts to"))).toHaveLength(1);
    expect(mails).toHaveLength(FORWARDED_AN_HOUR_MAX + 1);
    await world.app.db.query`update reply_to_addresses set archived_at = now() where id = ${replyTo.id}`;
    world.clock.advance(2 * 3_600_000);
    await write("Anybody?");
    await vi.waitUntil(async () => (await received(service))[0]?.content === "Anybody?", ARRIVES);
    expect(await world.mailTo(address)).toHaveLength(FORWARDED_AN_HOUR_MAX + 1);
  });
});

function never(): never {
  throw new Error("it is not there");
}
