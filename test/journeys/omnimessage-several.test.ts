/** Several messages in one request of Messente's own client for Node: tried in their order, the next when one has failed or taken too long. */
import messente from "messente_api";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { composeCallback, readSubjects } from "../../src/flow/callback/compose.ts";
import { REACH_QUEUE } from "../../src/flow/jobs.ts";
import { openContent } from "../../src/flow/personal-content.ts";
import { startReaches } from "../../src/flow/reach/reach-worker.ts";
import { createReceipts } from "../../src/flow/receipt/receipts.ts";
import { createCallbacks } from "../../src/records/callbacks/callback-cache.ts";
import { insertEvents } from "../../src/records/notifications/event-store.ts";
import { intakeOf, startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const TO = "+447700900123";

let world: World;
let api: TestApi;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  service = await world.service({ name: "Parcels", prefixesTexts: false, permissions: ["sms", "chat"] });
  const { instance } = messente.ApiClient;
  instance.basePath = `${api.url}/v1`;
  Object.assign(instance.authentications.basicAuth, { username: service.id, password: service.secrets.live });
});
afterAll(async () => {
  await api.close();
  await world.close();
});

/** What the client calls back with. */
const hear = <T>(ask: (done: (error: Error | null, data: T) => void) => void) =>
  new Promise<T>((resolve, reject) => ask((error, data) => (error ? reject(error) : resolve(data))));

interface Sent {
  omnimessage_id: string;
  messages: { channel: string; message_id: string; sender: string }[];
}
const send = (change: object = {}) => {
  const { Viber, WhatsApp, WhatsAppText, SMS, Omnimessage } = messente;
  const messages = [
    WhatsApp.constructFromObject({ text: WhatsAppText.constructFromObject({ body: "By WhatsApp" }), ttl: 60 }),
    Viber.constructFromObject({ text: "By Viber", sender: "Parcels", validity: 2 }),
    SMS.constructFromObject({ text: "By text" }),
  ];
  const omnimessage = Omnimessage.constructFromObject({ to: TO, messages, ...change });
  return hear<Sent>((done) => new messente.OmnimessageApi().sendOmnimessage(omnimessage, done));
};
const statusOf = (id: string) =>
  hear<{ to: string; statuses: { status: string; channel: string; message_id: string; error: string | null }[] }>(
    (done) => new messente.DeliveryReportApi().retrieveDeliveryReport(id, done),
  );
const cancel = (id: string) => hear((done) => new messente.OmnimessageApi().cancelScheduledMessage(id, done));

/** Looks at every one that is due, so many times. */
async function look(rounds = 1): Promise<void> {
  // Before anybody is at work: what is leased and woken then is worked on twice.
  await world.wakeJobs(REACH_QUEUE);
  const worker = await startReaches(intakeOf(world.app));
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0)
      await world.app.db.query`update jobs set wake_at = null where queue = ${REACH_QUEUE} and wake_at is not null`;
    worker.wake();
    await vi.waitFor(async () => {
      const left = await world.app.db.query`
        select j.id from jobs j where j.queue = ${REACH_QUEUE} and (j.wake_at is null or j.leases > 0)`;
      expect(left).toEqual([]);
    }, WAIT);
  }
  await worker.stop();
}

const notificationsOf = (id: string) =>
  world.app.db.query<{ id: string; sender: string }>`
    select n.id, n.sender from notifications n join reach_steps s on s.notification_id = n.id
    where s.reach_id = ${id} order by s.number`;
const becomes = (id: string, status: string) =>
  world.app.db.query`update notifications set status = ${status} where id = ${id}`;

describe("several messages in one request", () => {
  it("are tried one after the other, and each is told of by the name it got at once", async () => {
    const { omnimessage_id: id, messages } = await send({ priority: "high" });
    expect(messages.map(({ channel, sender }) => [channel, sender])).toEqual([
      ["whatsapp", "WhatsApp"],
      ["viber", "Viber for business"],
      ["sms", "Pennypost"],
    ]);
    expect(new Set([id, ...messages.map(({ message_id }) => message_id)]).size).toBe(4);
    const first = await statusOf(id);
    expect(first.to).toBe(TO);
    expect(first.statuses.map(({ status, channel, message_id }) => [channel, status, message_id])).toEqual(
      messages.map(({ channel, message_id }) => [channel, "ACK", message_id]),
    );
    await look();
    const [whatsapp] = await notificationsOf(id);
    const sent = await world.latest({ id: whatsapp?.id ?? "" });
    expect([sent.sender, openContent(service, sent).personalisation]).toEqual(["whatsapp", { text: "By WhatsApp" }]);
    expect((Number(sent.validUntil) - Number(sent.createdAt)) / 1_000).toBeCloseTo(60, 0);
    await becomes(sent.id, "permanent-failure");
    await look(2);
    world.clock.advance(121_000);
    await look(2);
    const [, viber, text] = await notificationsOf(id);
    await becomes(viber?.id ?? "", "sending");
    await becomes(text?.id ?? "", "delivered");
    await look();
    const { statuses } = await statusOf(id);
    expect(statuses.map(({ channel, status }) => [channel, status])).toEqual([
      ["whatsapp", "UNDELIV"],
      ["viber", "ACCEPTD"],
      ["sms", "DELIVRD"],
    ]);
  });

  it("are told of as seen, and none that nobody needs any more", async () => {
    const { omnimessage_id: id } = await send();
    await look();
    const [whatsapp] = await notificationsOf(id);
    const notificationId = whatsapp?.id ?? "";
    await becomes(notificationId, "delivered");
    await world.app.db.transaction((tx) => insertEvents(tx, [{ notificationId, kind: "seen" }]));
    await look();
    expect((await statusOf(id)).statuses.map(({ status }) => status)).toEqual(["SEEN"]);
  });

  it("are reported to dlr_url by channel, under the names that the request was answered with", async () => {
    const { omnimessage_id: id, messages } = await send({ dlr_url: "https://parcels.example/reports" });
    await look();
    const [whatsapp] = await notificationsOf(id);
    const subjectId = whatsapp?.id ?? "";
    const job = { kind: "delivery-receipt", serviceId: service.id, subjectId, status: "delivered" } as const;
    const composing = { app: world.app, callbacks: createCallbacks(world.app.db, world.app.services) };
    const told = { ...job, callbackId: undefined, completedAt: undefined, sentAt: undefined } as never;
    const subjects = await readSubjects(world.app, [{ payload: told } as never]);
    const composed = await composeCallback(composing, told, subjects);
    expect(composed?.url).toBe("https://parcels.example/reports");
    expect(JSON.parse(composed?.body ?? "")).toMatchObject({
      ...{ omnimessage_id: id, message_id: messages[0]?.message_id, to: TO },
      ...{ channel: "whatsapp", sender: "WhatsApp", status: "DELIVRD" },
    });
  });

  it("are reported to dlr_url as seen, once, however often the app says so", async () => {
    const { omnimessage_id: id } = await send({ dlr_url: "https://parcels.example/seen" });
    await look();
    const reference = (await notificationsOf(id))[0]?.id ?? "";
    await becomes(reference, "sending");
    const receipts = createReceipts(world.app);
    const seen = { reference, status: "delivered", isSeen: true } as const;
    await Promise.all([1, 2].map(() => receipts.take({ provider: "whatsapp", receipt: seen })));
    await receipts.take({ provider: "whatsapp", receipt: seen });
    const jobs = await world.app.db.query<{ payload: object }>`
      select j.payload from jobs j where j.payload ->> 'subjectId' = ${reference} order by j.id`;
    expect(jobs.map(({ payload }) => payload)).toMatchObject([{ status: "delivered" }, { status: "seen" }]);
    const told = jobs[1]?.payload as never;
    const composing = { app: world.app, callbacks: createCallbacks(world.app.db, world.app.services) };
    const composed = await composeCallback(
      composing,
      told,
      await readSubjects(world.app, [{ payload: told } as never]),
    );
    expect(composed?.url).toBe("https://parcels.example/seen");
    expect(JSON.parse(composed?.body ?? "")).toMatchObject({ omnimessage_id: id, channel: "whatsapp", status: "SEEN" });
  });

  it("wait for their time, and are taken back until then", async () => {
    const inAnHour = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    const { omnimessage_id: id } = await send({ time_to_send: inAnHour });
    const [job] = await world.app.db.query<{ wakeAt: Date }>`select j.wake_at from jobs j where j.id = ${id}`;
    expect(job?.wakeAt).toEqual(new Date(inAnHour));
    await cancel(id);
    await look();
    expect([await notificationsOf(id), (await statusOf(id)).statuses]).toEqual([[], []]);
    const { omnimessage_id: now } = await send();
    await look();
    await expect(cancel(now)).rejects.toMatchObject({ status: 400 });
  });

  it("keep no words where none are to be kept, and say what could not be sent as it was", async () => {
    const long = messente.Viber.constructFromObject({ text: "a".repeat(1_001) });
    await expect(send({ messages: [long] })).rejects.toMatchObject({
      ...{ status: 400 },
      response: {
        body: { errors: [{ code: "104", detail: expect.stringMatching(/^Step 1: Your message is too long/) }] },
      },
    });
    const { omnimessage_id: id } = await send({ text_store: "nostore" });
    await look();
    const [whatsapp] = await notificationsOf(id);
    expect(openContent(service, await world.latest({ id: whatsapp?.id ?? "" })).keeps).toBe("nothing");
  });
});
