/** The guard against floods: what is far more than it should be is stopped, by the beginning of numbers, by template, and by what it costs. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FLOOD_USUAL } from "../../src/core/floods/flood-rule.ts";
import {
  type FloodForm,
  liftFloodStop,
  removeFloodRule,
  saveFloodRule,
} from "../../src/flow/floods/change-flood-rules.ts";
import { deleteFloods, tellOfFloods } from "../../src/flow/floods/tend-floods.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { blindIndex } from "../../src/platform/sealing.ts";
import { listFloodStops } from "../../src/records/floods/flood-stop-store.ts";
import { listHeldGroups } from "../../src/records/held/held-message-store.ts";
import { createServices } from "../../src/records/services/service-cache.ts";
import { type Person, startAdmin, type TestAdmin } from "../support/admin.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const MINUTE_MS = 60_000;
const actor = { userId: newRandomId(), ip: "192.0.2.1" };

let world: World;
let admin: TestAdmin;
let api: TestApi;
/** Of another process. */
let other: TestApi;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  api = await startApi(world.app);
  other = await startApi({ ...world.app, services: createServices(world.app.db, world.app.keys) });
});
afterAll(async () => {
  await other.close();
  await api.close();
  await admin.close();
  await world.close();
});

const USUAL: FloodForm = { ...FLOOD_USUAL, countsBy: "prefix", atLeast: 3, timesUsual: 0 };

async function guarded(change: Partial<FloodForm> = {}): Promise<WorldService> {
  const service = await world.service({ permissions: ["sms", "email", "international_sms"] });
  await saveFloodRule(world.app, actor, { serviceId: service.id, form: { ...USUAL, ...change } });
  return service;
}

async function texter(service: WorldService, body = "Hello") {
  const { templateId } = await world.template(service, { body });
  return (to = "07700 900123", change: object = {}, { by = api, kind = "live" as "live" | "test" } = {}) =>
    by.post(
      "/v2/notifications/sms",
      { phone_number: to, template_id: templateId, ...change },
      { as: service, with: kind },
    );
}

type Texter = Awaited<ReturnType<typeof texter>>;

async function statusesOf(count: number, send: () => ReturnType<Texter>): Promise<number[]> {
  const answers = [];
  for (let i = 0; i < count; i += 1) answers.push((await send()).status);
  return answers;
}

const stopsOf = ({ id: serviceId }: WorldService) =>
  listFloodStops(world.app.db, { serviceId, now: world.clock.now(), limit: 9 });

describe("texts to numbers that begin alike", () => {
  it("are refused once there are too many, by an answer that says nothing of the number, while others go", async () => {
    const service = await guarded();
    const send = await texter(service);
    expect(await statusesOf(4, () => send())).toEqual([201, 201, 201, 400]);
    const refused = await send("07700 900999");
    expect(refused.json.errors).toEqual([
      {
        error: "BadRequestError",
        message:
          "Far more texts than usual were sent to numbers that begin as this one does: the flood guard of your service has stopped them for now",
      },
    ]);
    expect((await send("+33 6 12 34 56 78")).status).toBe(201);
    expect((await send(undefined, {}, { kind: "test" })).status).toBe(201);
    expect((await send("07700900000")).status).toBe(201);
    expect(await stopsOf(service)).toMatchObject([{ countsBy: "prefix", subject: "447700", isPlatform: false }]);
    const log = await world.app.db.query<{ action: string; actor: string }>`
      select a.action, a.actor from audit_log a where a.service_id = ${service.id} and a.action like 'flood.%'`;
    expect(log).toEqual([{ action: "flood.stopped", actor: "flood guard" }]);
  });

  it("are counted exactly by two processes at once", async () => {
    const service = await guarded({ atLeast: 7 });
    const send = await texter(service);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => send(undefined, {}, { by: at % 2 === 0 ? api : other })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(33);
    expect(await stopsOf(service)).toHaveLength(1);
  });

  it("go again when the stop has ended by itself, and are stopped anew", async () => {
    const service = await guarded({ windowMinutes: 10, stopsMinutes: 30 });
    const send = await texter(service);
    expect(await statusesOf(4, () => send())).toEqual([201, 201, 201, 400]);
    world.clock.advance(12 * MINUTE_MS); // the window is empty, the stop goes on
    expect(await statusesOf(1, () => send())).toEqual([400]);
    world.clock.advance(19 * MINUTE_MS);
    expect(await statusesOf(4, () => send())).toEqual([201, 201, 201, 400]);
  });

  it("may be several times what is usual, which one day of trouble does not change", async () => {
    const service = await guarded({ timesUsual: 2 });
    const send = await texter(service);
    await send();
    const day = Math.floor(world.clock.now().getTime() / (1_440 * MINUTE_MS));
    await world.app.db.query`
      update flood_tallies set days = ${[day - 16, day - 7, day - 3, day - 1]}::integer[], peaks = '{900, 4, 700, 2}'
      where service_id = ${service.id}`;
    expect(await statusesOf(8, () => send())).toEqual([201, 201, 201, 201, 201, 201, 201, 400]);
  });

  it("leave nothing behind in the end", async () => {
    const service = await guarded({ stopsMinutes: 5 });
    await statusesOf(4, await texter(service));
    world.clock.advance(16 * 1_440 * MINUTE_MS);
    await deleteFloods(world.app);
    const left = await world.app.db.query`select t.total from flood_tallies t where t.service_id = ${service.id}`;
    expect([await stopsOf(service), left]).toEqual([[], []]);
  });
});

describe("a guard", () => {
  it("counts by template, and stops that template alone", async () => {
    const service = await guarded({ countsBy: "template" });
    const [send, another] = [await texter(service), await texter(service)];
    expect(await statusesOf(4, () => send())).toEqual([201, 201, 201, 400]);
    expect((await another()).status).toBe(201);
  });

  it("counts what is spent, and stops whatever costs", async () => {
    const service = await guarded({ countsBy: "spend", atLeast: 1 });
    const { templateId } = await world.template(service, { body: "a".repeat(900) }); // six fragments
    const send = () =>
      api.post("/v2/notifications/sms", { phone_number: "07700900123", template_id: templateId }, { as: service });
    const answers = await statusesOf(12, send);
    const gone = answers.indexOf(400);
    expect(gone).toBeGreaterThan(3);
    expect(answers.slice(gone).every((status) => status === 400)).toBe(true);
    const mail = await world.template(service, { channel: "email", body: "Hello" });
    const email = { email_address: "amala@example.com", template_id: mail.templateId };
    expect((await api.post("/v2/notifications/email", email, { as: service })).status).toBe(201);
  });

  it("of what is spent refuses a single message that is dearer by itself, and lets the others go", async () => {
    const service = await guarded({ countsBy: "spend", atLeast: 1 });
    const dear = await texter(service, "a".repeat(900)); // six fragments
    const send = await texter(service);
    const before = await statusesOf(1, () => send());
    const refused = await dear("+7 840 123 4567");
    expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(/alone costs more than .* 60 minutes/)]);
    expect([before, await statusesOf(3, () => send())]).toEqual([[201], [201, 201, 201]]);
    expect(await stopsOf(service)).toEqual([]);
  });

  it("shows how many messages it has refused and held", async () => {
    const service = await guarded({ action: "hold" });
    const manager = await admin.person({ in: service, permissions: ["manage_service"] });
    const send = await texter(service);
    await statusesOf(6, () => send()); // three go, three are held
    await send(undefined, { priority: "high" });
    await world.app.floods.flush();
    const url = `/services/${service.id}/settings/flood-guard`;
    const page = (await manager.get(url)).text;
    expect(page).toMatch(/1 message has been refused since\.\s+3 messages have been held\./);
    const [stop] = await stopsOf(service);
    await manager.post(`${url}/lifts`, { stop: stop?.id ?? "" });
    const log = await world.app.db.query`
      select a.before from audit_log a where a.service_id = ${service.id} and a.action = 'flood.lifted'`;
    expect(log).toEqual([{ before: { subject: "447700", refused: 1, held: 3 } }]);
  });

  it("holds for two people to release, where it says so, and refuses what cannot wait", async () => {
    const service = await guarded({ action: "hold" });
    const send = await texter(service);
    const answers = await Promise.all(Array.from({ length: 9 }, () => send()));
    expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(201));
    const held = async () => listHeldGroups(world.app.db, { serviceId: service.id, limit: 9 });
    expect(await held()).toMatchObject([{ messages: 6, reasons: [{ heldFor: "flood", ruleName: null }] }]);
    expect((await send(undefined, { priority: "high" })).status).toBe(400);
    expect((await send()).status).toBe(201);
    expect(await held()).toMatchObject([{ messages: 7 }]);
  });

  it("stops codes that prove a number, too", async () => {
    const service = await guarded({ action: "hold", atLeast: 1 });
    const verify = (to: string) => api.post("/v2/verifications", { phone_number: to }, { as: service });
    const [first, second] = [await verify("07700 900124"), await verify("07700 900125")];
    expect([first.status, second.status, second.text.includes("flood guard")]).toEqual([201, 400, true]);
  });

  it("of the installation counts each service by itself, and is lifted by those who run it", async () => {
    const operator = await admin.person({ isPlatformAdmin: true });
    const service = await world.service();
    await saveFloodRule(world.app, actor, { serviceId: undefined, form: { ...USUAL, stopsMinutes: 0 } });
    try {
      const send = await texter({ ...service, ...(await world.reload(service)) });
      world.app.services.forget(service.id);
      expect(await statusesOf(4, () => send())).toEqual([201, 201, 201, 400]);
      const manager = await admin.person({ in: service, permissions: ["manage_service"] });
      const url = `/services/${service.id}/settings/flood-guard`;
      const shown = (await manager.get(url)).text;
      expect(shown).toMatch(/begin with \+447700[\s\S]*ask those who run it/);
      const [stop] = await stopsOf(service);
      expect((await manager.post(`${url}/lifts`, { stop: stop?.id ?? "" })).status).toBe(404);
      expect((await operator.get("/platform/settings/flood-guard")).text).toContain(
        `${service.name}: Texts to numbers`,
      );
      await operator.post("/platform/settings/flood-guard/lifts", { stop: stop?.id ?? "" });
      expect(await statusesOf(4, () => send())).toEqual([201, 201, 201, 400]);
      expect((await (await texter(await world.service()))()).status).toBe(201);
    } finally {
      await operator.post("/platform/settings/flood-guard/removals", { countsBy: "prefix" });
    }
  });

  it("tells those who manage the service and those who run the installation, once", async () => {
    const service = await guarded();
    const manager = await admin.person({ in: service, permissions: ["manage_service"] });
    await statusesOf(4, await texter(service));
    const operator = await admin.person({ isPlatformAdmin: true });
    await tellOfFloods(world.app);
    await tellOfFloods(world.app);
    const emailsTo = async ({ emailAddress }: Person) => {
      const index = blindIndex(world.app.keys.searchIndex, emailAddress);
      return (await world.app.db.query`select n.id from notifications n where n.recipient_index = ${index}`).length;
    };
    expect(await emailsTo(manager)).toBe(1);
    expect(await emailsTo(operator)).toBeGreaterThanOrEqual(1); // of every service in which something is stopped
  });

  it("that has changed, or gone, disturbs no process that does not know yet", async () => {
    const service = await guarded({ windowMinutes: 5 });
    const send = await texter(service);
    const elsewhere = () => send(undefined, {}, { by: other });
    expect(await statusesOf(2, elsewhere)).toEqual([201, 201]);
    const form = { ...USUAL, windowMinutes: 600 };
    await saveFloodRule(world.app, actor, { serviceId: service.id, form });
    expect(await statusesOf(1, elsewhere)).toEqual([201]);
    expect(await statusesOf(1, () => send())).toEqual([201]);
    await removeFloodRule(world.app, actor, { serviceId: service.id, countsBy: "prefix" });
    expect(await statusesOf(4, elsewhere)).not.toContain(500);
    expect(await statusesOf(4, () => send())).toEqual([201, 201, 201, 201]);
  });

  it("that was lifted counts anew", async () => {
    const service = await guarded({ stopsMinutes: 0 });
    const send = await texter(service);
    expect(await statusesOf(4, () => send())).toEqual([201, 201, 201, 400]);
    const [stop] = await stopsOf(service);
    await liftFloodStop(world.app, actor, { serviceId: service.id, id: stop?.id ?? "" });
    expect(await statusesOf(4, () => send())).toEqual([201, 201, 201, 400]);
  });
});
