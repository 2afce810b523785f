/** Messages above a number or a cost within an hour, which wait until two people have released them. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { approveRelease, askForRelease, rejectHeld, tendHeld } from "../../src/flow/held/release.ts";
import { tellOfHeld } from "../../src/flow/held/tell-of-held.ts";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { setRelease } from "../../src/flow/services/guards.ts";
import { newId, newRandomId } from "../../src/platform/ids.ts";
import { countAndHold, listHeldGroups } from "../../src/records/held/held-message-store.ts";
import { createServices } from "../../src/records/services/service-cache.ts";
import { type Person, startAdmin, type TestAdmin } from "../support/admin.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { makeCarrier, startWorkings, type Workings } from "../support/workings.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 50 };
const HOUR_MS = 3_600_000;
const actor = { userId: newRandomId(), ip: "192.0.2.1" };

let world: World;
let api: TestApi;
/** Of another process. */
let other: TestApi;
let admin: TestAdmin;
let carrier: Awaited<ReturnType<typeof makeCarrier>>;
let workings: Workings;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  other = await startApi({ ...world.app, services: createServices(world.app.db, world.app.keys) });
  admin = await startAdmin(world.app);
  carrier = await makeCarrier(world.app);
  workings = await startWorkings(world.app);
});
afterAll(async () => {
  await workings.stop();
  await carrier.stop();
  await admin.close();
  await other.close();
  await api.close();
  await world.close();
});

interface Place {
  service: WorldService;
  templateId: string;
  send(change?: object, kind?: "live" | "test", by?: TestApi): Promise<string>;
  people: Person[];
  heldIds(): Promise<string[]>;
}

async function place(limit: { above?: number; abovePounds?: number }): Promise<Place> {
  const service = await world.service({ prefixesTexts: false });
  const value = { above: 0, abovePounds: 0, withinHours: 24, ...limit };
  await setRelease(world.app, actor, { serviceId: service.id, value });
  const { templateId } = await world.template(service, { name: "Newsletter", body: "((words))" });
  const people = [];
  for (let i = 0; i < 2; i += 1) people.push(await admin.person({ in: service, permissions: ["manage_service"] }));
  return {
    ...{ service, templateId, people },
    send: async (change = {}, kind = "live", by = api) => {
      const body = {
        phone_number: "07700 900123",
        template_id: templateId,
        personalisation: { words: "hello" },
        ...change,
      };
      const { status, json } = await by.post("/v2/notifications/sms", body, { as: service, with: kind });
      expect(status).toBe(201);
      return json.id;
    },
    heldIds: async () => {
      const rows = await world.app.db.query<{ id: string }>`
        select h.notification_id as id from held_messages h where h.service_id = ${service.id} order by 1`;
      return rows.map(({ id }) => id);
    },
  };
}

const becomes = (id: string, status: string) =>
  vi.waitFor(async () => expect((await world.latest({ id })).status).toBe(status), WAIT);
const many = (count: number, send: () => Promise<string>) => Promise.all(Array.from({ length: count }, send));
const who = (person: Person | undefined) => ({ userId: person?.userId ?? "", ip: undefined });

describe("messages above a limit", () => {
  it("are held, exactly, however many come at once, and the rest go", async () => {
    const { send, heldIds } = await place({ above: 5 });
    const ids = await many(12, () => send());
    const held = await heldIds();
    expect(held).toHaveLength(7);
    for (const id of ids.filter((one) => !held.includes(one))) await becomes(id, "delivered");
    for (const id of held) expect((await world.latest({ id })).status).toBe("created");
  });

  it("are held exactly by two processes at once", async () => {
    const { send, heldIds } = await place({ above: 5 });
    const ids = await Promise.all(Array.from({ length: 12 }, (_, at) => send({}, "live", at % 2 === 0 ? api : other)));
    expect(await heldIds()).toHaveLength(ids.length - 5);
  });

  it("are held exactly by two of which each counts in another minute", async () => {
    const { service, templateId, heldIds } = await place({});
    const { db } = world.app;
    const count = (minute: number) => ({
      ...{ notificationId: newId(), serviceId: service.id, templateId, channel: "sms" as const, minute, cost: "0" },
      ...{ above: 1, abovePounds: 0, heldFor: undefined, ruleName: undefined, sentBy: undefined, eventId: newId() },
      ...{ scheduledFor: undefined, expiresAt: new Date() },
    });
    const late: Promise<void>[] = [];
    await db.transaction(async (tx) => {
      await countAndHold(tx, [count(100)]);
      late.push(db.transaction((other) => countAndHold(other, [count(101)])));
      const waiting = () => db.query`
        select 1 from pg_stat_activity a where a.datname = current_database() and a.wait_event_type = 'Lock'`;
      await vi.waitUntil(async () => (await waiting()).length > 0, WAIT);
    });
    await Promise.all(late);
    expect(await heldIds()).toHaveLength(1);
  });

  it("are counted by template and hour, without what is urgent and what test keys send", async () => {
    const { send, heldIds, service, templateId } = await place({ above: 1 });
    await send({ priority: "high" });
    await send({}, "test");
    await send();
    await send({ priority: "high" });
    expect(await heldIds()).toEqual([]);
    const id = await send();
    expect(await heldIds()).toEqual([id]);
    const other = await world.template(service, { body: "another" });
    await send({ template_id: other.templateId, personalisation: {} });
    expect(await heldIds()).toHaveLength(1);
    const countedBefore = (minutes: number) => world.app.db.query`
      update release_tallies set minutes = array(select m - ${minutes}::integer from unnest(minutes) as m) where template_id = ${templateId}`;
    await countedBefore(57);
    await send();
    expect(await heldIds()).toHaveLength(2);
    await countedBefore(62);
    await send();
    expect(await heldIds()).toHaveLength(2);
  });

  it("say so, and neither a time nor that they can be undone, where they were also to wait for that", async () => {
    const { send, service } = await place({ above: 1 });
    await send();
    const id = await send({ undo_seconds: 300 });
    const person = await admin.person({ in: service, permissions: ["view_activity", "send_messages"] });
    const page = (await person.get(`/services/${service.id}/messages/${id}`)).text;
    expect(page).toContain("Waiting for approval");
    expect(page).not.toMatch(/It goes at|>\s*Undo\s*</);
    expect((await person.get(`/services/${service.id}`)).text).not.toContain("Scheduled");
  });

  it("can be so for what they cost", async () => {
    const { send, heldIds } = await place({ abovePounds: 1 });
    const words = "a".repeat(900); // six fragments
    for (let i = 0; i < 12; i += 1) await send({ personalisation: { words } });
    const held = await heldIds();
    expect(held.length).toBeGreaterThan(0);
    expect(held.length).toBeLessThan(12);
  });

  it("say so on their page, and can be cancelled by themselves", async () => {
    const { send, service } = await place({ above: 1 });
    await send();
    const id = await send();
    const message = await readMessage(world.app, service, id);
    expect(message).toMatchObject({ status: "created", isCancellable: true, isHeld: true });
    expect(message.timeline.map(({ kind }) => kind)).toEqual(["accepted", "held-for-release"]);
    const person = await admin.person({ in: service, permissions: ["view_activity", "send_messages"] });
    const url = `/services/${service.id}/messages`;
    expect((await person.get(url)).text).toContain("Waiting for approval");
    expect((await person.get(`${url}/${id}`)).text).toMatch(
      /Waiting for approval[\s\S]*<\/time>\. It goes when two people[\s\S]*more of this template/,
    );
    const cancelled = await api.post(`/v2/notifications/${id}/cancellation`, {}, { as: service });
    expect(cancelled.json.status).toBe("cancelled");
    expect(await listHeldGroups(world.app.db, { serviceId: service.id, limit: 9 })).toEqual([]);
  });
});

describe("two people", () => {
  it("release what is held on its page: one asks, another agrees", async () => {
    const { send, heldIds, service, templateId, people } = await place({ above: 1 });
    const [ada, bo] = people as [Person, Person];
    await send();
    const id = await send();
    const url = `/services/${service.id}/held`;
    expect((await ada.get(url)).text).toMatch(/Newsletter: 1 message/);
    await ada.post(`${url}/${templateId}/request`, {});
    const asked = (await ada.get(url)).text;
    expect(asked).toMatch(/by Amala Person, \d+ \w+ \d{4} at/);
    expect(asked).toContain("somebody else has to agree");
    const upTo = /name="upTo" value="([^"]+)"/.exec((await bo.get(url)).text)?.[1] ?? "";
    expect(upTo).toBe(id);
    const own = await ada.post(`${url}/${templateId}/approval`, { upTo });
    expect([own.status, own.text.includes("you have asked")]).toEqual([400, true]);
    const later = await send();
    expect((await bo.post(`${url}/${templateId}/approval`, { upTo })).location).toBe(url);
    await becomes(id, "delivered");
    expect(await heldIds()).toEqual([later]); // it was not there when Bo looked
    const { timeline } = await readMessage(world.app, service, id);
    expect(timeline.map(({ kind }) => kind)).toContain("released");
    expect((await bo.get(url)).text).toContain("by nobody yet");
    expect((await ada.get(`/services/${service.id}/audit`)).text).toMatch(/elease/);
  });

  it("agree once, also when two of them do at the same time; and nobody for what they have sent", async () => {
    const { send, heldIds, service, templateId, people } = await place({ above: 1 });
    const third = await admin.person({ in: service, permissions: ["manage_service"] });
    await send();
    const id = await send();
    const template = { serviceId: service.id, templateId };
    await askForRelease(world.app, who(people[0]), template);
    await expect(askForRelease(world.app, who(people[1]), template)).rejects.toThrow("asked for this already");
    await world.app.db
      .query`update held_messages set sent_by = ${people[1]?.userId ?? ""} where notification_id = ${id}`;
    await expect(approveRelease(world.app, who(people[1]), { ...template, upTo: id })).rejects.toThrow(
      "you have sent some",
    );
    const fourth = await admin.person({ in: service, permissions: ["manage_service"] });
    const agreed = await Promise.allSettled(
      [third, fourth].map((person) => approveRelease(world.app, who(person), { ...template, upTo: id })),
    );
    expect(agreed.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await becomes(id, "delivered");
    expect(await heldIds()).toEqual([]);
    const events = await world.app.db
      .query`select e.id from notification_events e where e.notification_id = ${id} and e.kind = 'released'`;
    expect(events).toHaveLength(1);
  });

  it("are not needed to take back what is held", async () => {
    const { send, heldIds, service, templateId, people } = await place({ above: 1 });
    await send();
    const id = await send();
    const url = `/services/${service.id}/held`;
    await people[0]?.post(`${url}/${templateId}/rejection`, { upTo: id });
    expect([(await world.latest({ id })).status, await heldIds()]).toEqual(["cancelled", []]);
    const jobs = await world.app.db.query`select j.id from jobs j where j.id = ${id} and j.queue = 'dispatch-sms'`;
    expect(jobs).toEqual([]);
    const template = { serviceId: service.id, templateId, upTo: id };
    await expect(approveRelease(world.app, who(people[1]), template)).rejects.toThrow("Nobody has asked");
    await rejectHeld(world.app, who(people[1]), template); // there is nothing left to take back
  });

  it("are told by email, and what they do not release in time is given up", async () => {
    const { send, service, templateId, people } = await place({ above: 1 });
    await send();
    const id = await send();
    expect((await tellOfHeld(world.app)).told).toBeGreaterThanOrEqual(2);
    await askForRelease(world.app, who(people[0]), { serviceId: service.id, templateId });
    world.clock.advance(25 * HOUR_MS);
    await tendHeld(world.app);
    expect((await world.latest({ id })).status).toBe("temporary-failure");
    const asked = await world.app.db
      .query`select r.asked_by from release_requests r where r.service_id = ${service.id}`;
    expect(asked).toEqual([]);
  });
});

describe("the setting", () => {
  it("is made on its page", async () => {
    const { service, people } = await place({});
    const url = `/services/${service.id}/settings/release`;
    const refused = await people[0]?.post(url, { above: "x", abovePounds: "0", withinHours: "24" });
    expect([refused?.status, refused?.text.includes("from 0 to 1000000")]).toEqual([400, true]);
    await people[0]?.post(url, { above: "500", abovePounds: "20", withinHours: "48" });
    expect((await world.reload(service)).release).toEqual({ above: 500, abovePounds: 20, withinHours: 48 });
    expect((await people[0]?.get(`/services/${service.id}/settings`))?.text).toContain(
      "Above 500 messages of one template",
    );
  });
});
