/** Chat messages through a gateway of the operator's own: handed over as JSON, reported on, paid for, and answered by themselves. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { startReplies } from "../../src/flow/replies/reply-worker.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { setChatPrices } from "../../src/records/deployment/chat-prices.ts";
import { findOrMakeDeployment } from "../../src/records/deployment/deployment-store.ts";
import { intakeOf, startApi, type TestApi } from "../support/api.ts";
import { type ChatApps, startChatApps } from "../support/chat.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const TOKEN = "the gateway's token";
const NUMBER = "447700900301";

let world: World;
let apps: ChatApps;
let api: TestApi;
let service: WorldService;
let templateId: string;

beforeAll(async () => {
  world = await createWorld();
  apps = await startChatApps(world.app);
  await findOrMakeDeployment(world.app.db, { id: newRandomId(), masterKeyFingerprint: "test" });
  await world.app.db.transaction((tx) => setChatPrices(tx, { "viber-business": "0.035" }));
  service = await world.service({ name: "Library", permissions: ["chat"] });
  await apps.connect("own", {
    kind: "chat-gateway",
    settings: { url: `${apps.url}/messages`, apps: ["viber-business"] },
    secrets: { token: TOKEN },
  });
  await apps.connect("other", {
    kind: "chat-gateway",
    settings: { url: `${apps.url}/others`, apps: ["viber-business"], serviceId: service.id },
    secrets: { token: TOKEN },
  });
  await world.app.db.query`update routes set weight = 0 where name = 'other'`;
  await apps.open();
  api = await startApi(world.app);
  ({ templateId } = await world.template(service, { channel: "chat", body: "Hello ((name))" }));
});
afterAll(async () => {
  await api?.close();
  await apps?.close();
  await world?.close();
});

const send = (change: object = {}) => {
  const recipient = { app: "viber", phone_number: `+${NUMBER}` };
  const body = { template_id: templateId, personalisation: { name: "Ada" }, recipient, ...change };
  return api.post("/v2/notifications/chat", body, { as: service });
};
const bearer = { authorization: `Bearer ${TOKEN}` };
const report = (json: object, headers: Record<string, string> = bearer) =>
  apps.report("own", JSON.stringify(json), headers);
const untilStatus = (id: string, status: string) =>
  vi.waitFor(async () => expect((await world.latest({ id })).status).toBe(status), WAIT);
const handedOver = (words: string) =>
  vi.waitUntil(() => apps.requests.findLast(({ json }) => json?.text === words), WAIT);

describe("a gateway of the operator's own", () => {
  it("is given a message whole, and says what becomes of it, and the message costs what the app's messages cost", async () => {
    const { json } = await send({ valid_for_seconds: 600 });
    await untilStatus(json.id, "sending");
    const request = await handedOver("Hello Ada");
    expect([request.path, request.headers.authorization]).toEqual(["/messages", bearer.authorization]);
    expect(request.headers["idempotency-key"]).toBe(json.id);
    expect(request.json).toEqual({
      ...{ id: json.id, app: "viber-business", to: NUMBER, title: "Library", text: "Hello Ada", is_answer: false },
      valid_until: expect.stringMatching(/^\d{4}-/),
      report_url: "https://api.example.org/notifications/chat/own",
    });
    expect((await report({ id: json.id, status: "delivered" }, {})).status).toBe(401);
    expect((await report({ id: json.id, status: "delivered" }, { authorization: "Bearer a guess" })).status).toBe(403);
    for (const status of ["delivered", "seen"]) expect((await report({ id: json.id, status })).status).toBe(200);
    await untilStatus(json.id, "delivered");
    await vi.waitFor(async () => {
      const { timeline } = await readMessage(world.app, await world.reload(service), json.id);
      expect(timeline.map(({ kind }) => kind)).toContain("seen");
    }, WAIT);
    const shown = await api.get(`/v2/notifications/${json.id}`, { as: service });
    expect(shown.json).toMatchObject({ status: "delivered", cost_in_pounds: 0.035 });
  });

  it("says that a message failed, or refuses it at once", async () => {
    const { json: later } = await send();
    await untilStatus(later.id, "sending");
    await report({ id: later.id, status: "permanent-failure", code: "no-such-user" });
    await untilStatus(later.id, "permanent-failure");
    apps.answer = () => ({ status: 422 });
    const { json: atOnce } = await send();
    await untilStatus(atOnce.id, "permanent-failure");
    apps.answer = () => ({ status: 200 });
  });

  it("that somebody has written to answers them, where another of the same app would come first", async () => {
    const number = "447700900302";
    const to = async (phone: string, words: string) => {
      const recipient = { app: "viber", phone_number: `+${phone}` };
      await send({ recipient, personalisation: { name: words } });
      return (await handedOver(`Hello ${words}`)).path;
    };
    expect(await to(number, "before")).toBe("/messages");
    const written = { id: "in-0", app: "viber-business", from: number, text: "Is it open?" };
    expect((await apps.report("other", JSON.stringify(written), bearer)).status).toBe(200);
    expect([await to(number, "after"), await to("447700900303", "elsewhere")]).toEqual(["/others", "/messages"]);
  });

  it("brings a STOP, which is answered there once within the hour, and kept to until a START", async () => {
    const replies = await startReplies(intakeOf(world.app));
    const write = (id: string, text: string) => report({ id, app: "viber-business", from: NUMBER, text });
    expect((await write("in-1", "/stop")).status).toBe(200);
    const answer = "Library: You will get no more messages from us here. Reply START to get them again.";
    expect((await handedOver(answer)).json).toMatchObject({ app: "viber-business", to: NUMBER, is_answer: true });
    world.app.services.forget(service.id);
    expect((await send()).status).toBe(400);
    expect((await write("in-2", "Start")).status).toBe(200);
    world.app.services.forget(service.id);
    expect((await send()).status).toBe(201);
    await replies.stop();
    expect(apps.requests.filter(({ json }) => json?.text?.includes("from us here again"))).toEqual([]);
  });
});
