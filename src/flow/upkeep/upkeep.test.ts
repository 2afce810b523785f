import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PATIENCE } from "../../../test/support/patience.ts";
import type { NotificationWish } from "../../../test/support/world.ts";
import { createWorld, type World } from "../../../test/support/world.ts";
import { newId } from "../../platform/ids.ts";
import { enqueue } from "../../platform/queue.ts";
import { findOrMakeDeployment } from "../../records/deployment/deployment-store.ts";
import { insertInboundMessage, listReceivedTexts } from "../../records/inbound-messages/inbound-message-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { getNotifications } from "../../records/notifications/notification-store.ts";
import type { Service } from "../../records/services/service.ts";
import { receiveText } from "../inbound/receive-text.ts";
import { CALLBACK_QUEUE, DISPATCH_QUEUES } from "../jobs.ts";
import { changeAuditDays, deletePastAudit } from "../platform/audit-period.ts";
import { deletePastInboundMessages, deletePastNotifications } from "./retention.ts";
import { TASKS, type Task } from "./tasks.ts";
import {
  deletePastAwaited,
  deletePastKeys,
  deletePastSandboxMessages,
  deletePastTotals,
  passOnLeftOvers,
} from "./tidy.ts";
import { requeueLost, timeOutUnreported } from "./unfinished.ts";
import { startUpkeep } from "./upkeep.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

function hoursAgo(hours: number): Date {
  return new Date(world.clock.now().getTime() - hours * HOUR_MS);
}

async function exists(notification: Notification): Promise<boolean> {
  return (await getNotifications(world.app.db, [notification.id])).length > 0;
}

async function jobs(
  queue: string,
): Promise<{ id: string; subjectId: string | undefined; status: string | undefined }[]> {
  return world.app.db.query<{ id: string; subjectId: string | undefined; status: string | undefined }>`
    select j.id, j.payload ->> 'subjectId' as subject_id, j.payload ->> 'status' as status from jobs j where j.queue = ${queue}`;
}

describe("timeOutUnreported", () => {
  it("gives up what nobody has reported on for 72 hours, and tells its service", async () => {
    const service = await world.service({ callbacks: { "delivery-receipt": "https://example.org/receipts" } });
    const made = (wish: NotificationWish) => world.notification(service, wish);
    const old = [
      await made({ createdAt: hoursAgo(73), status: "sending" }),
      await made({ createdAt: hoursAgo(24 * 9), status: "pending" }),
      await made({ createdAt: hoursAgo(80), status: "sending", channel: "email" }),
    ];
    const others = [
      await made({ createdAt: hoursAgo(71), status: "sending" }),
      await made({ createdAt: hoursAgo(90), status: "delivered" }),
      await made({ createdAt: hoursAgo(90), status: "sent" }),
      await made({ createdAt: hoursAgo(90), status: "created" }),
    ];
    expect(await timeOutUnreported(world.app)).toEqual({ timedOut: 3 });
    expect(await timeOutUnreported(world.app)).toEqual({ timedOut: 0 });
    for (const notification of old) expect((await world.latest(notification)).status).toBe("temporary-failure");
    for (const notification of others) expect((await world.latest(notification)).status).toBe(notification.status);
    const told = await jobs(CALLBACK_QUEUE);
    expect(told.map(({ subjectId }) => subjectId).sort()).toEqual(old.map(({ id }) => id).sort());
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set(["temporary-failure"]));
  });
});

describe("requeueLost", () => {
  it("puts back what should have been sent an hour ago and waits in no queue", async () => {
    const service = await world.service();
    const text = await world.notification(service, { createdAt: hoursAgo(2) });
    const email = await world.notification(service, { createdAt: hoursAgo(2.5), channel: "email" });
    await world.notification(service, { createdAt: hoursAgo(0.5) });
    await world.notification(service, { createdAt: hoursAgo(2), scheduledFor: new Date(Date.now() + HOUR_MS) });
    await world.notification(service, { createdAt: hoursAgo(2), status: "sending" });
    const queued = await world.notification(service, { createdAt: hoursAgo(2) });
    await world.app.db.transaction((tx) =>
      enqueue(tx, DISPATCH_QUEUES.sms, { entries: [{ id: queued.id, lane: 1, group: service.id }] }),
    );
    expect(await requeueLost(world.app, 3 * HOUR_MS)).toEqual({ requeued: 2 });
    expect(await requeueLost(world.app, 3 * HOUR_MS)).toEqual({ requeued: 0 });
    expect((await jobs(DISPATCH_QUEUES.sms)).map(({ id }) => id).sort()).toEqual([text.id, queued.id].sort());
    expect((await jobs(DISPATCH_QUEUES.email)).map(({ id }) => id)).toEqual([email.id]);
  });
});

describe("deletePastNotifications", () => {
  it("drops the days that no service keeps, and nothing younger", async () => {
    const service = await world.service();
    const past = await world.notification(service, { createdAt: hoursAgo(24 * 9), status: "delivered" });
    const kept = await world.notification(service, { createdAt: hoursAgo(24 * 6), status: "delivered" });
    const { partitions } = await deletePastNotifications(world.app);
    expect(partitions).toBeGreaterThan(0);
    expect([await exists(past), await exists(kept)]).toEqual([false, true]);
  });

  it("deletes what a service keeps for less long than others, channel by channel", async () => {
    const brief = await world.service({ retentionDays: { sms: 3, email: 7 } });
    const long = await world.service({ retentionDays: { sms: 30 } });
    const at = { createdAt: hoursAgo(24 * 5), status: "delivered" };
    const gone = await world.notification(brief, at);
    const kept = [
      await world.notification(brief, { ...at, channel: "email" }),
      await world.notification(brief, { status: "delivered" }),
      await world.notification(long, at),
    ];
    expect(await deletePastNotifications(world.app)).toEqual({ partitions: 0, notifications: 1 });
    expect(await exists(gone)).toBe(false);
    for (const notification of kept) expect(await exists(notification)).toBe(true);
  });

  it("keeps letters that are still on their way to the printer", async () => {
    const service = await world.service({ retentionDays: { letter: 3 } });
    const template = await world.template(service);
    const letter = (keyKind: "live" | "test", status: string) =>
      world.notification(service, { template, createdAt: hoursAgo(24 * 20), keyKind, status });
    const underWay = await letter("live", "sending");
    const done = [await letter("live", "delivered"), await letter("test", "sending")];
    await world.app.db.query`update notifications set channel = 'letter'`;
    await world.app.db.query`update templates set channel = 'letter'`;
    await deletePastNotifications(world.app);
    expect(await exists(underWay)).toBe(true);
    for (const notification of done) expect(await exists(notification)).toBe(false);
  });
});

describe("deletePastInboundMessages", () => {
  it("keeps texts from the public as long as the service's own", async () => {
    const services = { brief: await world.service({ retentionDays: { sms: 3 } }), long: await world.service() };
    const keep = async (service: Service, createdAt: Date) => {
      const written = {
        notifyNumber: "07700900500",
        userNumber: "447700900123",
        content: "Hello",
        sentAt: createdAt,
        createdAt,
      };
      const carried = { senderIndex: Buffer.from("a"), provider: "mmg", providerReference: undefined };
      await world.app.db.transaction((tx) =>
        insertInboundMessage(tx, service, {
          id: newId(createdAt),
          serviceId: service.id,
          ...written,
          ...carried,
        }),
      );
    };
    for (const service of Object.values(services))
      for (const days of [1, 5, 9]) await keep(service, hoursAgo(24 * days));
    expect(await deletePastInboundMessages(world.app)).toEqual({ texts: 3 });
    expect(await listReceivedTexts(world.app.db, services.brief, { limit: 9 })).toHaveLength(1);
    expect(await listReceivedTexts(world.app.db, services.long, { limit: 9 })).toHaveLength(2);
  });
});

describe("passOnLeftOvers", () => {
  it("passes a long text on as it is after a day, and forgets its parts a day later", async () => {
    const service = await world.service({ permissions: ["sms", "inbound_sms"] });
    await world.inboundNumber(service, "07700900500");
    const part = { reference: 1, number: 2, total: 2 };
    await receiveText(world.app, "mmg", { from: "447700900123", to: "447700900500", text: "the end", part });
    expect(await passOnLeftOvers(world.app)).toEqual({ texts: 0, parts: 0 });
    world.clock.advance(DAY_MS + HOUR_MS);
    expect(await passOnLeftOvers(world.app)).toEqual({ texts: 1, parts: 0 });
    expect(await listReceivedTexts(world.app.db, service, { limit: 9 })).toMatchObject([{ content: "the end" }]);
    world.clock.advance(DAY_MS);
    expect(await passOnLeftOvers(world.app)).toEqual({ texts: 0, parts: 1 });
  });
});

describe("tidying", () => {
  it("deletes what has run out, and only that", async () => {
    const { db } = world.app;
    const service = await world.service();
    for (const hours of [1, 25, 74]) {
      await db.query`
        insert into idempotency_keys (service_id, key_kind, key_hash, body_hash, notification_id, created_at)
        values (${service.id}, 'live', ${Buffer.from(`${hours}`)}, ${Buffer.from("b")}, ${newId()}, ${hoursAgo(hours)})`;
      await db.query`
        insert into awaited_receipts (provider, message_id, notification_id, parts, created_at)
        values ('mmg', ${`${hours}`}, ${newId()}, 1, ${hoursAgo(hours)})`;
      await db.query`
        insert into sandbox_outbox (id, channel, recipient_index, sealed_message, created_at)
        values (${newId(hoursAgo(hours))}, 'sms', ${Buffer.from("r")}, ${Buffer.from("m")}, ${hoursAgo(hours)})`;
    }
    for (const days of [0, 20]) {
      await db.query`
        insert into daily_totals (service_id, kind, day, total, ceiling)
        values (${service.id}, 'sms', ${hoursAgo(24 * days)
          .toISOString()
          .slice(0, 10)}, 1, 10)`;
    }
    expect(await deletePastKeys(world.app)).toEqual({ keys: 2 });
    expect(await deletePastSandboxMessages(world.app)).toEqual({ messages: 2 });
    await deletePastAwaited(world.app);
    await deletePastTotals(world.app);
    const [left] = await db.query<Record<string, number>>`
      select (select count(*) from idempotency_keys) as keys, (select count(*) from awaited_receipts) as awaited,
        (select count(*) from sandbox_outbox) as messages, (select count(*) from daily_totals) as totals`;
    expect(left).toEqual({ keys: 1, awaited: 2, messages: 1, totals: 1 });
  });

  it("deletes entries of the audit log when their year is over, or as many days as the operator wants", async () => {
    const { db } = world.app;
    const actor = { userId: newId(), ip: undefined };
    await findOrMakeDeployment(db, { id: newId(), masterKeyFingerprint: world.app.keys.master.fingerprint });
    for (const days of [1, 40, 364, 367])
      await db.query`
        insert into audit_log (id, actor, action, subject) values (${newId(hoursAgo(24 * days))}, 'aged', 'x', ${`${days}`})`;
    const left = async () =>
      (await db.query<{ subject: string }>`select subject from audit_log where actor = 'aged' order by id`).map(
        ({ subject }) => subject,
      );
    expect(await deletePastAudit(world.app)).toEqual({ entries: 1 });
    expect(await left()).toEqual(["364", "40", "1"]);
    await changeAuditDays(world.app, actor, 30);
    expect(await deletePastAudit(world.app)).toEqual({ entries: 2 });
    expect(await left()).toEqual(["1"]);
  });

  it("keeps no more than the newest ten thousand messages of the sandbox", async () => {
    await world.app.db.query`
      insert into sandbox_outbox (id, channel, recipient_index, sealed_message)
      select gen_random_uuid(), 'sms', 'r', 'm' from generate_series(1, 10010)`;
    expect(await deletePastSandboxMessages(world.app)).toEqual({ messages: 10 });
  });
});

describe("upkeep", () => {
  const counting = (state: { runs: number; fail?: boolean }): Task => ({
    name: "count",
    schedule: { everyMs: DAY_MS },
    run: async () => {
      state.runs += 1;
      if (state.fail) throw new Error("not today");
      return { runs: state.runs };
    },
  });

  async function lastRun(): Promise<{ counts: unknown } | undefined> {
    const [run] = await world.app.db.query<{
      counts: unknown;
    }>`select r.counts from upkeep_runs r where r.task = 'count'`;
    return run;
  }

  it("does a task once when it is due, whichever process comes first", async () => {
    const state = { runs: 0 };
    const processes = await Promise.all([1, 2, 3].map(() => startUpkeep(world.app, [counting(state)])));
    await vi.waitFor(async () => expect(await lastRun()).toEqual({ counts: { runs: 1 } }), PATIENCE);
    await Promise.all(processes.map((upkeep) => upkeep.stop()));
    const again = await startUpkeep(world.app, [counting(state)]);
    await again.stop();
    expect(state.runs).toBe(1);
  });

  it("does it again when it is due again", async () => {
    const state = { runs: 0 };
    for (const expected of [1, 2]) {
      const upkeep = await startUpkeep(world.app, [counting(state)]);
      await vi.waitFor(async () => expect(await lastRun()).toEqual({ counts: { runs: expected } }), PATIENCE);
      await upkeep.stop();
      world.clock.advance(DAY_MS);
    }
  });

  it("does not take a task that failed for done, and goes on with the others", async () => {
    const state = { runs: 0, fail: true };
    const other = { runs: 0 };
    const upkeep = await startUpkeep(world.app, [counting(state), { ...counting(other), name: "other" }]);
    await vi.waitFor(() => expect(other.runs).toBe(1), PATIENCE);
    await upkeep.stop();
    expect(await lastRun()).toBeUndefined();
    state.fail = false;
    const next = await startUpkeep(world.app, [counting(state)]);
    await vi.waitFor(async () => expect(await lastRun()).toEqual({ counts: { runs: 2 } }), PATIENCE);
    await next.stop();
  });

  it("does everything that is due on a new installation", async () => {
    const upkeep = await startUpkeep(world.app);
    await vi.waitFor(async () => {
      const done = await world.app.db.query<{ task: string }>`select r.task from upkeep_runs r`;
      expect(done.map(({ task }) => task).sort()).toEqual(TASKS.map(({ name }) => name).sort());
    }, PATIENCE);
    await upkeep.stop();
  });
});
