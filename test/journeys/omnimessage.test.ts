/** Systems that were written for Messente's API, with its own client for Node: texts sent, asked after, taken back and reported. */
import messente from "messente_api";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startCallbackWorker } from "../../src/flow/callback/callback-worker.ts";
import { openContent } from "../../src/flow/personal-content.ts";
import { createOutbound } from "../../src/platform/http.ts";
import { seal } from "../../src/platform/sealing.ts";
import { sealedAt } from "../../src/records/services/service-store.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { startReceiver } from "../support/receiver.ts";
import { makeCarrier, startWorkings, untilWritten } from "../support/workings.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const TO = "+447700900123";
const wrong = { title: "Invalid data", code: "104" };

let world: World;
let api: TestApi;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  service = await world.service({ prefixesTexts: false });
  signIn(service.id, service.secrets.live);
});
afterAll(async () => {
  await api.close();
  await world.close();
});

function signIn(username: string, password: string): void {
  const { instance } = messente.ApiClient;
  instance.basePath = `${api.url}/v1`;
  Object.assign(instance.authentications.basicAuth, { username, password });
}

type Ask<T> = (done: (error: Error | null, data: T) => void) => void;

/** What the client calls back with. */
const hear = <T>(ask: Ask<T>) =>
  new Promise<T>((resolve, reject) => ask((error, data) => (error ? reject(error) : resolve(data))));

const text = (change: object = {}, message: object = {}) => ({
  to: TO,
  messages: [{ channel: "sms", text: "Your parcel is in locker 12", ...message }],
  ...change,
});
const send = (omnimessage: object) =>
  hear<{ omnimessage_id: string }>((done) => new messente.OmnimessageApi().sendOmnimessage(omnimessage, done));
const statusOf = (id: string) =>
  hear<{ to: string; statuses: object[] }>((done) => new messente.DeliveryReportApi().retrieveDeliveryReport(id, done));
const refusal = (omnimessage: object) =>
  send(omnimessage).then(
    () => expect.unreachable("it was sent"),
    ({ status, response }) => ({ status, errors: response.body.errors }),
  );

describe("Messente's own client for Node", () => {
  it("sends a text, hears how it does, and is told at its own address when it is delivered", async () => {
    const [carrier, receiver] = [await makeCarrier(world.app), await startReceiver()];
    const sent = await send(text({ dlr_url: "https://parcels.example/reports", priority: "high" }));
    const { omnimessage_id: id } = sent;
    expect(sent).toEqual({
      ...{ to: TO, omnimessage_id: id },
      messages: [{ channel: "sms", message_id: id, sender: "Pennypost" }],
    });
    expect(await statusOf(id)).toMatchObject({ to: TO, statuses: [{ status: "ACK", err: 0, error: null }] });
    await tellInstead(id, `${receiver.url}/reports`);
    const outbound = createOutbound({ allowedNetworks: world.app.callbackNetworks });
    const [workings, callbacks] = [
      await startWorkings(world.app),
      await startCallbackWorker({ app: world.app, outbound }),
    ];
    await vi.waitUntil(() => receiver.received.length > 0, WAIT);
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({
      ...{ status: "DELIVRD", err: 0, error: null, channel: "sms", to: TO, omnimessage_id: id, message_id: id },
      ...{ sender: "Pennypost", timestamp: expect.stringMatching(/^\d{4}-/) },
    });
    expect(await statusOf(id)).toMatchObject({ statuses: [{ status: "DELIVRD", channel: "sms", message_id: id }] });
    await untilWritten(carrier, 1);
    expect(carrier.texts).toEqual(["Your parcel is in locker 12"]);
    await Promise.all([workings.stop(), callbacks.stop()]);
    await Promise.all([carrier.stop(), receiver.close(), outbound.close()]);
  });

  /** Where the address that it asked to be told at leads in this test. */
  async function tellInstead(id: string, callbackUrl: string): Promise<void> {
    const content = { ...openContent(service, await world.latest({ id })), callbackUrl };
    const sealed = seal({ key: service.dataKey, belongsTo: sealedAt.notification(id) }, JSON.stringify(content));
    await world.app.db.query`update notifications set sealed_content = ${sealed} where id = ${id}`;
  }

  it("takes back what is scheduled, and nothing else", async () => {
    const cancel = (id: string) => hear((done) => new messente.OmnimessageApi().cancelScheduledMessage(id, done));
    const inAnHour = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    const { omnimessage_id: id } = await send(text({ time_to_send: inAnHour }));
    expect((await world.latest({ id })).scheduledFor).toEqual(new Date(inAnHour));
    await cancel(id);
    expect(await statusOf(id)).toMatchObject({ statuses: [{ status: "DELETED" }] });
    const { omnimessage_id: now } = await send(text());
    await expect(cancel(now)).rejects.toMatchObject({ status: 400 });
  });

  it("says for how long a text is good, what is kept of it, and in which characters it goes", async () => {
    const { omnimessage_id: id } = await send(
      text({ text_store: "sha256" }, { validity: 10, autoconvert: "full", text: "Olá 日" }),
    );
    const notification = await world.latest({ id });
    const content = openContent(service, notification);
    const seconds = ((notification.validUntil?.getTime() ?? 0) - notification.createdAt.getTime()) / 1_000;
    expect([seconds, content.keeps, content.personalisation]).toEqual([600, "hash", { text: "Ola ?" }]);
  });

  it.each<[string, object, object[]]>([
    [
      "nothing",
      {},
      [
        { title: "Missing data", code: "106", source: "to", detail: "to is missing" },
        { title: "Missing data", code: "106", source: "messages", detail: "messages is missing" },
      ],
    ],
    [
      "a number that is none",
      text({ to: "+4477" }),
      [{ title: "Invalid data", code: "104", source: "to", detail: "to Not enough digits" }],
    ],
    [
      "another channel",
      text({}, { channel: "pigeon" }),
      [
        {
          ...{ title: "Invalid data", code: "104", source: "messages.0.channel" },
          detail: "channel pigeon is not one of [sms, whatsapp, viber]",
        },
      ],
    ],
    [
      "no message",
      { to: TO, messages: [] },
      [{ ...wrong, source: "messages", detail: "messages must hold a message at least" }],
    ],
    [
      "more messages than are taken",
      { to: TO, messages: Array(6).fill({ text: "a" }) },
      [{ ...wrong, source: "messages", detail: "messages must hold no more than 5" }],
    ],
    [
      "what an app cannot do",
      {
        to: TO,
        messages: [
          { channel: "telegram", text: "Hello" },
          { channel: "viber", text: "Hello", image_url: "https://example.org/a.png", sender: "Bank" },
          { channel: "whatsapp", text: "Hello" },
          { channel: "whatsapp", text: { body: "Hello", preview_url: 1 }, image: {} },
        ],
      },
      [
        {
          ...{ ...wrong, source: "messages.0.channel" },
          detail: "channel telegram cannot be sent to a telephone number: its bots know people by another id",
        },
        { ...wrong, source: "messages.1.image_url", detail: "image_url is not taken: a chat message is words" },
        {
          ...{ ...wrong, source: "messages.1.sender" },
          detail: "sender is neither the service’s name nor one of its text senders",
        },
        { ...wrong, source: "messages.2.text", detail: "text is not an object with a body" },
        { ...wrong, source: "messages.3.image", detail: "image is not taken: a chat message is words" },
        {
          ...{ ...wrong, source: "messages.3.text" },
          detail: "text has a preview_url that is no boolean",
        },
      ],
    ],
    [
      "an app that the service may not use",
      { to: TO, messages: [{ channel: "viber", text: "Hello" }] },
      [{ ...wrong, source: null, detail: "Step 1: Service is not allowed to send chat messages" }],
    ],
    [
      "a stranger's sender, both lifetimes and what we do not know",
      text({ colour: "red" }, { sender: "Bank", validity: 1, ttl: 60 }),
      [
        { title: "Invalid data", code: "104", source: "colour", detail: "colour is not known" },
        {
          ...{ title: "Invalid data", code: "104", source: "messages.0.sender" },
          detail: "sender is not a text sender of the service",
        },
        { title: "Invalid data", code: "104", source: "messages.0.ttl", detail: "ttl cannot stand beside validity" },
      ],
    ],
  ])("hears what is wrong with %s, and nothing is stored", async (_, omnimessage, errors) => {
    const stored = () => world.app.db.query<{ n: number }>`select count(*)::integer as n from notifications`;
    const before = await stored();
    expect(await refusal(omnimessage)).toEqual({ status: 400, errors });
    expect(await stored()).toEqual(before);
  });

  it("is let in with the whole key too, and with nobody else's", async () => {
    signIn(service.id, `parcels-${service.id}-${service.secrets.test}`);
    const { omnimessage_id: id } = await send(text());
    expect((await world.latest({ id })).keyKind).toBe("test");
    const other = await world.service();
    for (const [username, password] of [
      ["parcels", service.secrets.live],
      [service.id, other.secrets.live],
      [other.id, `parcels-${service.id}-${service.secrets.live}`],
    ] as const) {
      signIn(username, password);
      expect(await refusal(text())).toMatchObject({ status: 401, errors: [{ title: "Unauthorized", code: "103" }] });
    }
    signIn(other.id, other.secrets.live);
    await expect(statusOf(id)).rejects.toMatchObject({ status: 404 });
    signIn(service.id, service.secrets.live);
  });
});
