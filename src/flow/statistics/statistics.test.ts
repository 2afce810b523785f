import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import { enqueue } from "../../platform/queue.ts";
import { listProviderDays } from "../../records/statistics/provider-volume-store.ts";
import { DISPATCH_QUEUES } from "../jobs.ts";
import { countHours } from "./count-hours.ts";
import { listScheduled } from "./list-scheduled.ts";
import { type Dashboard, lastDays, readCounts, readDashboard } from "./read-dashboard.ts";
import { readUsage } from "./read-usage.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Noon in London, in a summer that has all its rates. */
const NOW = new Date("2026-06-15T11:00:00Z");

let world: World;
let now = NOW;
beforeAll(async () => {
  world = await createWorld({ clock: { now: () => now } });
});
afterAll(() => world.close());

const before = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);
const read = (service: WorldService, days: number): Promise<Dashboard> =>
  readDashboard(world.app, service.id, { days: lastDays(world.app, days), failingShare: 0.03 });

async function sent(service: WorldService, hoursAgo: number, status: string, wish: object = {}): Promise<string> {
  const { id } = await world.notification(service, { createdAt: before(hoursAgo), status, ...wish });
  await world.app.db.query`update notifications set attempts = 1 where id = ${id}`;
  return id;
}

describe("a service's numbers", () => {
  let service: WorldService;
  let failing: { templateId: string };
  beforeAll(async () => {
    now = NOW;
    service = await world.service();
    const template = await world.template(service, { body: "Hello" });
    failing = await world.template(service, { body: "Hello" });
    for (let count = 0; count < 3; count++) await sent(service, 0, "delivered", { template });
    for (let count = 0; count < 9; count++) await sent(service, 5, "delivered", { template: failing });
    for (let count = 0; count < 3; count++) {
      const id = await sent(service, 5, "permanent-failure", { template: failing });
      await world.app.db.query`update notifications set reported_code = '001 nobody there' where id = ${id}`;
    }
    await sent(service, 40, "sending", { template });
    await sent(service, 24 * 5, "delivered", { channel: "email" });
    await sent(service, 1, "delivered", { template, keyKind: "test" });
    await sent(await world.service(), 5, "delivered");
  });

  async function expectTheNumbers(): Promise<void> {
    const week = await read(service, 7);
    expect(week.byChannel).toEqual({
      sms: { sending: 1, delivered: 12, failed: 3, cancelled: 0 },
      email: { sending: 0, delivered: 1, failed: 0, cancelled: 0 },
      letter: { sending: 0, delivered: 0, failed: 0, cancelled: 0 },
      chat: { sending: 0, delivered: 0, failed: 0, cancelled: 0 },
    });
    expect(week.failingTemplates).toMatchObject([{ templateId: failing.templateId, failureShare: 0.25, total: 12 }]);
    expect(week.byReason).toEqual([{ channel: "sms", status: "permanent-failure", code: "001", messages: 3 }]);
    expect(week.trendBy).toBe("day");
    expect(week.trend.map(({ counts }) => counts.delivered)).toEqual([0, 1, 0, 0, 0, 0, 12]);
    const today = await read(service, 1);
    expect(today.trendBy).toBe("hour");
    expect(today.trend.map(({ counts }) => counts.delivered)).toEqual([...zeros(7), 9, ...zeros(4)]);
    expect(today.byChannel.sms.delivered).toBe(12);
    expect(await readCounts(world.app, service.id, lastDays(world.app, 7))).toEqual(week.byChannel);
  }

  const zeros = (count: number) => Array.from({ length: count }, () => 0);

  it("are right while nothing has been counted", expectTheNumbers);

  it("stay the same once hours are counted", async () => {
    while ((await countHours(world.app)).counted > 0);
    const [{ hours } = { hours: 0 }] = await world.app.db.query<{ hours: number }>`
      select count(*)::integer as hours from counted_hours`;
    expect(hours).toBeGreaterThan(100);
    await expectTheNumbers();
  });

  it("follow what changes in an hour that was counted", async () => {
    await world.app.db.query`
      update notifications set status = 'delivered' where service_id = ${service.id} and status = 'sending'`;
    now = new Date(NOW.getTime() + 41 * HOUR_MS);
    while ((await countHours(world.app)).counted > 0);
    expect((await read(service, 7)).byChannel.sms).toMatchObject({ sending: 0, delivered: 13 });
  });

  it("outlive the messages, and are kept by day when they are old", async () => {
    await world.app.db.query`delete from notifications where service_id = ${service.id}`;
    now = new Date(NOW.getTime() + 20 * DAY_MS);
    for (let left = 1; left > 0; ) {
      const { counted, folded } = await countHours(world.app);
      left = counted + folded;
    }
    const month = await read(service, 30);
    expect(month.byChannel.sms).toMatchObject({ delivered: 13, failed: 3 });
    const [{ rows } = { rows: 1 }] = await world.app.db.query<{ rows: number }>`
      select count(*)::integer as rows from hourly_statistics where service_id = ${service.id}`;
    expect(rows).toBe(0);
  });
});

describe("texts by provider", () => {
  let providers: World;
  const unpriced = (texts: number) => {
    const counts = { messages: texts, fragments: texts, unpricedFragments: texts };
    const repeated = { repeatedMessages: 0, repeatedCost: "0" };
    return { rateMultiplier: 1, currency: "", charged: "0", cost: "0", ...counts, ...repeated };
  };
  const volumes = () => listProviderDays(providers.app.db, { first: "2026-06-14", last: "2026-06-15" });
  beforeAll(async () => {
    now = NOW;
    providers = await createWorld({ clock: { now: () => now } });
    const service = await providers.service();
    const text = async (provider: string, status: string, wish: object = {}) => {
      const { id } = await providers.notification(service, { createdAt: before(5), status, ...wish });
      await providers.app.db.query`update notifications set attempts = 1, provider = ${provider} where id = ${id}`;
    };
    for (let count = 0; count < 3; count++) await text("northline", "delivered");
    await text("eastline", "permanent-failure");
    await text("eastline", "technical-failure");
    await text("northline", "delivered", { keyKind: "test" });
    await text("mailer", "delivered", { channel: "email" });
  });
  afterAll(() => providers.close());

  it("are what each was asked to carry, without our own failures", async () => {
    while ((await countHours(providers.app)).counted > 0);
    expect(await volumes()).toEqual([
      { day: "2026-06-15", provider: "eastline", ...unpriced(1) },
      { day: "2026-06-15", provider: "northline", ...unpriced(3) },
    ]);
  });

  it("follow a text that another provider took in the end, and outlive the messages", async () => {
    const { db } = providers.app;
    await db.query`update notifications set provider = 'westline' where provider = 'eastline' and status = 'permanent-failure'`;
    await db.query`update counted_hours set has_unfinished = true`;
    now = new Date(NOW.getTime() + 20 * HOUR_MS);
    while ((await countHours(providers.app)).counted > 0);
    const expected = [
      { day: "2026-06-15", provider: "northline", ...unpriced(3) },
      { day: "2026-06-15", provider: "westline", ...unpriced(1) },
    ];
    expect(await volumes()).toEqual(expected);
    await db.query`delete from notifications where provider = 'northline'`;
    await db.query`update counted_hours set has_unfinished = true`;
    now = new Date(NOW.getTime() + 60 * HOUR_MS);
    while ((await countHours(providers.app)).counted > 0);
    expect(await volumes()).toEqual(expected);
  });
});

describe("usage of a financial year", () => {
  let countedWorld: World;
  beforeAll(async () => {
    countedWorld = world;
    world = await createWorld({ clock: { now: () => now } });
  });
  afterAll(async () => {
    await world.close();
    world = countedWorld;
  });

  it("adds up fragments by rate and month, and charges nothing for our own failures", async () => {
    now = new Date("2026-06-15T11:00:00Z");
    const service = await world.service();
    const template = await world.template(service, { body: "a".repeat(200) });
    await sent(service, 2, "delivered", { template });
    await sent(service, 24 * 20, "delivered", { template });
    await sent(service, 3, "delivered", { template, to: "+33 6 12 34 56 78" });
    await sent(service, 3, "technical-failure", { template });
    await sent(service, 3, "delivered", { template, keyKind: "test" });
    await sent(service, 3, "delivered", { channel: "email" });
    const usage = await readUsage(world.app, service.id, 2026);
    expect(usage).toMatchObject({ emails: 1, texts: 4, fragments: 6, cost: "0.192" });
    const [april, may, june] = usage.months;
    expect([april?.texts, may?.texts, june?.texts]).toEqual([0, 1, 3]);
    expect(june?.rates).toEqual([
      { rate: "0.024", multiplier: 1, fragments: 2, cost: "0.048" },
      { rate: "0.048", multiplier: 2, fragments: 2, cost: "0.096" },
    ]);
    expect(usage.months).toHaveLength(12);
    expect((await readUsage(world.app, service.id, 2027)).texts).toBe(0);
  });

  it("is the same by country when asked for, in counted hours, and in their days, each text once", async () => {
    now = new Date("2026-06-15T11:00:00Z");
    const service = await world.service();
    const template = await world.template(service, { body: "Hello" });
    for (const to of ["07700 900123", "07700 900124", "+33 6 12 34 56 78", "+33 6 12 34 56 79"])
      await sent(service, 3, "delivered", { template, to });
    await sent(service, 3, "delivered", { channel: "email" });
    const byCountry = async () => {
      const used = (await readUsage(world.app, service.id, 2026)).byCountry;
      return used.map(({ countryPrefix, texts, cost }) => [countryPrefix, texts, cost]);
    };
    const expected = [
      ["33", 2, "0.096"],
      ["44", 2, "0.048"],
    ];
    expect(await byCountry()).toEqual(expected);
    while ((await countHours(world.app)).counted > 0);
    expect(await byCountry()).toEqual(expected);
    now = new Date(now.getTime() + 20 * DAY_MS);
    for (let left = 1; left > 0; ) {
      const { counted, folded } = await countHours(world.app);
      left = counted + folded;
    }
    expect(await byCountry()).toEqual(expected);
  });
});

describe("what a service will send later", () => {
  it("is listed in order, without what was taken back, what test keys sent, and what others will send", async () => {
    now = NOW;
    const service = await world.service();
    const template = await world.template(service, { body: "Hello" });
    const later = async (hours: number, wish: object = {}, of = service) => {
      const scheduledFor = new Date(NOW.getTime() + hours * HOUR_MS);
      const { id } = await world.notification(of, { template, scheduledFor, createdAt: NOW, ...wish });
      await world.app.db.transaction((tx) =>
        enqueue(tx, DISPATCH_QUEUES.sms, { entries: [{ id, lane: 1, group: of.id, wakeAt: scheduledFor }] }),
      );
      return id;
    };
    const second = await later(2);
    const first = await later(1);
    await later(3, { status: "cancelled" });
    await later(3, { keyKind: "test" });
    const other = await world.service();
    await later(3, { template: await world.template(other) }, other);
    expect((await listScheduled(world.app, service.id)).map(({ id }) => id)).toEqual([first, second]);
    now = new Date(NOW.getTime() + 1.5 * HOUR_MS);
    expect((await listScheduled(world.app, service.id)).map(({ id }) => id)).toEqual([second]);
  });
});

describe("days", () => {
  it("are those of London", () => {
    expect(dayOf(new Date("2026-06-01T23:30:00Z"))).toBe("2026-06-02");
  });
});
