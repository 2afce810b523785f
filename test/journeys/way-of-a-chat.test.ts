/** A chat message's way: accepted, handed to its app over HTTP, reported on by a webhook that proves itself, and answered. */
import { createECDH, createHmac, createPublicKey, randomBytes, verify } from "node:crypto";
import ece from "http_ece";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { newVapidKeys } from "../../src/platform/vapid-keys.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { type AppRequest, type ChatApps, startChatApps } from "../support/chat.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const NUMBER_ID = "106540352242922";
const APP_SECRET = "the app's secret";
const WHATSAPP_SECRETS = { accessToken: "EAAJ-token", appSecret: APP_SECRET, verifyToken: "a word" };
const TELEGRAM_SECRETS = { token: "123:AAH", webhookSecret: "tele-secret" };
const VIBER_SECRETS = { token: "445da6az1s345z78" };

const VAPID = newVapidKeys();

let world: World;
let apps: ChatApps;
let api: TestApi;
let receiver: Receiver;
let service: WorldService;
let templateId: string;

beforeAll(async () => {
  world = await createWorld();
  receiver = await startReceiver();
  apps = await startChatApps(world.app);
  service = await world.service({
    name: "Library",
    permissions: ["chat"],
    callbacks: { "delivery-receipt": `${receiver.url}/receipts`, "received-text": `${receiver.url}/texts` },
  });
  const baseUrl = apps.url;
  await apps.connect("wa", {
    kind: "whatsapp",
    settings: { phoneNumberId: NUMBER_ID, baseUrl, serviceId: service.id },
    secrets: WHATSAPP_SECRETS,
  });
  await apps.connect("tg", {
    kind: "telegram",
    settings: { baseUrl, serviceId: service.id },
    secrets: TELEGRAM_SECRETS,
  });
  await apps.connect("vb", { kind: "viber", settings: { baseUrl, serviceId: service.id }, secrets: VIBER_SECRETS });
  await apps.connect("push", {
    kind: "web-push",
    settings: { subject: "mailto:ops@example.org", publicKey: VAPID.publicKey },
    secrets: { privateKey: VAPID.privateKey },
  });
  apps.answer = answerOf;
  await apps.open();
  api = await startApi(world.app);
  ({ templateId } = await world.template(service, { channel: "chat", body: "Hello ((name))" }));
});
afterAll(async () => {
  await api?.close();
  await apps?.close();
  await receiver?.close();
  await world?.close();
});
beforeEach(() => {
  apps.answer = answerOf;
});

let given = 0;
/** As each app answers a message it takes. */
function answerOf({ path }: AppRequest) {
  given += 1;
  if (path.endsWith("/messages")) return { status: 200, body: { messages: [{ id: `wamid.${given}` }] } };
  if (path.startsWith("/push/")) return { status: 201 };
  if (path.startsWith("/bot")) return { status: 200, body: { ok: true, result: { message_id: given } } };
  return { status: 200, body: `{"status":0,"status_message":"ok","message_token":57413118035717210${given + 10}}` };
}

async function send(recipient: Record<string, unknown>, change: Record<string, unknown> = {}) {
  const body = { template_id: templateId, personalisation: { name: "Ada" }, recipient, ...change };
  return api.post("/v2/notifications/chat", body, { as: service });
}

const untilStatus = (id: string, status: string) =>
  vi.waitFor(async () => expect((await world.latest({ id })).status).toBe(status), WAIT);
/** What an app was sent about somebody; the last of it. */
const sentTo = (to: string) =>
  vi.waitUntil(() => apps.requests.findLast(({ bytes }) => bytes.includes(JSON.stringify(to))), WAIT);

const hmac = (secret: string, body: string) => createHmac("sha256", secret).update(body).digest("hex");
const whatsappReport = (value: object, secret = APP_SECRET) => {
  const metadata = { display_phone_number: "15550783881", phone_number_id: NUMBER_ID };
  const change = { field: "messages", value: { messaging_product: "whatsapp", metadata, ...value } };
  const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "1", changes: [change] }] });
  return apps.report("wa", body, { "x-hub-signature-256": `sha256=${hmac(secret, body)}` });
};
const timestamp = () => String(Math.floor(Date.now() / 1000));
const written = (from: string, id: string, body: string) =>
  whatsappReport({ messages: [{ from, id, timestamp: timestamp(), type: "text", text: { body } }] });
const toldOf = (path: string, needle: string) =>
  vi.waitUntil(() => receiver.received.find((one) => one.path === path && one.body.includes(needle)), WAIT);

describe("WhatsApp", () => {
  it("is sent a message in our own words once somebody has written, and reports on it until it is seen", async () => {
    const from = "447700900201";
    expect((await written(from, "wamid.in1", "Good morning")).status).toBe(200);
    expect(JSON.parse((await toldOf("/texts", "Good morning")).body)).toMatchObject({
      app: "whatsapp",
      source_number: from,
      destination_number: "wa",
    });
    const accepted = await send({ app: "whatsapp", phone_number: "07700 900201" }, { reference: "loan 7" });
    expect(accepted).toMatchObject({
      status: 201,
      json: { content: { body: "Hello Ada", app: "whatsapp" }, reference: "loan 7" },
    });
    const { id } = accepted.json;
    await untilStatus(id, "sending");
    const { path, headers, json } = await sentTo(from);
    expect(path).toBe(`/${NUMBER_ID}/messages`);
    expect(headers.authorization).toBe("Bearer EAAJ-token");
    expect(json).toEqual({
      messaging_product: "whatsapp",
      recipient_type: "individual",
      to: from,
      type: "text",
      text: { body: "Hello Ada", preview_url: false },
    });
    const [awaited] = await world.app.db.query<{ messageId: string }>`
      select a.message_id from awaited_receipts a where a.notification_id = ${id}`;
    const status = (name: string) =>
      whatsappReport({
        statuses: [{ id: awaited?.messageId, status: name, timestamp: timestamp(), recipient_id: from }],
      });
    for (const name of ["sent", "delivered", "read"]) expect((await status(name)).status).toBe(200);
    await untilStatus(id, "delivered");
    expect(JSON.parse((await toldOf("/receipts", id)).body)).toMatchObject({
      status: "delivered",
      app: "whatsapp",
      to: "07700 900201",
      notification_type: "chat",
    });
    await vi.waitFor(async () => {
      const { timeline } = await readMessage(world.app, await world.reload(service), id);
      expect(timeline.map(({ kind }) => kind)).toContain("seen");
    }, WAIT);
  });

  it("is sent its approved template to somebody who has not written, with the values in its order", async () => {
    const template = await world.template(service, { channel: "chat", body: "((name)), ((book)) is due on ((day))" });
    await world.app.db.query`
      update templates set whatsapp = ${JSON.stringify({ name: "book_due", language: "en_GB", values: ["day", "name"] })}::jsonb
      where id = ${template.templateId}`;
    const personalisation = { name: "Ada", book: "Emma", day: "Friday" };
    const { json } = await send(
      { app: "whatsapp", phone_number: "07700 900202" },
      { template_id: template.templateId, personalisation },
    );
    await untilStatus(json.id, "sending");
    expect((await sentTo("447700900202")).json).toMatchObject({
      type: "template",
      template: {
        name: "book_due",
        language: { code: "en_GB" },
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", text: "Friday" },
              { type: "text", text: "Ada" },
            ],
          },
        ],
      },
    });
  });

  it("is sent nothing to somebody who has not written where no template is approved, and the timeline says why", async () => {
    const { json } = await send({ app: "whatsapp", phone_number: "07700 900203" });
    await untilStatus(json.id, "permanent-failure");
    const { timeline } = await readMessage(world.app, await world.reload(service), json.id);
    expect(timeline.find(({ kind }) => kind === "attempt-failed")).toMatchObject({ code: "no-approved-template" });
    expect(apps.requests.some(({ bytes }) => bytes.includes("447700900203"))).toBe(false);
  });

  it("proves its address by the word agreed upon, and every report by its signature", async () => {
    const asks = (token: string) =>
      apps.ask("wa", { "hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444" });
    expect(await asks("a word")).toEqual({ status: 200, text: "1158201444" });
    expect((await asks("a guess")).status).toBe(403);
    const value = { messages: [{ from: "447700900204", id: "wamid.forged", type: "text", text: { body: "Forged" } }] };
    expect((await whatsappReport(value, "another secret")).status).toBe(403);
    expect((await apps.report("wa", "{}")).status).toBe(401);
    expect((await apps.report("nobody", "{}")).status).toBe(404);
    expect((await apps.report("wa", "x".repeat(300_000))).status).toBe(413);
    const [kept] = await world.app.db.query<{ count: number }>`
      select count(*) from inbound_messages m where m.provider_reference = 'wamid.forged'`;
    expect(kept?.count).toBe(0);
  });

  it("keeps a message once that is reported twice, and obeys a STOP until a START", async () => {
    const from = "447700900205";
    for (const id of ["wamid.s1", "wamid.s1"]) expect((await written(from, id, "STOP")).status).toBe(200);
    const [kept] = await world.app.db.query<{ count: number }>`
      select count(*) from inbound_messages m where m.provider_reference = 'wamid.s1'`;
    expect(kept?.count).toBe(1);
    world.app.services.forget(service.id);
    const refused = await send({ app: "whatsapp", phone_number: "+447700900205" });
    expect(refused.status).toBe(400);
    expect(refused.json.errors[0].message).toContain("the recipient has asked your service to stop");
    await written(from, "wamid.s2", "start");
    world.app.services.forget(service.id);
    expect((await send({ app: "whatsapp", phone_number: "+447700900205" })).status).toBe(201);
  });
});

describe("Telegram", () => {
  const send1 = (chatId: string) => send({ app: "telegram", chat_id: chatId });

  it("is told once where to report, and with which secret", async () => {
    const { json } = await vi.waitUntil(() => apps.requests.find(({ path }) => path.endsWith("/setWebhook")), WAIT);
    const url = "https://api.example.org/notifications/chat/tg";
    expect(json).toEqual({ url, secret_token: "tele-secret", allowed_updates: ["message"] });
  });

  it("takes a message, which is sent and stays so, since no bot is told more", async () => {
    const { json } = await send1("5501");
    await untilStatus(json.id, "sent");
    const { path, json: sent } = await sentTo("5501");
    expect(path).toBe("/bot123:AAH/sendMessage");
    expect(sent).toEqual({ chat_id: "5501", text: "Hello Ada" });
    const shown = await api.get(`/v2/notifications/${json.id}`, { as: service });
    expect(shown.json).toMatchObject({
      type: "chat",
      status: "sent",
      recipient: { app: "telegram", chat_id: "5501" },
      phone_number: null,
      cost_in_pounds: 0,
    });
    const listed = await api.get("/v2/notifications?template_type=chat", { as: service });
    expect(listed.json.notifications.map(({ id }: { id: string }) => id)).toContain(json.id);
  });

  it("refuses for good where somebody has blocked the bot, and waits as long as it is asked to", async () => {
    apps.answer = () => ({
      status: 403,
      body: { ok: false, error_code: 403, description: "Forbidden: bot was blocked by the user" },
    });
    const blocked = await send1("5502");
    await untilStatus(blocked.json.id, "permanent-failure");
    let tries = 0;
    apps.answer = (request) => {
      tries += 1;
      if (tries > 1) return answerOf(request);
      return { status: 429, body: { ok: false, error_code: 429, parameters: { retry_after: 1 } } };
    };
    const throttled = await send1("5503");
    await untilStatus(throttled.json.id, "sent");
    const { timeline } = await readMessage(world.app, await world.reload(service), blocked.json.id);
    expect(JSON.stringify(timeline)).not.toContain("AAH");
  });

  it("brings what somebody writes with its secret, and is refused without", async () => {
    const update = {
      update_id: 71,
      message: { message_id: 3, date: 1_790_000_000, chat: { id: 5504 }, text: "Hello bot" },
    };
    const secret = { "x-telegram-bot-api-secret-token": "tele-secret" };
    expect((await apps.report("tg", JSON.stringify(update))).status).toBe(401);
    const wrong = { "x-telegram-bot-api-secret-token": "a guess" };
    expect((await apps.report("tg", JSON.stringify(update), wrong)).status).toBe(403);
    expect((await apps.report("tg", JSON.stringify(update), secret)).status).toBe(200);
    const told = JSON.parse((await toldOf("/texts", "Hello bot")).body);
    expect(told).toMatchObject({ app: "telegram", source_number: "5504", destination_number: "tg" });
  });

  it("brings an answer to the service that wrote last, whichever the provider names", async () => {
    const other = await world.service({ permissions: ["chat"] });
    const template = await world.template(other, { channel: "chat", body: "Are you coming?" });
    const body = { template_id: template.templateId, recipient: { app: "telegram", chat_id: 5505 } };
    const { json } = await api.post("/v2/notifications/chat", body, { as: other });
    await untilStatus(json.id, "sent");
    const update = { update_id: 72, message: { chat: { id: 5505 }, text: "Yes" } };
    await apps.report("tg", JSON.stringify(update), { "x-telegram-bot-api-secret-token": "tele-secret" });
    const received = await api.get("/v2/received-text-messages", { as: other });
    expect(received.json.received_text_messages).toMatchObject([{ content: "Yes", user_number: "5505" }]);
  });
});

describe("Viber", () => {
  const token = VIBER_SECRETS.token;
  const report = (body: string, secret = token) =>
    apps.report("vb", body, { "x-viber-content-signature": hmac(secret, body) });

  it("takes a message whose token has more digits than a number holds, and reports on it", async () => {
    const { json } = await send({ app: "viber", user_id: "01234567890A=" });
    await untilStatus(json.id, "sending");
    const { path, headers, json: sent } = await sentTo("01234567890A=");
    expect([path, headers["x-viber-auth-token"]]).toEqual(["/pa/send_message", token]);
    expect(sent).toMatchObject({
      receiver: "01234567890A=",
      type: "text",
      sender: { name: "Library" },
      text: "Hello Ada",
    });
    const [awaited] = await world.app.db.query<{ messageId: string }>`
      select a.message_id from awaited_receipts a where a.notification_id = ${json.id}`;
    const body = (event: string) =>
      `{"event":"${event}","timestamp":1790000000000,"message_token":${awaited?.messageId},"user_id":"01234567890A="}`;
    expect((await report(body("delivered"), "another")).status).toBe(403);
    expect((await report(body("delivered"))).status).toBe(200);
    await untilStatus(json.id, "delivered");
  });

  it("refuses for good to whoever has not subscribed", async () => {
    apps.answer = () => ({ status: 200, body: { status: 6, status_message: "Not subscribed" } });
    const { json } = await send({ app: "viber", user_id: "01234567890B=" });
    await untilStatus(json.id, "permanent-failure");
  });
});

describe("web push", () => {
  const browser = createECDH("prime256v1");
  browser.generateKeys();
  const auth = randomBytes(16).toString("base64url");
  const subscriptionAt = (path: string) => ({
    endpoint: `${apps.pushUrl}/push/${path}`,
    keys: { p256dh: browser.getPublicKey().toString("base64url"), auth },
  });

  it("reaches the browser's own address with words that it alone can read, signed with our key", async () => {
    const { json } = await send({ app: "web-push", subscription: subscriptionAt("one") }, { valid_for_seconds: 600 });
    await untilStatus(json.id, "sent");
    const pushed = await vi.waitUntil(() => apps.requests.find(({ path }) => path === "/push/one"), WAIT);
    const read = ece.decrypt(pushed.bytes, { version: "aes128gcm", privateKey: browser, authSecret: auth });
    expect(JSON.parse(read.toString())).toEqual({ id: json.id, title: "Library", body: "Hello Ada" });
    expect(Number(pushed.headers["ttl"])).toBeGreaterThan(500);
    const [, jwt = "", key = ""] = /^vapid t=([^,]+), k=(.+)$/.exec(pushed.headers.authorization ?? "") ?? [];
    expect(key).toBe(VAPID.publicKey);
    const [header, claims, signature = ""] = jwt.split(".");
    const point = Buffer.from(VAPID.publicKey, "base64url");
    const [x, y] = [point.subarray(1, 33).toString("base64url"), point.subarray(33).toString("base64url")];
    const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
    const signed = Buffer.from(`${header}.${claims}`);
    const how = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha256", signed, how, Buffer.from(signature, "base64url"))).toBe(true);
    const { aud } = JSON.parse(Buffer.from(claims ?? "", "base64url").toString());
    expect(aud).toBe(apps.pushUrl);
  });

  it("that has been given back fails for good, and is suppressed", async () => {
    apps.answer = () => ({ status: 410 });
    const recipient = { app: "web-push", subscription: subscriptionAt("gone") };
    const { json } = await send(recipient);
    await untilStatus(json.id, "permanent-failure");
    await vi.waitFor(async () => {
      world.app.services.forget(service.id);
      expect((await send(recipient)).status).toBe(400);
    }, WAIT);
    const listed = await api.get("/v2/suppressions?channel=chat", { as: service });
    expect(JSON.stringify(listed.json)).not.toContain(auth);
  });

  it("to an address that may not be called is refused for good", async () => {
    const subscription = { ...subscriptionAt("x"), endpoint: "https://10.1.2.3/push/x" };
    const { json } = await send({ app: "web-push", subscription });
    await untilStatus(json.id, "permanent-failure");
  });
});

describe("a request", () => {
  const keys = { p256dh: `B${"A".repeat(86)}`, auth: "A".repeat(22) };

  it.each([
    ["no app", { phone_number: "07700900123" }, "app must be one of whatsapp, telegram, viber, web-push"],
    ["no number", { app: "whatsapp" }, "phone_number is a required property"],
    ["a wrong number", { app: "whatsapp", phone_number: "07700" }, "phone_number Not enough digits"],
    ["a name for a chat", { app: "telegram", chat_id: "ada" }, "chat_id must be a whole number"],
    ["two ways at once", { app: "viber", user_id: "01234567890A=", phone_number: "07700900123" }, "not both"],
    ["what is another app's", { app: "telegram", user_id: "1" }, "user_id is not of a recipient in telegram"],
    [
      "plain HTTP",
      { app: "web-push", subscription: { endpoint: "http://push.example", keys } },
      "must be a https address",
    ],
    ["no keys", { app: "web-push", subscription: { endpoint: "https://push.example/1" } }, "keys.p256dh must be"],
  ])("with %s is refused, and nothing is kept", async (_, recipient, message) => {
    const refused = await send(recipient);
    expect(refused.status).toBe(400);
    expect(refused.json.errors[0].error).toBe("ValidationError");
    expect(refused.json.errors[0].message).toContain(message);
  });

  it("with more than the app takes is refused with the app's limit", async () => {
    const long = (app: Record<string, unknown>, length: number) =>
      send(app, { personalisation: { name: "x".repeat(length) } });
    const refused = await long({ app: "telegram", chat_id: 1 }, 4_100);
    expect(refused.status).toBe(400);
    expect(refused.json.errors[0].message).toContain("Messages by Telegram cannot be longer than 4096 characters.");
    const business = await long({ app: "viber", phone_number: "07700900123" }, 1_000);
    expect(business.json.errors[0].message).toContain("cannot be longer than 1000 characters");
  });

  it("of a service without the permission is refused in words", async () => {
    const other = await world.service({ permissions: ["sms"] });
    const body = { template_id: templateId, recipient: { app: "telegram", chat_id: 1 } };
    const refused = await api.post("/v2/notifications/chat", body, { as: other });
    expect(refused.json.errors[0].message).toBe("Service is not allowed to send chat messages");
  });
});
