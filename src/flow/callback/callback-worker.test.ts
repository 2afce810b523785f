import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { PATIENCE } from "../../../test/support/patience.ts";
import { type Receiver, startReceiver } from "../../../test/support/receiver.ts";
import { createWorld, type World } from "../../../test/support/world.ts";
import { createOutbound, type Outbound } from "../../platform/http.ts";
import { newId } from "../../platform/ids.ts";
import { enqueue, type NewJob } from "../../platform/queue.ts";
import { insertInboundMessage } from "../../records/inbound-messages/inbound-message-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { callbacksFor, type Service } from "../../records/services/service.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import { type CallbackWorker, startCallbackWorker } from "./callback-worker.ts";
import { complaintJobs, deliveryReceiptJobs, receivedTextJobs } from "./plan.ts";

const RETRY_AFTER_SECONDS = 300;
const MADE_AT_ONCE = 50;

let world: World;
let outbound: Outbound;
let receiver: Receiver;
let worker: CallbackWorker | undefined;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  outbound = createOutbound({ allowedNetworks: world.app.callbackNetworks });
  receiver = await startReceiver();
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  await Promise.all([outbound.close(), receiver.close()]);
  await world.app.db.query`delete from jobs`;
  await world.app.db.query`delete from callback_attempts`;
});

async function startWorker(): Promise<void> {
  worker = await startCallbackWorker({ app: world.app, outbound });
}

function serviceTold(url = receiver.url): Promise<Service> {
  return world.service({ callbacks: { "delivery-receipt": `${url}/receipts` } });
}

async function queue(jobs: readonly NewJob[], leaseMs?: number): Promise<void> {
  const { db } = world.app;
  await db.transaction((tx) => enqueue(tx, CALLBACK_QUEUE, { entries: jobs, ...(leaseMs ? { leaseMs } : {}) }));
}

/** Queues the receipts of so many delivered texts. */
async function queueReceipts(service: Service, count = 1): Promise<void> {
  const template = await world.template(service);
  const wish = { template, status: "delivered", updatedAt: new Date() };
  const notifications: Notification[] = [];
  while (notifications.length < count) {
    // Not all at once: whoever waits for a connection is sent away after some seconds.
    const some = Array.from({ length: Math.min(MADE_AT_ONCE, count - notifications.length) });
    notifications.push(...(await Promise.all(some.map(() => world.notification(service, wish)))));
  }
  await queue(await deliveryReceiptJobs(world.app, notifications));
}

interface AttemptRow {
  attempt: number;
  outcome: string;
  httpStatus: number | undefined;
  problem: string | undefined;
}

function attempts(): Promise<AttemptRow[]> {
  return world.app.db.query<AttemptRow>`
    select a.attempt, a.outcome, a.http_status, a.problem from callback_attempts a order by a.id`;
}

function jobsLeft(): Promise<{ made: number; waitSeconds: number }[]> {
  return world.app.db.query<{ made: number; waitSeconds: number }>`
    select (j.payload ->> 'made')::integer as made, extract(epoch from j.wake_at - now())::integer as wait_seconds
    from jobs j where j.queue = ${CALLBACK_QUEUE}`;
}

async function untilSettled(attemptsExpected: number): Promise<AttemptRow[]> {
  await vi.waitFor(async () => expect(await attempts()).toHaveLength(attemptsExpected), PATIENCE);
  return attempts();
}

describe("a callback", () => {
  it("tells what became of a text, as it was when it was queued", async () => {
    const service = await serviceTold();
    const notification = await world.notification(service, {
      to: "07700 900123",
      reference: "A-1",
      createdAt: new Date("2026-11-20T10:00:00.123Z"),
      sentAt: new Date("2026-11-20T10:00:01.5Z"),
      updatedAt: new Date("2026-11-20T10:00:02Z"),
      status: "delivered",
    });
    await queue(await deliveryReceiptJobs(world.app, [notification]));
    await world.app.db.query`update notifications set status = 'returned-letter' where id = ${notification.id}`;
    await startWorker();
    await untilSettled(1);
    const [received] = receiver.received;
    expect(received?.path).toBe("/receipts");
    expect(received?.headers).toMatchObject({
      "content-type": "application/json",
      authorization: `Bearer ${callbacksFor(service, "delivery-receipt")[0]?.bearerToken}`,
    });
    expect(received?.body).toBe(
      JSON.stringify({
        id: notification.id,
        reference: "A-1",
        to: "07700 900123",
        status: "delivered",
        created_at: "2026-11-20T10:00:00.123000Z",
        completed_at: "2026-11-20T10:00:02.000000Z",
        sent_at: "2026-11-20T10:00:01.500000Z",
        notification_type: "sms",
        template_id: notification.templateId,
        template_version: 1,
      }),
    );
    expect(await jobsLeft()).toEqual([]);
  });

  it("has nulls for what an email never had", async () => {
    const service = await serviceTold();
    const notification = await world.notification(service, { channel: "email", status: "temporary-failure" });
    await queue(await deliveryReceiptJobs(world.app, [notification]));
    await startWorker();
    await untilSettled(1);
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({
      reference: null,
      to: "ada@example.org",
      completed_at: null,
      sent_at: null,
      notification_type: "email",
    });
  });

  it("is signed so that any Standard Webhooks library can verify it", async () => {
    const service = await serviceTold();
    await queueReceipts(service);
    await startWorker();
    await untilSettled(1);
    const [received] = receiver.received;
    const verifier = new Webhook(callbacksFor(service, "delivery-receipt")[0]?.signingSecret ?? "");
    const headers = received?.headers as Record<string, string>;
    expect(verifier.verify(received?.body ?? "", headers)).toMatchObject({ status: "delivered" });
    expect(() => verifier.verify(`${received?.body} `, headers)).toThrow();
  });

  it("tells what the public wrote, to whoever is to be told at that moment", async () => {
    const service = await world.service({ callbacks: { "received-text": `${receiver.url}/old` } });
    const text = {
      id: newId(),
      serviceId: service.id,
      notifyNumber: "07700900500",
      userNumber: "447700900123",
      content: "Yes please",
      sentAt: new Date("2026-11-20T10:00:00Z"),
      createdAt: new Date("2026-11-20T10:00:05Z"),
    };
    const carried = { senderIndex: Buffer.from("someone"), provider: "mmg", providerReference: "1" };
    await world.app.db.transaction((tx) => insertInboundMessage(tx, service, { ...text, ...carried }));
    await queue(await receivedTextJobs(world.app, [text]));
    await world.app.db.query`update callbacks set url = ${`${receiver.url}/new`} where service_id = ${service.id}`;
    world.app.services.forget(service.id);
    await startWorker();
    await untilSettled(1);
    expect(receiver.received).toMatchObject([
      {
        path: "/new",
        body: JSON.stringify({
          id: text.id,
          source_number: "447700900123",
          destination_number: "07700900500",
          message: "Yes please",
          date_received: "2026-11-20T10:00:00.000000Z",
        }),
      },
    ]);
  });

  it("tells that an email was marked as spam", async () => {
    const service = await world.service({ callbacks: { complaint: `${receiver.url}/complaints` } });
    const notification = await world.notification(service, { channel: "email", reference: "B-2", status: "delivered" });
    const complaint = { id: newId(), notificationId: notification.id, serviceId: service.id };
    const complainedAt = new Date("2026-11-20T10:00:00Z");
    await queue(await complaintJobs(world.app, [{ ...complaint, complainedAt }]));
    await startWorker();
    await untilSettled(1);
    expect(receiver.received[0]?.body).toBe(
      JSON.stringify({
        notification_id: notification.id,
        complaint_id: complaint.id,
        reference: "B-2",
        to: "ada@example.org",
        complaint_date: "2026-11-20T10:00:00.000000Z",
      }),
    );
  });

  it("keeps the address and token it was queued with, when the service has others since", async () => {
    const service = await serviceTold();
    await queueReceipts(service);
    await world.app.db.query`update callbacks set replaced_at = now() where service_id = ${service.id}`;
    world.app.services.forget(service.id);
    await startWorker();
    expect(await untilSettled(1)).toMatchObject([{ outcome: "delivered" }]);
    expect(receiver.received[0]?.headers.authorization).toBe(
      `Bearer ${callbacksFor(service, "delivery-receipt")[0]?.bearerToken}`,
    );
  });
});

describe("several endpoints", () => {
  const twice = () =>
    world.service({ callbacks: { "delivery-receipt": `${receiver.url}/one`, complaint: `${receiver.url}/other` } });
  const chooseBoth = async (service: Service): Promise<void> => {
    await world.app.db.query`
      update callbacks set kinds = '{delivery-receipt,complaint}' where service_id = ${service.id}`;
    await world.reload(service);
  };

  it("are each told of what they have chosen, with tokens and signatures of their own", async () => {
    const service = await twice();
    await queueReceipts(service);
    await chooseBoth(service);
    await queueReceipts(service);
    await startWorker();
    await untilSettled(3);
    expect(receiver.received.map(({ path }) => path).sort()).toEqual(["/one", "/one", "/other"]);
    for (const { path, body, headers } of receiver.received) {
      const secret = service.callbacks.find(({ url }) => url.endsWith(path))?.signingSecret ?? "";
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
        status: "delivered",
      });
    }
  });

  it("that are paused are told nothing", async () => {
    const service = await twice();
    await chooseBoth(service);
    await world.app.db.query`update callbacks set paused_at = now() where url = ${`${receiver.url}/one`}`;
    await world.reload(service);
    await queueReceipts(service);
    await startWorker();
    await untilSettled(1);
    expect(receiver.received.map(({ path }) => path)).toEqual(["/other"]);
  });

  it("do not double what goes to a notification's own address, nor are blamed for it", async () => {
    const service = await twice();
    await chooseBoth(service);
    const wish = { callbackUrl: `${receiver.url}/mine`, status: "delivered" };
    receiver.answer = () => 410;
    await queue(await deliveryReceiptJobs(world.app, [await world.notification(service, wish)]));
    await startWorker();
    await untilSettled(1);
    expect(receiver.received.map(({ path }) => path)).toEqual(["/mine"]);
    expect(await world.app.db.query`select f.callback_id from callback_failures f`).toEqual([]);
  });
});

describe("a notification's own address", () => {
  it("is told instead of the service's, signed, and without the token made for another place", async () => {
    const other = await startReceiver();
    const service = await serviceTold();
    const wish = { callbackUrl: `${other.url}/mine`, status: "delivered" };
    await queue(await deliveryReceiptJobs(world.app, [await world.notification(service, wish)]));
    await startWorker();
    await untilSettled(1);
    await other.close();
    expect(receiver.received).toEqual([]);
    expect(other.received).toMatchObject([{ path: "/mine" }]);
    expect(other.received[0]?.headers).not.toHaveProperty("authorization");
    expect(other.received[0]?.headers).toHaveProperty("webhook-signature");
  });

  it("needs no callback of the service's", async () => {
    const service = await world.service();
    const mine = await world.notification(service, { callbackUrl: `${receiver.url}/mine`, status: "delivered" });
    const silent = await world.notification(service, { status: "delivered" });
    await queue(await deliveryReceiptJobs(world.app, [mine, silent]));
    await startWorker();
    await untilSettled(1);
    expect(receiver.received).toMatchObject([{ path: "/mine" }]);
    expect(receiver.received[0]?.headers).not.toHaveProperty("webhook-signature");
  });
});

describe("deliveryReceiptJobs", () => {
  it.each(["pending"])("tells nothing of a text that is %s", async (status) => {
    const service = await serviceTold();
    expect(await deliveryReceiptJobs(world.app, [await world.notification(service, { status })])).toEqual([]);
  });

  it("puts neither recipient nor token into the queue", async () => {
    const service = await serviceTold();
    const notification = await world.notification(service, { to: "07700 900123", status: "delivered" });
    const text = JSON.stringify(await deliveryReceiptJobs(world.app, [notification]));
    expect(text).toContain(notification.id);
    expect(text).not.toContain("900123");
    expect(text).not.toContain(callbacksFor(service, "delivery-receipt")[0]?.bearerToken);
  });
});

describe("an answer", () => {
  it.each([
    [200, "delivered"],
    [299, "delivered"],
    [301, "given-up"],
    [307, "given-up"],
    [400, "given-up"],
    [404, "given-up"],
    [410, "given-up"],
    [429, "to-be-retried"],
    [500, "to-be-retried"],
    [503, "to-be-retried"],
  ])("of %i makes it %s", async (httpStatus, outcome) => {
    receiver.answer = () => httpStatus;
    await queueReceipts(await serviceTold());
    await startWorker();
    expect(await untilSettled(1)).toEqual([{ attempt: 1, outcome, httpStatus, problem: undefined }]);
    const left = await jobsLeft();
    expect(left).toHaveLength(outcome === "to-be-retried" ? 1 : 0);
    for (const job of left) expect(Math.abs(job.waitSeconds - RETRY_AFTER_SECONDS)).toBeLessThan(10);
    expect(receiver.received).toHaveLength(1);
  });

  it("that never comes is waited for no longer than five seconds, and asked for again", async () => {
    receiver.answer = () => "hang";
    await queueReceipts(await serviceTold());
    const startedAt = Date.now();
    await startWorker();
    expect(await untilSettled(1)).toEqual([
      { attempt: 1, outcome: "to-be-retried", httpStatus: undefined, problem: "no answer in time" },
    ]);
    expect(Date.now() - startedAt).toBeGreaterThan(4_900);
  });

  it("that cannot come is asked for again five times", async () => {
    const gone = await startReceiver();
    await gone.close();
    await queueReceipts(await serviceTold(gone.url));
    await startWorker();
    for (let made = 1; made <= 5; made += 1) {
      await untilSettled(made);
      await world.wakeJobs(CALLBACK_QUEUE);
      worker?.wake();
    }
    const all = await untilSettled(6);
    expect(all.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(all.map(({ outcome }) => outcome)).toEqual([...Array(5).fill("to-be-retried"), "given-up"]);
    expect(all[0]?.problem).toBe("the connection was refused");
    expect(await jobsLeft()).toEqual([]);
  });

  it("has the same webhook-id at every attempt", async () => {
    receiver.answer = () => (receiver.received.length === 1 ? 503 : 200);
    await queueReceipts(await serviceTold());
    await startWorker();
    await untilSettled(1);
    await world.wakeJobs(CALLBACK_QUEUE);
    worker?.wake();
    await untilSettled(2);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });

  it("is not asked of our own machines", async () => {
    await queueReceipts(await serviceTold("http://169.254.169.254"));
    await startWorker();
    expect(await untilSettled(1)).toMatchObject([{ outcome: "given-up", problem: "a link-local address" }]);
  });
});

describe("the worker", () => {
  it("makes callbacks to others while one receiver hangs", async () => {
    /** How long it takes until this many more have been told. */
    const untilTold = async (more: number) => {
      const [startedAt, told] = [Date.now(), receiver.received.length + more];
      await vi.waitFor(() => expect(receiver.received).toHaveLength(told), PATIENCE);
      return Date.now() - startedAt;
    };
    await queueReceipts(await serviceTold(), 300);
    await startWorker();
    const usualMs = await untilTold(300);
    await worker?.stop();
    const hanging = await startReceiver();
    hanging.answer = () => "hang";
    await queueReceipts(await serviceTold(hanging.url), 300);
    await queueReceipts(await serviceTold(), 300);
    await startWorker();
    expect(await untilTold(300)).toBeLessThan(usualMs + 4_000);
    expect(hanging.received.length).toBeLessThan(20);
    await hanging.close();
  });

  it("makes the callback of a worker that died with it, once its lease has ended", async () => {
    const service = await serviceTold();
    const notification = await world.notification(service, { status: "delivered" });
    const jobs = await deliveryReceiptJobs(world.app, [notification]);
    const leasedAt = Date.now();
    await queue(jobs, 400);
    await startWorker();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), PATIENCE);
    expect(Date.now() - leasedAt).toBeGreaterThanOrEqual(400);
    expect(await untilSettled(1)).toMatchObject([{ outcome: "delivered" }]);
  });

  it("makes every one of many callbacks once", async () => {
    await queueReceipts(await serviceTold(), 1_500);
    await startWorker();
    await untilSettled(1_500);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1_500);
    expect(receiver.received).toHaveLength(1_500);
    expect(await jobsLeft()).toEqual([]);
  });

  it("makes those it takes over once, without looking for them in the queue", async () => {
    const service = await serviceTold();
    const notification = await world.notification(service, { status: "delivered", updatedAt: new Date() });
    await startWorker();
    const jobs = await deliveryReceiptJobs(world.app, [notification]);
    expect(worker?.mayTake(jobs.length)).toBe(true);
    await queue(jobs, worker?.leaseMs);
    worker?.take(jobs, [notification]);
    expect(await untilSettled(1)).toMatchObject([{ attempt: 1, outcome: "delivered" }]);
    expect(receiver.received).toHaveLength(1);
    expect(await jobsLeft()).toEqual([]);
  });

  it("takes nothing over while older ones wait, nor more than it can have under way", async () => {
    await startWorker();
    expect(worker?.mayTake(1_000)).toBe(false);
    await queueReceipts(await serviceTold(), 250);
    worker?.wake();
    await vi.waitFor(() => expect(worker?.mayTake(1)).toBe(false), { ...PATIENCE, interval: 1 });
    await untilSettled(250);
  });

  it("drops what nobody is to be told any more", async () => {
    const service = await serviceTold();
    await queueReceipts(service);
    await world.app.db.query`delete from notifications where service_id = ${service.id}`;
    await startWorker();
    await vi.waitFor(async () => expect(await jobsLeft()).toEqual([]), PATIENCE);
    expect(receiver.received).toEqual([]);
  });
});
