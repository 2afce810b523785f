import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { createWorld, type NotificationWish, type World, type WorldService } from "../../../test/support/world.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import type { Outcome } from "../../providers/provider.ts";
import { getOutgoing } from "../../records/notifications/notification-store.ts";
import { createRecorder } from "../dispatch/recorder.ts";
import { createReceipts } from "../receipt/receipts.ts";
import { createQualityBook } from "./quality-book.ts";
import { foldOldQuality, qualityDays, readQuality } from "./read-quality.ts";

const DAY_MS = 86_400_000;

let world: World;
let api: TestApi;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
});
afterAll(async () => {
  await api.close();
  await world.close();
});

/** Handed over to a carrier, as the dispatcher does. */
async function handOver(service: WorldService, wish: NotificationWish = {}): Promise<string> {
  const { id } = await world.notification(service, wish);
  const [notification] = await getOutgoing(world.app.db, [id]);
  if (!notification) throw new Error("it is gone");
  const outcome: Outcome = { kind: "accepted", references: [`carrier-${id}`] };
  const ending = { kind: "outcome" as const, provider: "fen", routeNote: "fen", outcome };
  await createRecorder(world.app).record({ notification, isRepeated: false, ending });
  return id;
}

async function report(
  id: string,
  status: "delivered" | "permanent-failure" | "temporary-failure" | "pending",
  network?: string,
) {
  const receipts = createReceipts(world.app, undefined);
  await receipts.take({
    provider: "fen",
    receipt: { reference: `carrier-${id}`, status, ...(network ? { network } : {}) },
  });
}

async function read(service: WorldService, by: "country" | "network" | "provider" | "sender" | "template" = "country") {
  await world.app.quality.flush();
  return readQuality(world.app, { serviceId: service.id, days: qualityDays(world.app, {}), by });
}

describe("the quality of delivery", () => {
  it("is counted when messages are handed over and when they end, once each, without those of test keys", async () => {
    const service = await world.service({ textSender: "Northwold", permissions: ["sms", "international_sms"] });
    const ids = [await handOver(service), await handOver(service), await handOver(service), await handOver(service)];
    const abroad = await handOver(service, { to: "+33612345678" });
    await handOver(service, { keyKind: "test" });
    await report(ids[0] ?? "", "pending");
    await report(ids[0] ?? "", "delivered");
    await report(ids[0] ?? "", "delivered");
    await report(ids[1] ?? "", "permanent-failure");
    await report(ids[2] ?? "", "temporary-failure");
    await report(abroad, "delivered");
    const { rows, total } = await read(service);
    expect(rows.map(({ key, sent, ended, delivered }) => [key, sent, ended, delivered])).toEqual([
      ["44", 4, 3, 1],
      ["33", 1, 1, 1],
    ]);
    expect(rows[0]).toMatchObject({ deliverableShare: 2 / 3, deliveredShare: 0.5 });
    expect(total).toMatchObject({ sent: 5, ended: 4, deliverableShare: 0.75 });
    expect((await read(service, "provider")).rows).toMatchObject([{ key: "fen", sent: 5 }]);
    expect((await read(service, "sender")).rows).toMatchObject([{ key: "Northwold", sent: 5 }]);
    const { json, status } = await api.get("/v2/quality?by=provider", { as: service });
    expect([status, json.rows[0].provider, json.total.deliverable_share]).toEqual([200, "fen", 0.75]);
    expect(json.total.seconds_to_deliver.p95).toBeLessThan(30);
  });

  it("is told by network, as far as look-ups or receipts named it", async () => {
    const service = await world.service();
    const [lookedUp, reported, pending, unknown] = [
      await handOver(service, { network: "23410" }),
      await handOver(service),
      await handOver(service),
      await handOver(service),
    ];
    await report(lookedUp, "delivered", "23499");
    await report(reported, "permanent-failure", "23415");
    await report(pending, "pending", "23415");
    await report(pending, "delivered");
    await report(unknown, "delivered");
    const { rows } = await read(service, "network");
    expect(new Map(rows.map(({ key, sent, ended, delivered }) => [key, [sent, ended, delivered]]))).toEqual(
      new Map([
        ["44 23415", [2, 2, 1]],
        ["44 23410", [1, 1, 1]],
        ["44 ", [1, 1, 1]],
      ]),
    );
    const { json } = await api.get("/v2/quality?by=network", { as: service });
    expect(json.rows.map((row: { country: string; network: string | null }) => [row.country, row.network])).toEqual([
      ["44", "23415"],
      ["44", null],
      ["44", "23410"],
    ]);
  });

  it("is of the caller's service alone", async () => {
    await handOver(await world.service());
    await world.app.quality.flush();
    const { json } = await api.get("/v2/quality", { as: await world.service() });
    expect([json.rows, json.total.sent, json.total.deliverable_share]).toEqual([[], 0, null]);
  });

  it.each([
    ["from=2026-02-30", "from is not a date such as 2026-06-01"],
    ["by=moon", "by moon is not one of [country, network, provider, sender, template]"],
    ["from=2026-06-02&to=2026-06-01", "Enter a last day that is not before the first"],
    ["from=2026-01-01&to=2026-06-01", "Enter no more than 92 days"],
    ["since=yesterday", "Additional properties are not allowed (since was unexpected)"],
  ])("%s is refused", async (query, message) => {
    const { status, json } = await api.get(`/v2/quality?${query}`, { as: await world.service() });
    expect([status, json.errors[0].message]).toEqual([400, message]);
  });

  it("stays the same when old counts are put together by the hour and by the day", async () => {
    const service = await world.service();
    const book = createQualityBook(world.app);
    const counted = { serviceId: service.id, templateId: service.id, channel: "sms", keyKind: "live" };
    const message = { ...counted, countryPrefix: "44", sender: "Northwold", provider: "fen" };
    const noon = Date.parse(`${dayOf(new Date(Date.now() - 10 * DAY_MS))}T12:00:00Z`);
    for (let minute = 0; minute < 120; minute += 5) {
      const at = new Date(noon + minute * 60_000);
      book.noteSent(message, at);
      book.noteEnded(message, { status: "delivered", sentAt: new Date(at.getTime() - minute * 1_000), at });
    }
    await book.flush();
    const rows = () => world.app.db.query<{ slot: Date }>`
      select q.slot from quality_counts q where q.service_id = ${service.id}`;
    const days = qualityDays(world.app, { from: dayOf(new Date(noon)), to: dayOf(new Date(noon)) });
    const all = () => readQuality(world.app, { serviceId: service.id, days, by: "country" });
    const before = await all();
    expect([(await rows()).length, before.total.delivered]).toEqual([24, 24]);
    await foldOldQuality(world.app);
    expect([(await rows()).length, await all()]).toEqual([2, before]);
    world.clock.advance(40 * DAY_MS);
    await foldOldQuality(world.app);
    await foldOldQuality(world.app);
    expect([(await rows()).length, await all()]).toEqual([1, before]);
    world.clock.advance(-40 * DAY_MS);
  });

  it("keeps what could not be written, and adds it to what has been counted since", async () => {
    const service = await world.service();
    let isAway = true;
    const query = (...given: Parameters<typeof world.app.db.query>) =>
      isAway ? Promise.reject(new Error("away")) : world.app.db.query(...given);
    const book = createQualityBook({ ...world.app, db: { query } as typeof world.app.db });
    const counted = { serviceId: service.id, templateId: service.id, channel: "sms", keyKind: "live" };
    const message = { ...counted, countryPrefix: "44", sender: undefined, provider: "fen" };
    const at = new Date();
    book.noteSent(message, at);
    await book.flush();
    book.noteSent(message, at);
    isAway = false;
    await book.flush();
    expect((await read(service)).total.sent).toBe(2);
  });
});
