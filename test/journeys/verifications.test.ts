/** Codes that prove a number or an address: sent, checked, sent again, and followed by an email where the text does not arrive. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Refusal } from "../../src/core/refusal.ts";
import type { Intake } from "../../src/flow/intake/accept.ts";
import { FALLBACK_QUEUE } from "../../src/flow/jobs.ts";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { openContent } from "../../src/flow/personal-content.ts";
import { startFallbacks } from "../../src/flow/verification/fallback-worker.ts";
import type { KeyKind } from "../../src/records/services/service.ts";
import { type ApiAnswer, intakeOf, startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const NUMBER = "07700 900123";

let world: World;
let api: TestApi;
let service: WorldService;

beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
});
afterAll(async () => {
  await api.close();
  await world.close();
});
afterEach(async () => {
  await world.app.db.query`delete from throttles`;
});
beforeAll(async () => {
  service = await world.service();
});

async function begin(wish: object = {}, { as = service, with: kind = "live" as KeyKind, headers = {} } = {}) {
  return api.post("/v2/verifications", { phone_number: NUMBER, ...wish }, { as, with: kind, headers });
}

async function begun(wish: object = {}, options: Parameters<typeof begin>[1] = {}) {
  const answer = await begin(wish, options);
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.json;
}

/** As its recipient reads it; its notification has not been handed over yet. */
async function codeIn(verification: { notifications: { id: string }[] }, at = -1, owner = service): Promise<string> {
  const id = verification.notifications.at(at)?.id ?? "";
  return String(openContent(owner, await world.latest({ id })).personalisation["code"]);
}

const check = (id: string, code: string, as = service) => api.post(`/v2/verifications/${id}/check`, { code }, { as });
const resend = (id: string) => api.post(`/v2/verifications/${id}/resend`, "", { as: service });
const read = async (id: string) => (await api.get(`/v2/verifications/${id}`, { as: service })).json;
const errorOf = ({ status, json }: ApiAnswer) => [status, json.errors?.[0]];
const otherThan = (code: string) => (code === "111111" ? "222222" : "111111");

describe("a code", () => {
  it("is sent ahead of other texts, is good for five minutes, and proves the number once", async () => {
    const verification = await begun({ reference: "sign-up 1" });
    expect(verification).toMatchObject({
      status: "pending",
      reference: "sign-up 1",
      attempts_left: 5,
      verified_at: null,
    });
    const notification = await world.latest(verification.notifications[0]);
    expect(notification).toMatchObject({ lane: 0, channel: "sms", reference: "sign-up 1" });
    const apartMs = Number(notification.validUntil) - Date.parse(verification.expires_at);
    expect(Math.abs(apartMs)).toBeLessThan(5_000);
    const code = await codeIn(verification);
    expect(code).toMatch(/^\d{6}$/);
    const verified = await check(verification.id, ` ${code.slice(0, 3)} ${code.slice(3)} `);
    expect(verified.json).toMatchObject({
      status: "verified",
      verified_by: "sms",
      attempts_left: 0,
      resend_after: null,
    });
    expect(errorOf(await check(verification.id, code))).toEqual([
      400,
      expect.objectContaining({ error: "VerificationError", reason: "already-used" }),
    ]);
    expect(await read(verification.id)).toEqual(verified.json);
  });

  it("stands in no answer, on no page, and in no table", async () => {
    for (const kind of ["live", "test"] as const) {
      const answer = await begin({}, { with: kind });
      const code = await codeIn(answer.json);
      const { id } = answer.json.notifications[0];
      const shown = JSON.stringify([
        answer.json,
        (await api.get(`/v2/notifications/${id}`, { as: service })).json,
        await readMessage(world.app, service, id),
        await world.app.db
          .query`select v.*, c.* from verifications v join verification_codes c on c.verification_id = v.id`,
      ]);
      expect(shown).not.toContain(code);
    }
  });

  it("has the length and the characters that are asked for, however it is typed", async () => {
    const verification = await begun({ code_length: 8, code_characters: "letters" });
    const code = await codeIn(verification);
    expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
    expect((await check(verification.id, code.toLowerCase())).status).toBe(200);
  });

  it("is not the same code for another verification", async () => {
    const [one, other] = [await begun(), await begun()];
    const rows = await world.app.db.query<{ codeHash: Buffer }>`
      select c.code_hash from verification_codes c where c.verification_id = any(${[one.id, other.id]}::uuid[])`;
    expect(new Set(rows.map(({ codeHash }) => codeHash.toString("hex"))).size).toBe(2);
    expect((await check(other.id, await codeIn(one))).status).toBe(
      (await codeIn(one)) === (await codeIn(other)) ? 200 : 400,
    );
  });

  it("that is wrong says how many attempts are left, and after the last the right one is too late", async () => {
    const { id, notifications } = await begun({ max_attempts: 2 });
    const code = await codeIn({ notifications });
    expect(errorOf(await check(id, otherThan(code)))).toEqual([
      400,
      {
        error: "VerificationError",
        message: "The code is wrong: 1 attempt is left",
        reason: "wrong",
        attempts_left: 1,
      },
    ]);
    await check(id, otherThan(code));
    expect(errorOf(await check(id, code))[1]).toMatchObject({ reason: "too-many-attempts", attempts_left: 0 });
    expect(await read(id)).toMatchObject({ status: "too-many-attempts", attempts_left: 0 });
  });

  it("runs out", async () => {
    const { id, notifications } = await begun({ valid_for_seconds: 60 });
    const code = await codeIn({ notifications });
    world.clock.advance(60_000);
    expect(errorOf(await check(id, code))[1]).toMatchObject({ reason: "expired", attempts_left: 5 });
    expect(await read(id)).toMatchObject({ status: "expired", attempts_left: 0 });
  });

  it("gives no more attempts, and no more than one success, to those who ask at once", async () => {
    const wrong = await begun({ max_attempts: 3 });
    const bad = otherThan(await codeIn(wrong));
    const answers = await Promise.all(Array.from({ length: 30 }, () => check(wrong.id, bad)));
    const reasons = answers.map(({ json }) => json.errors[0].reason);
    expect(reasons.filter((reason) => reason === "wrong")).toHaveLength(3);
    const right = await begun({ max_attempts: 10 });
    const code = await codeIn(right);
    const all = await Promise.all(Array.from({ length: 10 }, () => check(right.id, code)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("is another service's business, or nobody's, as any other thing is", async () => {
    const { id } = await begun();
    const other = await world.service();
    for (const answer of [await check(id, "111111", other), await check(service.id, "111111")])
      expect(errorOf(answer)).toEqual([404, { error: "NoResultFound", message: "No result found" }]);
    expect((await read(id)).attempts_left).toBe(5);
  });
});

describe("a verification of another kind of key", () => {
  it("is not there: the sandbox shows codes, so they prove nothing about a number that is live", async () => {
    const [live, test] = [await begun(), await begun({}, { with: "test" })];
    world.clock.advance(30_000);
    const code = await codeIn(live);
    for (const [id, kind] of [
      [live.id, "test"],
      [live.id, "team"],
      [test.id, "live"],
    ] as const) {
      const by = { as: service, with: kind };
      const answers = [
        await api.get(`/v2/verifications/${id}`, by),
        await api.post(`/v2/verifications/${id}/check`, { code }, by),
        await api.post(`/v2/verifications/${id}/resend`, "", by),
      ];
      for (const answer of answers)
        expect(errorOf(answer)).toEqual([404, { error: "NoResultFound", message: "No result found" }]);
    }
    expect(await read(live.id)).toMatchObject({ status: "pending", attempts_left: 5 });
    expect((await check(live.id, code)).status).toBe(200);
  });
});

describe("a request for a code", () => {
  it.each([
    [{ phone_number: undefined }, "phone_number or email_address is a required property"],
    [{ phone_number: "07700" }, "phone_number Not enough digits"],
    [{ code_length: 3 }, "code_length 3 is less than the minimum of 4"],
    [{ code_length: 17 }, "code_length 17 is greater than the maximum of 16"],
    [{ valid_for_seconds: 1801 }, "valid_for_seconds 1801 is greater than the maximum of 1800"],
    [{ max_attempts: 11 }, "max_attempts 11 is greater than the maximum of 10"],
    [{ personalisation: { Code: "1" } }, "personalisation cannot have a code: it is made here"],
    [{ personalisation: { a: { file: "" } } }, "personalisation cannot have files"],
    [{ fallback_after_seconds: 30 }, "fallback_after_seconds is only for a phone_number with an email_address"],
    [
      { email_address: "a@example.org", fallback_after_seconds: 300 },
      "fallback_after_seconds must be less than valid_for_seconds",
    ],
    [{ to: "x" }, "Additional properties are not allowed (to was unexpected)"],
  ])("%j is refused: %s", async (change, message) => {
    expect(errorOf(await begin(change))).toEqual([400, { error: "ValidationError", message }]);
  });

  it("says what the service's template says, if that shows the code", async () => {
    const good = await world.template(service, { body: "Hi ((name)), ((code)) is good for ((valid for))" });
    const verification = await begun({ sms_template_id: good.templateId, personalisation: { name: "Ada" } });
    const [{ id }] = verification.notifications;
    const { personalisation } = openContent(service, await world.latest({ id }));
    expect(personalisation).toMatchObject({ name: "Ada", "valid for": "5 minutes" });
    const missing = await begin({ sms_template_id: good.templateId });
    expect(missing.json.errors[0].message).toBe("Missing personalisation: name");
    for (const body of ["No code", "((code??There is one))"]) {
      const { templateId } = await world.template(service, { body });
      expect(errorOf(await begin({ sms_template_id: templateId }))).toEqual([
        400,
        { error: "BadRequestError", message: "The template must have the placeholder ((code)) in its message" },
      ]);
    }
    const email = await world.template(service, { channel: "email", body: "((code))" });
    expect((await begin({ sms_template_id: email.templateId })).json.errors[0].message).toBe(
      "email template is not suitable for sms notification",
    );
  });

  it("sends the same verification once under an Idempotency-Key", async () => {
    const headers = { "idempotency-key": "sign-up-2" };
    const [first, ...twins] = await Promise.all([1, 2, 3].map(() => begin({}, { headers })));
    for (const twin of twins) expect([twin.status, twin.json.id]).toEqual([201, first?.json.id]);
    expect(errorOf(await begin({ code_length: 7 }, { headers }))[0]).toBe(409);
  });

  it("counts towards limits, and stores nothing where it is refused", async () => {
    const poor = await world.service({ dailyLimitSms: 1 });
    await begun({}, { as: poor });
    expect(errorOf(await begin({}, { as: poor }))[0]).toBe(429);
    const [{ count } = { count: -1 }] = await world.app.db.query<{ count: number }>`
      select count(*)::integer as count from verifications v where v.service_id = ${poor.id}`;
    expect(count).toBe(1);
  });

  it("is refused after ten codes to one recipient in an hour, and taken for another, and from a test key", async () => {
    for (let i = 0; i < 10; i += 1) await begun();
    const refused = await begin();
    expect(errorOf(refused)).toEqual([
      429,
      { error: "RateLimitError", message: "Too many codes were sent to this recipient: no more than 10 in an hour" },
    ]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(3_000);
    await begun({ phone_number: "07700 900124" });
    await begun({}, { with: "test" });
  });

  it("goes to the team alone with a team key, and to a simulated number without anything being kept", async () => {
    expect(errorOf(await begin({}, { with: "team" }))[1].message).toBe(
      "Can’t send to this recipient using a team-only API key",
    );
    const { id, status, notifications } = await begun({ phone_number: "07700900000" });
    expect([status, notifications]).toEqual(["pending", []]);
    expect((await api.get(`/v2/verifications/${id}`, { as: service })).status).toBe(404);
  });
});

describe("another code", () => {
  it("can be had after half a minute, once; both are good, each for its time", async () => {
    const first = await begun({ valid_for_seconds: 60 });
    const early = await resend(first.id);
    expect(errorOf(early)[0]).toBe(429);
    expect(Number(early.headers["retry-after"])).toBeGreaterThan(15);
    world.clock.advance(30_000);
    const second = await resend(first.id);
    expect(second.json).toMatchObject({ id: first.id, status: "pending", resend_after: null });
    expect(second.json.notifications).toHaveLength(2);
    world.clock.advance(31_000);
    expect(errorOf(await resend(first.id))).toEqual([
      400,
      {
        error: "BadRequestError",
        message: "No more codes can be sent for this verification: begin another one",
      },
    ]);
    const [old, fresh] = [await codeIn(second.json, 0), await codeIn(second.json, 1)];
    if (old !== fresh) expect(errorOf(await check(first.id, old))[1]).toMatchObject({ reason: "wrong" });
    expect((await check(first.id, fresh)).status).toBe(200);
  });

  it("is sent once to those who ask at once, and not after the code was used", async () => {
    const { id, notifications } = await begun();
    world.clock.advance(30_000);
    const answers = await Promise.all([1, 2, 3, 4].map(() => resend(id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    await check(id, await codeIn({ notifications }));
    expect(errorOf(await resend(id))[1]).toMatchObject({ reason: "already-used" });
  });

  it("that cannot be sent is not counted as sent", async () => {
    const poor = await world.service({ dailyLimitSms: 1 });
    const { id } = await begun({}, { as: poor });
    world.clock.advance(30_000);
    const refused = await api.post(`/v2/verifications/${id}/resend`, "", { as: poor });
    expect(refused.json.errors[0].message).toBe("Exceeded send limits (sms: 1) for today");
    const [row] = await world.app.db.query<{ sends: number; texts: number }>`
      select v.sends, v.texts from verifications v where v.id = ${id}`;
    expect(row).toEqual({ sends: 1, texts: 1 });
  });
});

describe("an email after the text", () => {
  const both = { email_address: "ada@example.org" };

  async function lookAtTexts(change: Partial<Intake> = {}): Promise<void> {
    // Before anybody is at work: what is leased and woken then is worked on twice.
    await world.wakeJobs(FALLBACK_QUEUE);
    const fallbacks = await startFallbacks({ ...intakeOf(world.app), ...change });
    fallbacks.wake();
    await vi.waitFor(async () => {
      const left = await world.app.db.query`
        select j.id from jobs j where j.queue = ${FALLBACK_QUEUE} and (j.wake_at is null or j.leases > 0)`;
      expect(left).toEqual([]);
    }, WAIT);
    await fallbacks.stop();
  }

  async function becomes(verification: { notifications: { id: string }[] }, status: string): Promise<void> {
    await world.app.db
      .query`update notifications set status = ${status} where id = ${verification.notifications[0]?.id}`;
  }

  const channelsOf = async (id: string) => (await read(id)).notifications.map(({ type }: { type: string }) => type);

  it("goes at once when the text fails, once, with a code of its own that is as good", async () => {
    const { id, ...verification } = await begun(both);
    await lookAtTexts();
    expect(await channelsOf(id)).toEqual(["sms"]);
    await becomes(verification, "permanent-failure");
    await lookAtTexts();
    await lookAtTexts();
    expect(await channelsOf(id)).toEqual(["sms", "email"]);
    const after = await read(id);
    expect((await check(id, await codeIn(after))).json).toMatchObject({ status: "verified", verified_by: "email" });
  });

  /** Towards the limits of their recipients, over all of them. */
  async function codesCounted(): Promise<number> {
    const [row] = await world.app.db.query<{ tries: number }>`select sum(t.tries)::integer as tries from throttles t`;
    return row?.tries ?? 0;
  }

  it.each([new Refusal("unavailable", "try again"), new Error("a fault")])(
    "goes later where it cannot be taken at the moment: %s",
    async (error) => {
      const { id, ...verification } = await begun(both);
      await becomes(verification, "permanent-failure");
      const counted = await codesCounted();
      await lookAtTexts({ flights: { board: () => Promise.reject(error) } });
      expect([await channelsOf(id), await codesCounted()]).toEqual([["sms"], counted]);
      await lookAtTexts();
      expect([await channelsOf(id), await codesCounted()]).toEqual([["sms", "email"], counted + 1]);
    },
  );

  it("goes once, whether or not whoever sent it lived to hear of it", async () => {
    const { id, ...verification } = await begun(both);
    await becomes(verification, "permanent-failure");
    const { flights } = intakeOf(world.app);
    const board: Intake["flights"]["board"] = async (passenger) => {
      await flights.board(passenger);
      throw new Error("the process ended");
    };
    await lookAtTexts({ flights: { board } });
    await lookAtTexts();
    const [row] = await world.app.db.query<{ emails: number }>`select v.emails from verifications v where v.id = ${id}`;
    expect([row?.emails, await channelsOf(id)]).toEqual([1, ["sms", "email"]]);
  });

  it("goes when the text is not delivered in time, and not while there is time", async () => {
    const { id } = await begun({ ...both, fallback_after_seconds: 20 });
    world.clock.advance(10_000);
    await lookAtTexts();
    expect(await channelsOf(id)).toEqual(["sms"]);
    world.clock.advance(11_000);
    await lookAtTexts();
    expect(await channelsOf(id)).toEqual(["sms", "email"]);
  });

  it("does not go when the text is delivered, or the code was used", async () => {
    const [delivered, used] = [await begun(both), await begun(both)];
    await becomes(delivered, "delivered");
    await check(used.id, await codeIn(used));
    await becomes(used, "permanent-failure");
    world.clock.advance(100_000);
    await lookAtTexts();
    expect([await channelsOf(delivered.id), await channelsOf(used.id)]).toEqual([["sms"], ["sms"]]);
  });

  it("counts towards the codes of its recipient, as another one by the same way does", async () => {
    const { id, ...verification } = await begun(both);
    await becomes(verification, "permanent-failure");
    await lookAtTexts();
    for (let i = 0; i < 9; i += 1) await begun({ phone_number: undefined, ...both });
    world.clock.advance(30_000);
    expect(errorOf(await resend(id))[1].message).toContain("Too many codes were sent to this recipient");
    const { id: late, ...other } = await begun(both);
    await becomes(other, "permanent-failure");
    await lookAtTexts();
    expect(await channelsOf(late)).toEqual(["sms"]);
  });

  it("is refused at once where it could not be sent later", async () => {
    const texts = await world.service({ permissions: ["sms"] });
    expect(errorOf(await begin(both, { as: texts }))).toEqual([
      400,
      { error: "BadRequestError", message: "Service is not allowed to send emails" },
    ]);
    const { templateId } = await world.template(service, { channel: "email", body: "no code" });
    expect(errorOf(await begin({ ...both, email_template_id: templateId }))[0]).toBe(400);
  });

  it("is what is sent first where there is no number", async () => {
    const { id, notifications } = await begun({ phone_number: undefined, ...both });
    expect(notifications.map(({ type }: { type: string }) => type)).toEqual(["email"]);
    expect((await check(id, await codeIn({ notifications }))).json.verified_by).toBe("email");
  });
});
