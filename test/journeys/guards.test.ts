/** Guards that a service sets: texts that repeat are refused, and texts wait for the morning of whoever gets them. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { DISPATCH_QUEUES } from "../../src/flow/jobs.ts";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { changeRepeatLimits, setQuietHours, setServiceRepeatLimits } from "../../src/flow/services/guards.ts";
import { deleteRepeats } from "../../src/flow/upkeep/tidy.ts";
import { newId, newRandomId } from "../../src/platform/ids.ts";
import { findOrMakeDeployment } from "../../src/records/deployment/deployment-store.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { makeCarrier, startWorkings, untilWritten, type Workings } from "../support/workings.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const HOUR_MS = 3_600_000;
const actor = { userId: newRandomId(), ip: "192.0.2.1" };

let world: World;
let api: TestApi;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  await findOrMakeDeployment(world.app.db, { id: newId(), masterKeyFingerprint: "test" });
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const WORDS = "((words))";

async function sender(service: WorldService) {
  const { templateId } = await world.template(service, { body: WORDS });
  return async (words: string, change: object = {}, kind: "live" | "test" = "live") => {
    const body = { phone_number: "07700 900123", template_id: templateId, personalisation: { words }, ...change };
    return api.post("/v2/notifications/sms", body, { as: service, with: kind });
  };
}

async function limited(same: number | undefined, any: number | undefined): Promise<WorldService> {
  const service = await world.service();
  await setServiceRepeatLimits(world.app, actor, { serviceId: service.id, value: { same, any } });
  return service;
}

const refusalOf = ({ json }: { json: { errors?: object[] } }) => json.errors?.[0];
const SAME = {
  error: "BadRequestError",
  message: "The same text was sent to this number 2 times in the last hour: your service allows no more",
};
const ANY = {
  error: "BadRequestError",
  message: "Texts were sent to this number 3 times in the last hour: your service allows no more",
};

describe("texts that repeat", () => {
  it("are refused when they say the same too often, and when there are too many, until an hour has passed", async () => {
    const send = await sender(await limited(2, 3));
    expect([(await send("a")).status, (await send("a")).status]).toEqual([201, 201]);
    expect(refusalOf(await send("a"))).toEqual(SAME);
    expect((await send("a", { phone_number: "07700 900124" })).status).toBe(201);
    expect((await send("b")).status).toBe(201);
    expect(refusalOf(await send("c"))).toEqual(ANY);
    world.clock.advance(HOUR_MS + 1_000);
    expect((await send("a")).status).toBe(201);
  });

  it("are counted exactly, however many come at once", async () => {
    const send = await sender(await limited(0, 3));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send(`text ${i}`)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
  });

  it("do not count when they were refused for another reason in the end", async () => {
    const service = await limited(0, 10);
    const setDailyLimit = async (count: number) => {
      await world.app.db.query`update services set daily_limit_sms = ${count} where id = ${service.id}`;
      return sender({ ...service, ...(await world.reload(service)) });
    };
    const many = async (send: Awaited<ReturnType<typeof sender>>) => {
      const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => send(`text ${i}`)));
      return answers.filter(({ status }) => status === 201).length;
    };
    expect(await many(await setDailyLimit(3))).toBe(3);
    expect(await many(await setDailyLimit(1_000))).toBe(7);
  });

  it("go on where nothing is set, from test keys, to simulated numbers, and in another service", async () => {
    const free = await sender(await world.service());
    const guarded = await sender(await limited(1, 1));
    await guarded("a");
    for (let i = 0; i < 3; i += 1) {
      expect((await free("a")).status).toBe(201);
      expect((await guarded("a", {}, "test")).status).toBe(201);
      expect((await guarded("a", { phone_number: "07700900000" })).status).toBe(201);
    }
  });

  it("leave no trace of what was sent, and none at all after an hour", async () => {
    const service = await limited(5, 5);
    await (await sender(service))("a secret");
    const rows = await world.app.db.query`select r.* from repeats r where r.service_id = ${service.id}`;
    expect(rows).toHaveLength(2);
    world.clock.advance(HOUR_MS + 1_000);
    expect((await deleteRepeats(world.app)).repeats).toBeGreaterThanOrEqual(2);
    expect(await world.app.db.query`select r.latest_at from repeats r`).toEqual([]);
  });

  it("are held to what the installation says, unless the service says otherwise", async () => {
    await changeRepeatLimits(world.app, actor, { same: 2, any: 0 });
    const [silent, free] = [await sender(await world.service()), await sender(await limited(0, undefined))];
    for (const send of [silent, free]) for (let i = 0; i < 2; i += 1) await send("a");
    expect(refusalOf(await silent("a"))).toEqual(SAME);
    expect((await free("a")).status).toBe(201);
    await changeRepeatLimits(world.app, actor, { same: 0, any: 0 });
  });

  it.each([{ same: -1 }, { any: 1_001 }, { same: 1.5 }])("cannot be limited to %j", async (change) => {
    const value = { same: undefined, any: undefined, ...change };
    const { id: serviceId } = await world.service();
    await expect(setServiceRepeatLimits(world.app, actor, { serviceId, value })).rejects.toThrow("from 0 to 1000");
  });
});

describe("quiet hours", () => {
  let carrier: Awaited<ReturnType<typeof makeCarrier>>;
  let workings: Workings;
  beforeAll(async () => {
    await world.app.db.query`delete from jobs`;
    carrier = await makeCarrier(world.app);
    workings = await startWorkings(world.app);
  });
  afterEach(() => {
    carrier.texts.length = 0;
  });
  afterAll(async () => {
    await workings.stop();
    await carrier.stop();
  });

  /** Moves the clock to the next time that clocks in London show this hour. */
  function goTo(hour: number): void {
    const now = world.clock.now();
    const here = Number(new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "numeric" }).format(now));
    world.clock.advance(((hour - here + 24) % 24) * HOUR_MS);
  }

  async function quiet(): Promise<WorldService> {
    const service = await world.service({ prefixesTexts: false });
    const value = { from: "21:00", until: "08:00" };
    await setQuietHours(world.app, actor, { serviceId: service.id, value });
    return service;
  }

  const becomes = (id: string, status: string) =>
    vi.waitFor(async () => expect((await world.latest({ id })).status).toBe(status), WAIT);

  it("let a text wait for the morning, and its page says so", async () => {
    goTo(23);
    const service = await quiet();
    const { json } = await (await sender(service))("good morning");
    const held = await vi.waitUntil(async () => {
      const { timeline } = await readMessage(world.app, service, json.id);
      return timeline.find(({ kind }) => kind === "held");
    }, WAIT);
    const until = held.kind === "held" ? held.until : undefined;
    expect(new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", timeStyle: "short" }).format(until)).toBe(
      "08:00",
    );
    expect([carrier.texts, (await world.latest(json)).status]).toEqual([[], "created"]);
    goTo(9);
    await world.wakeJobs(DISPATCH_QUEUES.sms);
    await becomes(json.id, "delivered");
    await untilWritten(carrier, 1);
    expect(carrier.texts).toEqual(["good morning"]);
  });

  it("are no matter to what is urgent, to test keys, and to numbers where it is day", async () => {
    goTo(23);
    const send = await sender(await quiet());
    const urgent = await send("a code", { priority: "high" });
    await becomes(urgent.json.id, "delivered");
    await becomes((await send("a trial", {}, "test")).json.id, "delivered");
    await untilWritten(carrier, 2);
    expect(carrier.texts.toSorted()).toEqual(["a code", "a trial"]);
  });

  it("refuse what would no longer be valid, and end what runs out while it waits", async () => {
    goTo(23);
    const service = await quiet();
    const send = await sender(service);
    expect((await send("soon", { valid_for_seconds: 3_600 })).json.errors[0]).toEqual({
      error: "BadRequestError",
      message: expect.stringMatching(/^The recipient has quiet hours until \S+Z, when the text is no longer valid$/),
    });
    expect((await send("later", { valid_for_seconds: 43_200 })).status).toBe(201);
    goTo(12);
    const inTime = await send("at noon", { valid_for_seconds: 3_600 });
    expect(inTime.status).toBe(201);
  });

  it("of more than half a day, or without an end, are refused", async () => {
    const { id: serviceId } = await world.service();
    const set = (from: string, until: string) => setQuietHours(world.app, actor, { serviceId, value: { from, until } });
    await expect(set("20:00", "08:01")).rejects.toThrow("Quiet hours can last 12 hours at most");
    await expect(set("20:00", "20:00")).rejects.toThrow("end at another time");
    await expect(set("20:00", "")).rejects.toThrow("Enter times");
  });
});
