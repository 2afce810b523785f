/** Words that are for their recipient alone: destroyed once they are handed over, shown to nobody before, and proved by a hash where asked. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { cancelScheduled } from "../../src/flow/intake/cancel-scheduled.ts";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { openContent } from "../../src/flow/personal-content.ts";
import { setKeeping } from "../../src/flow/templates/set-keeping.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { seal } from "../../src/platform/sealing.ts";
import { sealedAt } from "../../src/records/services/service-store.ts";
import { createTemplates } from "../../src/records/templates/template-cache.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { makeCarrier, startWorkings, untilWritten, type Workings } from "../support/workings.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const SECRET = "the code is 918273";

interface Stage {
  world: World;
  service: WorldService;
  api: TestApi;
  carrier: Awaited<ReturnType<typeof makeCarrier>>;
}

let stage: Stage;
let workings: Workings | undefined;

beforeAll(async () => {
  const world = await createWorld();
  const service = await world.service({ prefixesTexts: false });
  stage = { world, service, api: await startApi(world.app), carrier: await makeCarrier(world.app) };
});

afterEach(async () => {
  await workings?.stop();
  workings = undefined;
  await stage.world.app.db.query`delete from jobs`;
  stage.carrier.texts.length = 0;
});

afterAll(async () => {
  await stage.api.close();
  await stage.carrier.stop();
  await stage.world.close();
});

/** From now on texts go out. */
async function work(): Promise<void> {
  workings = await startWorkings(stage.world.app);
}

async function send({ world, service, api }: Stage, change: object) {
  const { templateId } = await world.template(service, { body: "((words))" });
  const body = { phone_number: "07700 900123", template_id: templateId, personalisation: { words: SECRET } };
  const answer = await api.post("/v2/notifications/sms", { ...body, ...change }, { as: service });
  expect(answer.status).toBe(201);
  return answer.json;
}

const endsAs = (world: World, id: string, status: string) =>
  vi.waitFor(async () => expect((await world.latest({ id })).status).toBe(status), WAIT);

async function everythingStored({ world, service }: Stage, id: string): Promise<string> {
  return JSON.stringify(openContent(service, await world.latest({ id })));
}

describe("a text with no_store", () => {
  it("says what it says to its recipient, and to nobody else, before it is handed over and after", async () => {
    const { world, service, api, carrier } = stage;
    const { id, content } = await send(stage, { no_store: true });
    expect(content.body).toBe(SECRET);
    const before = await api.get(`/v2/notifications/${id}`, { as: service });
    expect(before.json).toMatchObject({ status: "created", body: "", phone_number: "07700 900123" });
    expect(await readMessage(world.app, service, id)).toMatchObject({ body: "", isNotKept: true });
    await work();
    await endsAs(world, id, "delivered");
    await untilWritten(carrier, 1);
    expect(carrier.texts).toEqual([SECRET]);
    expect(await everythingStored(stage, id)).not.toContain("918273");
    expect((await api.get(`/v2/notifications/${id}`, { as: service })).json.body).toBe("");
    expect(await readMessage(world.app, service, id)).toMatchObject({ recipient: "07700 900123", isNotKept: true });
  });

  it("keeps its words while it is tried again, so that its recipient gets them", async () => {
    const { world, carrier } = stage;
    carrier.setFaults({ throttleEvery: 2 });
    const texts = [await send(stage, { no_store: true }), await send(stage, { no_store: true })];
    await work();
    for (const { id } of texts) await endsAs(world, id, "delivered");
    carrier.setFaults({ throttleEvery: 0 });
    expect(carrier.counts().throttled).toBeGreaterThan(0);
    await untilWritten(carrier, 2);
    expect(carrier.texts).toEqual([SECRET, SECRET]);
    for (const { id } of texts) expect(await everythingStored(stage, id)).not.toContain("918273");
  });

  it("that runs out of its time, or is cancelled, loses its words as well", async () => {
    const { world } = stage;
    const late = await send(stage, { no_store: true, valid_for_seconds: 1 });
    const soon = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    const scheduled = await send(stage, { no_store: true, scheduled_for: soon });
    world.clock.advance(2_000);
    await work();
    await endsAs(world, late.id, "temporary-failure");
    await cancelScheduled(world.app, await world.latest(scheduled));
    for (const { id } of [late, scheduled]) expect(await everythingStored(stage, id)).not.toContain("918273");
  });

  it("that cannot be made loses its words as well", async () => {
    const { world, service } = stage;
    const { id } = await send(stage, { no_store: true });
    const broken = { ...openContent(service, await world.latest({ id })), recipient: undefined };
    const sealed = seal({ key: service.dataKey, belongsTo: sealedAt.notification(id) }, JSON.stringify(broken));
    await world.app.db.query`update notifications set sealed_content = ${sealed} where id = ${id}`;
    await work();
    await endsAs(world, id, "permanent-failure");
    expect(await everythingStored(stage, id)).not.toContain("918273");
  });

  it("answers a repeated request without the words once they are gone", async () => {
    const { world, service, api } = stage;
    const { templateId } = await world.template(service, { body: SECRET });
    const body = { phone_number: "07700 900123", template_id: templateId, no_store: true };
    const headers = { "idempotency-key": "once" };
    const first = await api.post("/v2/notifications/sms", body, { as: service, headers });
    const again = await api.post("/v2/notifications/sms", body, { as: service, headers });
    expect([again.status, again.json.id, again.json.content.body]).toEqual([201, first.json.id, ""]);
  });
});

describe("a hash of the words", () => {
  it("is kept where it is asked for, and tells whether words are the ones that were sent", async () => {
    const { world, service, api } = stage;
    const { id, content_hash: hash } = await send(stage, { no_store: "hash" });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    await work();
    await endsAs(world, id, "delivered");
    const check = (body: string) => api.post(`/v2/notifications/${id}/content-check`, { body }, { as: service });
    expect((await check(SECRET)).json).toEqual({ is_same: true });
    expect((await check(`${SECRET}.`)).json).toEqual({ is_same: false });
    expect((await api.get(`/v2/notifications/${id}`, { as: service })).json.content_hash).toBe(hash);
    expect(await everythingStored(stage, id)).not.toContain("918273");
  });

  it("is another for another service, since it is keyed", async () => {
    const other = { ...stage, service: await stage.world.service() };
    const hashes = [await send(stage, { no_store: "hash" }), await send(other, { no_store: "hash" })];
    expect(new Set(hashes.map(({ content_hash: hash }) => hash)).size).toBe(2);
  });

  it("is not there where nothing is kept, and is made of the words where they are", async () => {
    const { service, api } = stage;
    const [nothing, everything] = [await send(stage, { no_store: true }), await send(stage, { no_store: false })];
    const check = (id: string, body: string) =>
      api.post(`/v2/notifications/${id}/content-check`, { body }, { as: service });
    expect(nothing).not.toHaveProperty("content_hash");
    expect((await check(nothing.id, SECRET)).json.errors[0].message).toBe(
      "Nothing is kept of what this notification said",
    );
    expect((await check(everything.id, SECRET)).json).toEqual({ is_same: true });
    expect((await check(everything.id, "other words")).json).toEqual({ is_same: false });
  });
});

describe("what a template asks for", () => {
  it("holds for what is sent with it from then on, and a request can ask only for less to be kept", async () => {
    const { world, service, api } = stage;
    const { templateId } = await world.template(service, { body: SECRET });
    await setKeeping(
      world.app,
      { userId: newRandomId(), ip: "192.0.2.1" },
      { serviceId: service.id, templateId, keeps: "hash" },
    );
    const apart = await startApi({ ...world.app, templates: createTemplates(world.app.db) });
    const body = { phone_number: "07700 900123", template_id: templateId };
    const keptOf = async (change: object) => {
      const { json } = await apart.post("/v2/notifications/sms", { ...body, ...change }, { as: service });
      return openContent(service, await world.latest(json)).keeps;
    };
    expect(await keptOf({})).toBe("hash");
    expect(await keptOf({ no_store: false })).toBe("hash");
    expect(await keptOf({ no_store: true })).toBe("nothing");
    expect(
      (await api.post("/v2/notifications/sms", { ...body, no_store: "all" }, { as: service })).json.errors,
    ).toEqual([{ error: "ValidationError", message: "no_store all is not true, false or hash" }]);
  });
});
