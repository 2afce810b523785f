import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { newRandomId } from "../../platform/ids.ts";
import { enqueue } from "../../platform/queue.ts";
import { listAuditEntries } from "../../records/audit/audit-store.ts";
import { insertCallbackAttempts } from "../../records/callbacks/callback-attempt-store.ts";
import { listCallbackAttempts } from "../../records/callbacks/callback-log-store.ts";
import { insertEvents } from "../../records/notifications/event-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { hidePersonalisation } from "../../records/templates/template-page-store.ts";
import { DISPATCH_QUEUES } from "../jobs.ts";
import { cancelMessage, readMessage } from "./read-message.ts";
import { replayAttempt, replayCallback } from "./replay-callback.ts";
import { readSearch, saveSearch } from "./saved-searches.ts";
import { type MessageQuery, searchMessages } from "./search.ts";

const HOUR_MS = 3_600_000;
const actor = { userId: newRandomId(), ip: "192.0.2.1" };
let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const search = (service: WorldService, query: MessageQuery = {}) => searchMessages(world.app, service, query);
const idsOf = ({ messages }: { messages: { id: string }[] }) => messages.map(({ id }) => id);
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

describe("searching for messages", () => {
  let service: WorldService;
  let text: Notification;
  let email: Notification;
  let tested: Notification;
  beforeAll(async () => {
    service = await world.service();
    const other = await world.service();
    await world.notification(other, { to: "07700 900001", reference: "order-1" });
    text = await world.notification(service, { to: "07700 900001", reference: "order-1", status: "delivered" });
    email = await world.notification(service, {
      channel: "email",
      to: "Ada@Example.org",
      reference: "order-12",
      status: "permanent-failure",
    });
    tested = await world.notification(service, { to: "07700 900001", keyKind: "test", reference: "order-3" });
  });

  it.each<[string, () => MessageQuery, () => Notification[]]>([
    ["nothing in particular", () => ({}), () => [email, text]],
    ["a number in another spelling", () => ({ text: "+44 7700 900001" }), () => [text]],
    ["an address in other case", () => ({ text: " ada@example.ORG " }), () => [email]],
    ["a reference", () => ({ text: "order-12" }), () => [email]],
    ["the beginning of a reference", () => ({ text: "order-" }), () => [email, text]],
    ["what is in the middle of a reference", () => ({ text: "rder" }), () => []],
    ["an id", () => ({ text: text.id.toUpperCase() }), () => [text]],
    ["something nobody knows", () => ({ text: "%" }), () => []],
    ["a channel", () => ({ channels: ["email"] }), () => [email]],
    ["failures", () => ({ groups: ["failed"] }), () => [email]],
    ["failures by reference", () => ({ text: "order-", groups: ["failed"] }), () => [email]],
    ["a template", () => ({ templateId: text.templateId }), () => [text]],
    ["a key", () => ({ apiKeyId: email.apiKeyId }), () => [email, text]],
    ["everything, tests too", () => ({ test: "with" }), () => [tested, email, text]],
    ["tests only, by recipient", () => ({ test: "only", text: "07700900001" }), () => [tested]],
    ["another day", () => ({ before: ago(1) }), () => []],
    ["a span of time", () => ({ from: ago(1), before: ago(-1) }), () => [email, text]],
  ])("by %s finds what fits, newest first", async (_, query, expected) => {
    expect(idsOf(await search(service, query()))).toEqual(expected().map(({ id }) => id));
  });

  it("counts by group, whatever group is listed", async () => {
    const counted = { total: 2, sending: 0, delivered: 1, failed: 1, cancelled: 0, isMore: false };
    expect((await search(service, { groups: ["failed"] })).counts).toEqual(counted);
    expect((await search(service, { text: "order-", groups: ["failed"] })).counts).toEqual(counted);
  });

  it("shows recipient, template, words and key", async () => {
    const [found] = (await search(service, { text: "order-1" })).messages.slice(-1);
    expect(found).toMatchObject({
      recipient: "07700 900001",
      templateName: "A template",
      preview: "Hello",
      apiKeyName: "live",
      status: "delivered",
    });
  });
});

describe("pages of messages", () => {
  it.each(["", "page-"])("for the text %j go to the oldest and back, each message once", async (text) => {
    const service = await world.service();
    const template = await world.template(service);
    for (let count = 0; count < 120; count++)
      await world.notification(service, { template, reference: `page-${count}` });
    const first = await search(service, { text });
    const second = await search(service, { text, page: { direction: "older", id: first.olderThan ?? "" } });
    const third = await search(service, { text, page: { direction: "older", id: second.olderThan ?? "" } });
    expect([first, second, third].map(({ messages }) => messages.length)).toEqual([50, 50, 20]);
    expect(new Set([first, second, third].flatMap(idsOf)).size).toBe(120);
    expect([first.newerThan, third.olderThan]).toEqual([undefined, undefined]);
    const back = await search(service, { text, page: { direction: "newer", id: third.newerThan ?? "" } });
    expect(idsOf(back)).toEqual(idsOf(second));
    const start = await search(service, { text, page: { direction: "newer", id: back.newerThan ?? "" } });
    expect([idsOf(start), start.newerThan]).toEqual([idsOf(first), undefined]);
  });
});

describe("a saved search", () => {
  it("is read by whoever made it, for a week", async () => {
    const service = await world.service();
    const searcher = { service, userId: actor.userId };
    const id = await saveSearch(world.app, searcher, "07700 900123");
    expect(await readSearch(world.app, searcher, id)).toBe("07700 900123");
    expect(await readSearch(world.app, { service, userId: newRandomId() }, id)).toBeUndefined();
    expect(await readSearch(world.app, { service: await world.service(), userId: actor.userId }, id)).toBeUndefined();
    const later = { ...world.app, clock: { now: () => ago(-8 * 24) } };
    expect(await readSearch(later, searcher, id)).toBeUndefined();
  });
});

describe("a message", () => {
  it("shows what happened to it, in order, with the carrier's words", async () => {
    const service = await world.service();
    const template = await world.template(service, { body: "Hello ((name))" });
    const sentAt = new Date(Date.now() + 60_000);
    const { id } = await world.notification(service, {
      ...{ template, personalisation: { name: "Ada" }, status: "delivered", provider: "carrier" },
      ...{ sentAt, updatedAt: new Date(sentAt.getTime() + 5_000), createdAt: ago(0) },
    });
    await insertedEvent(id, { kind: "attempt-unavailable", provider: "carrier", code: "88", reason: "throttled" });
    const about = { subjectId: id, callbackId: undefined, serviceId: service.id, kind: "delivery-receipt" } as const;
    await world.app.db.transaction((tx) =>
      insertCallbackAttempts(tx, [
        { ...about, attempt: 1, outcome: "delivered", httpStatus: 204, problem: undefined, durationMs: 12 },
      ]),
    );
    const message = await readMessage(world.app, service, id);
    expect(message).toMatchObject({ body: "Hello Ada", group: "delivered", isCancellable: false, fragments: 1 });
    expect(message.timeline.map(({ kind }) => kind)).toEqual([
      "accepted",
      "attempt-failed",
      "callback",
      "handed-over",
      "status",
    ]);
    expect(message.timeline[1]).toMatchObject({ code: "88", reason: "throttled", isFinal: false });
    expect(message.keptUntil.getTime()).toBeGreaterThan(ago(-7 * 24).getTime());
  });

  it("hides values once its template does", async () => {
    const service = await world.service();
    const template = await world.template(service, { body: "Code ((code))" });
    const { id } = await world.notification(service, { template, personalisation: { code: "1234" } });
    await world.app.db.transaction((tx) => hidePersonalisation(tx, template.templateId, new Date()));
    expect(await readMessage(world.app, service, id)).toMatchObject({
      body: "Code ((code))",
      isPersonalisationHidden: true,
    });
    expect((await search(service)).messages[0]?.preview).toBe("Code ((code))");
  });

  it("is taken back together with the entry that says so, once, or not at all", async () => {
    const service = await world.service();
    const scheduledFor = new Date(Date.now() + HOUR_MS);
    const { id, lane } = await world.notification(service, { scheduledFor });
    const entries = [{ id, lane, group: service.id, wakeAt: scheduledFor }];
    await world.app.db.transaction((tx) => enqueue(tx, DISPATCH_QUEUES.sms, { entries }));
    const which = { serviceId: service.id, id };
    const nobody = { userId: null as unknown as string, ip: undefined }; // the log takes no entry of nobody's
    await expect(cancelMessage(world.app, nobody, which)).rejects.toThrow();
    expect(await readMessage(world.app, service, id)).toMatchObject({ status: "created", isCancellable: true });
    await Promise.all([1, 2, 3].map(() => cancelMessage(world.app, actor, which)));
    expect((await readMessage(world.app, service, id)).status).toBe("cancelled");
    const entriesMade = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 });
    expect(entriesMade.map(({ action }) => action)).toEqual(["message.cancelled"]);
  });

  it("of another service is not found", async () => {
    const { id } = await world.notification(await world.service());
    const other = await world.service();
    await expect(readMessage(world.app, other, id)).rejects.toMatchObject({ kind: "not-found" });
    await expect(cancelMessage(world.app, actor, { serviceId: other.id, id })).rejects.toMatchObject({
      kind: "not-found",
    });
  });
});

describe("telling again", () => {
  it("queues the callback anew and says who asked", async () => {
    const service = await world.service({ callbacks: { "delivery-receipt": "https://example.org/told" } });
    const { id } = await world.notification(service, { status: "delivered", updatedAt: new Date() });
    const callbackId = service.callbacks[0]?.id;
    const about = { subjectId: id, callbackId, serviceId: service.id, kind: "delivery-receipt" } as const;
    const given = { attempt: 6, outcome: "given-up", httpStatus: 500, problem: undefined, durationMs: 9 } as const;
    await world.app.db.transaction((tx) => insertCallbackAttempts(tx, [{ ...about, ...given }]));
    const [line] = await listCallbackAttempts(world.app.db, { serviceId: service.id, onlyFailed: true, limit: 10 });
    await replayAttempt(world.app, actor, { service, attemptId: line?.id ?? "" });
    const jobs = await world.app.db.query<{ payload: object }>`
      select j.payload from jobs j where j.queue = 'callback' and j.payload->>'subjectId' = ${id}`;
    expect(jobs).toMatchObject([{ payload: { kind: "delivery-receipt", status: "delivered", made: 0 } }]);
  });

  it("is refused while there is nothing to tell, or nobody to tell", async () => {
    const told = (service: WorldService, subjectId: string) =>
      replayCallback(world.app, actor, { serviceId: service.id, kind: "delivery-receipt", subjectId });
    const listening = await world.service({ callbacks: { "delivery-receipt": "https://example.org/told" } });
    const underWay = await world.notification(listening, { status: "sending" });
    await expect(told(listening, underWay.id)).rejects.toThrow("still on its way");
    const deaf = await world.service();
    const done = await world.notification(deaf, { status: "delivered" });
    await expect(told(deaf, done.id)).rejects.toThrow("Set up a callback");
  });
});

async function insertedEvent(notificationId: string, event: object): Promise<void> {
  await world.app.db.transaction((tx) =>
    insertEvents(tx, [{ notificationId, kind: "receipt", ...event } as Parameters<typeof insertEvents>[1][number]]),
  );
}
