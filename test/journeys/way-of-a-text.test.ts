/** A text's way: accepted, handed to a carrier over SMPP, reported on, and its status told right — also when the carrier misbehaves. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { newId } from "../../src/platform/ids.ts";
import type { CarrierFaults } from "../../src/sandbox/carrier/faults.ts";
import { type CarrierWish, makeCarrier, startWorkings, untilWritten } from "../support/workings.ts";
import { createWorld, type World } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function setUp(faults: Partial<CarrierFaults> = {}, others: readonly CarrierWish[] = []) {
  const world = await createWorld();
  closers.push(world.close);
  const [carrier, ...otherCarriers] = [await makeCarrier(world.app, { faults }), ...(await makeAll(world, others))];
  closers.push(async () => {
    await Promise.all([carrier, ...otherCarriers].map((each) => each.stop()));
  });
  const workings = await startWorkings(world.app);
  closers.push(workings.stop);
  const service = await world.service({ name: "Library", permissions: ["sms", "international_sms"] });
  const template = await world.template(service, { body: "Hello ((name))" });
  return { world, carrier, otherCarriers, workings, service, template };
}

async function makeAll(world: World, wishes: readonly CarrierWish[]) {
  const carriers = [];
  for (const wish of wishes) carriers.push(await makeCarrier(world.app, wish));
  return carriers;
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

async function sendMany({ workings, service, template }: SetUp, count: number): Promise<string[]> {
  const sends = Array.from({ length: count }, (_, i) =>
    workings.send({ service, template, to: "07700 900123", personalisation: { name: `number ${i}` } }),
  );
  return (await Promise.all(sends)).map(({ id }) => id);
}

async function statusesOf(world: World, ids: readonly string[]): Promise<Record<string, number>> {
  const rows = await world.app.db.query<{ status: string; count: number }>`
    select n.status, count(*) from notifications n where n.id = any(${ids}::uuid[]) group by n.status`;
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Which way it went, and why. */
const noteOf = async ({ world }: SetUp, id: string) => (await world.latest({ id })).routeNote;

const allDelivered = (world: World, ids: readonly string[]) =>
  vi.waitFor(async () => expect(await statusesOf(world, ids)).toEqual({ delivered: ids.length }), WAIT);

describe("the way of a text", () => {
  it("goes to the carrier with the service's name in front, and is delivered", async () => {
    const set = await setUp();
    const [id = ""] = await sendMany(set, 1);
    await allDelivered(set.world, [id]);
    await untilWritten(set.carrier, 1);
    expect(set.carrier.texts).toEqual(["Library: Hello number 0"]);
    const notification = await set.world.latest({ id });
    expect(notification).toMatchObject({ provider: "acme", attempts: 1, mayBeRepeated: false });
    expect(notification.sentAt).toBeInstanceOf(Date);
  });

  it("leaves nothing behind in the queue or among awaited receipts", async () => {
    const set = await setUp();
    const ids = await sendMany(set, 300);
    await allDelivered(set.world, ids);
    await vi.waitFor(async () => {
      const [left] = await set.world.app.db.query<{ jobs: number; awaited: number }>`
        select (select count(*) from jobs where queue like 'dispatch%') as jobs, (select count(*) from awaited_receipts) as awaited`;
      expect(left).toEqual({ jobs: 0, awaited: 0 });
    }, WAIT);
    expect(set.carrier.counts().submits).toBe(300);
  });

  it("goes out in parts and is delivered when all parts are", async () => {
    const { world, workings, service, carrier } = await setUp();
    const template = await world.template(service, { body: "x".repeat(700) });
    const { id } = await workings.send({ service, template, to: "07700900123" });
    await allDelivered(world, [id]);
    expect(carrier.counts().submits).toBe(5);
    expect((await world.latest({ id })).fragments).toBe(5);
  });

  it.each([
    ["07700900003", "temporary-failure"],
    ["07700900002", "permanent-failure"],
  ])("to the sandbox's number %s ends as %s", async (to, status) => {
    const { world, workings, service, template } = await setUp();
    const { id } = await workings.send({ service, template, to, personalisation: { name: "you" } });
    await vi.waitFor(async () => expect((await world.latest({ id })).status).toBe(status), WAIT);
  });

  it("abroad is sent, and stays so where networks do not report", async () => {
    const { world, workings, service, template } = await setUp();
    const { id } = await workings.send({ service, template, to: "+1 202 555 0123", personalisation: { name: "you" } });
    await vi.waitFor(async () => expect((await world.latest({ id })).status).toBe("sent"), WAIT);
  });

  it.each<[string, Partial<CarrierFaults>]>([
    ["reports before it answers", { receiptBeforeAnswer: true }],
    ["reports everything twice", { duplicateReceipts: true }],
    ["reports in another order", { reorderReceipts: 7 }],
    ["reports late", { receiptDelayMs: 300 }],
    ["takes no more than forty a second", { maxPerSecond: 40 }],
  ])("is delivered by a carrier that %s", async (_, faults) => {
    const set = await setUp(faults);
    const ids = await sendMany(set, faults.reorderReceipts ? 70 : 60);
    await allDelivered(set.world, ids);
  });

  it("is never sent after its time", async () => {
    const { world, workings, service, template, carrier } = await setUp({ refuseBinds: true });
    const { id } = await workings.send({
      service,
      template,
      to: "07700900123",
      personalisation: { name: "you" },
      validForSeconds: 1,
    });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    carrier.setFaults({ refuseBinds: false });
    await vi.waitFor(async () => expect((await world.latest({ id })).status).toBe("temporary-failure"), WAIT);
    expect(carrier.texts).toEqual([]);
  });

  it("waits for its scheduled time", async () => {
    const { world, workings, service, template } = await setUp();
    const scheduledFor = new Date(Date.now() + 700);
    const { id } = await workings.send({
      service,
      template,
      to: "07700900123",
      personalisation: { name: "you" },
      scheduledFor,
    });
    await allDelivered(world, [id]);
    const { sentAt } = await world.latest({ id });
    expect(sentAt?.getTime()).toBeGreaterThanOrEqual(scheduledFor.getTime());
  });

  it("survives a cut link: all arrive, and those that may have gone twice are marked", async () => {
    const set = await setUp({ dropAfter: 40 });
    const ids = await sendMany(set, 100);
    await vi.waitFor(async () => expect(set.carrier.counts().submits).toBeGreaterThanOrEqual(40), WAIT);
    set.carrier.setFaults({ dropAfter: 0 });
    await allDelivered(set.world, ids);
    const [marked] = await set.world.app.db.query<{
      count: number;
    }>`select count(*) from notifications where may_be_repeated`;
    expect(set.carrier.counts().submits - ids.length).toBeLessThanOrEqual(marked?.count ?? 0);
  });

  it("goes out, and is shown, as it was accepted, whatever the service is called by then", async () => {
    const { world, workings, service, template, carrier } = await setUp();
    const scheduledFor = new Date(Date.now() + 700);
    const wish = { service, template, to: "07700900123", personalisation: { name: "you" }, scheduledFor };
    const { id } = await workings.send(wish);
    await world.app.db.query`update services set name = 'Museum', prefixes_texts = false where id = ${service.id}`;
    const after = await world.reload(service);
    await allDelivered(world, [id]);
    await untilWritten(carrier, 1);
    expect(carrier.texts).toEqual(["Library: Hello you"]);
    expect((await readMessage(world.app, after, id)).style).toMatchObject({ name: "Library", prefixesTexts: true });
  });

  it("goes by the route that is first for its country, and by the next while that one is away, and says why", async () => {
    const set = await setUp({}, [{ name: "for-france", weight: 0 }]);
    const { world, workings, service, template, carrier, otherCarriers } = set;
    const send = async (to: string, count: number) => {
      const wishes = Array.from({ length: count }, () => ({ service, template, to, personalisation: { name: "you" } }));
      return (await Promise.all(wishes.map((wish) => workings.send(wish)))).map(({ id }) => id);
    };
    const counts = () => [carrier.counts().submits, otherCarriers[0]?.counts().submits];
    await world.app.db.query`
      insert into routes (id, name, channel, provider_id, key_kinds, weight, country_prefixes, position)
      select ${newId()}, 'france', 'sms', p.id, '{live}', 100, '{33}', 1 from providers p where p.name = 'for-france'`;
    await vi.waitFor(async () => {
      await allDelivered(world, await send("+33 6 12 34 56 78", 1));
      expect(counts()[1]).toBeGreaterThan(0); // dispatch has heard of the route
    }, WAIT);
    const [before = 0] = counts();
    await allDelivered(world, await send("+33 6 12 34 56 78", 20));
    expect(counts()[0]).toBe(before);
    const [, abroad] = counts();
    await allDelivered(world, await send("07700 900123", 5));
    expect(counts()).toEqual([before + 5, abroad]);
    await otherCarriers[0]?.stop();
    const afterwards = await send("+33 6 12 34 56 78", 5);
    await allDelivered(world, afterwards);
    expect(counts()[0]).toBe(before + 10);
    const notes = await Promise.all(afterwards.map((id) => noteOf(set, id)));
    expect(new Set(notes)).toEqual(new Set(["acme order -france:away"]));
  });

  it("takes the other carrier when one has failed it", async () => {
    const set = await setUp({}, [{ name: "silent", faults: { dropAfter: 1 } }]);
    const ids = await sendMany(set, 50);
    await allDelivered(set.world, ids);
    expect(set.otherCarriers[0]?.counts().submits).toBeGreaterThan(0);
  });
});
