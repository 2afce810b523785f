import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ApiAnswer, startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const AT_ONCE = 60;
const LIMIT = 25;
const WAIT = { timeout: 30_000, interval: 20 };

let world: World;
let apis: TestApi[];

beforeAll(async () => {
  world = await createWorld();
  apis = [await startApi(world.app), await startApi({ ...world.app })];
});

afterAll(async () => {
  await Promise.all(apis.map((api) => api.close()));
  await world.close();
});

/** Sends many at once, in turn to each of `to`. */
async function sendMany(service: WorldService, to: TestApi[], change: object = {}): Promise<ApiAnswer[]> {
  const template = await world.template(service);
  const body = { phone_number: "07700900123", template_id: template.templateId, ...change };
  return Promise.all(
    Array.from({ length: AT_ONCE }, (_, turn) =>
      (to[turn % to.length] as TestApi).post("/v2/notifications/sms", body, { as: service }),
    ),
  );
}

async function storedFor(service: WorldService): Promise<number> {
  const [row] = await world.app.db.query<{ count: number }>`
    select count(*) from notifications n where n.service_id = ${service.id}`;
  return row?.count ?? 0;
}

function accepted(answers: ApiAnswer[]): number {
  return answers.filter(({ status }) => status === 201).length;
}

describe("the limit of a day", () => {
  it.each([1, 2])("is exact with %i servers, however many ask at once", async (servers) => {
    const service = await world.service({ dailyLimitSms: LIMIT });
    const answers = await sendMany(service, apis.slice(0, servers));
    expect(accepted(answers)).toBe(LIMIT);
    expect(await storedFor(service)).toBe(LIMIT);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const { json } of refused) {
      expect(json).toEqual({
        status_code: 429,
        errors: [{ error: "TooManyRequestsError", message: `Exceeded send limits (sms: ${LIMIT}) for today` }],
      });
    }
  });

  it("for texts abroad counts beside that for texts, and either stops them", async () => {
    const service = await world.service({
      permissions: ["sms", "international_sms"],
      dailyLimitSms: AT_ONCE,
      dailyLimitInternationalSms: LIMIT,
    });
    const abroad = await sendMany(service, apis, { phone_number: "+33612345678" });
    expect(accepted(abroad)).toBe(LIMIT);
    expect(abroad.find(({ status }) => status === 429)?.json.errors[0].message).toBe(
      `Exceeded send limits (international_sms: ${LIMIT}) for today`,
    );
    expect(accepted(await sendMany(service, apis))).toBe(AT_ONCE - LIMIT);
  });

  it("does not hold test keys, which do not count", async () => {
    const service = await world.service({ dailyLimitSms: 1 });
    const template = await world.template(service);
    const body = { phone_number: "07700900123", template_id: template.templateId };
    const send = (key: "test" | "live") =>
      (apis[0] as TestApi).post("/v2/notifications/sms", body, { as: service, with: key });
    const answers = [
      await send("test"),
      await send("test"),
      await send("live"),
      await send("live"),
      await send("test"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429, 201]);
  });
});

describe("the limit of a minute", () => {
  it("is that of Notify's bucket, exactly, with one server", async () => {
    // A bucket of ceil(72 / 3) + 1 tokens never gives its last one.
    const service = await world.service({ rateLimitPerMinute: 72 });
    const startedAtMs = performance.now();
    const answers = await sendMany(service, apis.slice(0, 1));
    const cameBack = Math.ceil(((performance.now() - startedAtMs) / 60_000) * 72);
    expect(accepted(answers)).toBeGreaterThanOrEqual(24);
    expect(accepted(answers)).toBeLessThanOrEqual(24 + cameBack);
    expect(answers.find(({ status }) => status === 429)?.json.errors).toEqual([
      { error: "RateLimitError", message: "Exceeded rate limit for key type LIVE of 72 requests per 60 seconds" },
    ]);
  });

  it("is shared by two servers, and is of each kind of key", async () => {
    const service = await world.service({ rateLimitPerMinute: 72 });
    const startedAtMs = performance.now();
    const answers = await sendMany(service, apis);
    const cameBack = Math.ceil(((performance.now() - startedAtMs) / 60_000) * 72);
    expect(accepted(answers)).toBeLessThanOrEqual(24 + cameBack);
    expect(accepted(answers)).toBeGreaterThanOrEqual(12);
    const template = await world.template(service);
    const body = { phone_number: "07700900123", template_id: template.templateId };
    const [api] = apis as [TestApi];
    expect((await api.post("/v2/notifications/sms", body, { as: service, with: "test" })).status).toBe(201);
  });

  it("does not hold reading", async () => {
    const service = await world.service({ rateLimitPerMinute: 0 });
    const [api] = apis as [TestApi];
    expect((await api.get("/v2/notifications", { as: service })).status).toBe(200);
    const template = await world.template(service);
    expect((await api.post(`/v2/template/${template.templateId}/preview`, {}, { as: service })).status).toBe(200);
  });
});

/** Whether something in this database waits for a lock at this moment. */
async function isHeldUp(): Promise<boolean> {
  const waiting = await world.app.db.query`
    select a.pid from pg_stat_activity a where a.datname = current_database() and a.wait_event_type = 'Lock'`;
  return waiting.length > 0;
}

describe("requests that are held up", () => {
  it("do not hold up those of another service", async () => {
    const api = apis[0] as TestApi;
    const [busy, other] = [await world.service(), await world.service()];
    const send = async (service: WorldService) => {
      const { templateId } = await world.template(service);
      const body = { phone_number: "07700900123", template_id: templateId };
      return async () => (await api.post("/v2/notifications/sms", body, { as: service })).status;
    };
    const [sendBusy, sendOther] = [await send(busy), await send(other)];
    expect([await sendBusy(), await sendOther()]).toEqual([201, 201]);
    const heldUp = await world.app.db.transaction(async (tx) => {
      await tx.query`select t.total from daily_totals t where t.service_id = ${busy.id} for update`;
      const waiting = { status: sendBusy(), isOver: false };
      void waiting.status.then(() => (waiting.isOver = true));
      await vi.waitUntil(isHeldUp, WAIT);
      expect([await sendOther(), await sendOther(), await sendOther()]).toEqual([201, 201, 201]);
      expect(waiting.isOver).toBe(false);
      return waiting;
    });
    expect(await heldUp.status).toBe(201);
  });
});
