/** Asking for somebody to be reached: what is taken, what is refused, and who may ask about it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiAnswer, RequestOptions } from "../support/api.ts";
import {
  errorOf,
  last,
  NUMBER,
  type ReachStage,
  stageOfReaches,
  type ReachWish as Wish,
} from "../support/reach-stage.ts";

let stage: ReachStage;

beforeAll(async () => {
  stage = await stageOfReaches();
});
afterAll(() => stage.close());

describe("a request to reach somebody", () => {
  it("is kept whole and answered at once, and its first step goes with the values of all steps and its own", async () => {
    const reach = await stage.begun({
      reference: "court date",
      steps: [stage.text({ personalisation: { NAME: "Ms Lovelace" } }), stage.email({ until: "confirmed" })],
      most_cost: "0.40",
      priority: "high",
      deadline: 3_600,
    });
    expect(reach).toMatchObject({
      reference: "court date",
      status: "working",
      ended_at: null,
      reached_step: null,
      cost: 0,
      most_cost: 0.4,
      steps: [
        { step: 1, channel: "sms", state: "waiting", until: "delivered", wait_seconds: 600, notification: null },
        { step: 2, channel: "email", state: "waiting", until: "confirmed", wait_seconds: null },
      ],
    });
    await stage.look();
    const after = await stage.read(reach.id);
    expect(after).toMatchObject({ status: "working", cost: 0.024 });
    expect(after.steps.map(({ state }: { state: string }) => state)).toEqual(["under-way", "waiting"]);
    const sent = await stage.api.get(`/v2/notifications/${after.steps[0].notification.id}`, { as: stage.service });
    expect(sent.json).toMatchObject({
      reference: "court date",
      phone_number: NUMBER,
      body: expect.stringContaining("Hi Ms Lovelace, call us"),
    });
    const notification = await stage.world.latest(after.steps[0].notification);
    expect([notification.lane, Number(notification.validUntil) <= Date.parse(after.deadline) + 1_000]).toEqual([
      0,
      true,
    ]);
  });

  it("may name a contact in each step, whose number, address and values it takes", async () => {
    const contact = { phone_number: "07700 900321", email_address: "bo@example.org", first_name: "Bo" };
    const made = await stage.api.post("/v2/contacts", contact, { as: stage.service });
    const to = { contact_id: made.json.id, phone_number: undefined, email_address: undefined };
    const steps = [
      stage.chat({ ...to, recipient: { app: "whatsapp" }, wait_seconds: 60 }),
      stage.text(to),
      stage.email(to),
    ];
    const { id } = await stage.begun({ steps, personalisation: {} });
    await stage.look();
    const sent = await stage.api.get(`/v2/notifications/${await stage.notificationOf(id)}`, { as: stage.service });
    expect(sent.json).toMatchObject({
      recipient: { app: "whatsapp", phone_number: "+447700900321" },
      body: "Hello Bo, call us",
    });
    const wrong = [stage.text(), stage.chat({ ...to, recipient: { app: "telegram" } })];
    expect(errorOf(await stage.post({ steps: wrong }))[1].message).toBe(
      "Step 2: contact_id goes with a recipient that has nothing but its app, whatsapp or viber",
    );
    const unknown = [stage.email({ ...to, contact_id: stage.service.id })];
    expect(errorOf(await stage.post({ steps: unknown }))[1].message).toBe("Step 1: Contact not found");
  });

  it("is in the list of its kind of key, by reference, a page at a time", async () => {
    const made = [];
    for (let i = 0; i < 3; i += 1) made.push((await stage.begun({ reference: "listed", steps: [stage.email()] })).id);
    const list = (query: string, options: RequestOptions = {}) =>
      stage.api.get(`/v2/reach?${query}`, { as: stage.service, ...options });
    const idsOf = ({ json }: ApiAnswer) => json.reaches.map(({ id }: { id: string }) => id);
    expect(idsOf(await list("reference=listed"))).toEqual([...made].reverse());
    expect(idsOf(await list(`reference=listed&older_than=${made[1]}`))).toEqual([made[0]]);
    expect(idsOf(await list("reference=listed&status=reached"))).toEqual([]);
    expect(idsOf(await list("reference=listed", { with: "test" }))).toEqual([]);
    expect(errorOf(await list("status=done"))[0]).toBe(400);
  });

  it("happens once under an Idempotency-Key", async () => {
    const headers = { "idempotency-key": "reach-1" };
    const [first, ...twins] = await Promise.all(
      [1, 2, 3].map(() => stage.post({ steps: [stage.text()].map(last) }, { headers })),
    );
    for (const twin of twins) expect([twin.status, twin.json.id]).toEqual([201, first?.json.id]);
    expect(errorOf(await stage.post({ steps: [stage.email()] }, { headers }))[0]).toBe(409);
  });

  it("is another kind of key's business, or another service's, as any other thing is", async () => {
    const { id } = await stage.begun({ steps: [stage.email()] });
    const other = await stage.world.service();
    for (const options of [{ as: other }, { as: stage.service, with: "test" as const }]) {
      for (const answer of [
        await stage.api.get(`/v2/reach/${id}`, options),
        await stage.act(id, "confirmation", options),
        await stage.act(id, "cancellation", options),
      ])
        expect(errorOf(answer)).toEqual([404, { error: "NoResultFound", message: "No result found" }]);
    }
    expect((await stage.read(id)).status).toBe("working");
  });
});

describe("what cannot be done", () => {
  const count = async () => (await stage.world.app.db.query`select r.id from reaches r`).length;

  it.each<[string, () => Wish, string]>([
    ["ValidationError", () => ({ steps: [] }), "steps must have at least one step"],
    ["ValidationError", () => ({ steps: Array(6).fill(stage.email()) }), "steps has more than 5 steps"],
    ["ValidationError", () => ({ steps: [stage.email(), 1 as never] }), "steps must be objects"],
    ["ValidationError", () => ({ steps: [{}] }), "Step 1: channel is a required property"],
    [
      "ValidationError",
      () => ({ steps: [stage.email({ channel: "pigeon" })] }),
      "Step 1: channel pigeon is not one of [sms, email, letter, chat]",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.text(), stage.email({ email_address: "ada" })] }),
      "Step 2: email_address Not a valid email address",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.text(), stage.email({ phone_number: NUMBER })] }),
      "Step 2: Additional properties are not allowed (phone_number was unexpected)",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.text()] }),
      "Step 1: wait_seconds is for a step that another one follows",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.email({ until: "answered" })] }),
      "Step 1: until answered cannot be told of an email",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.chat({ recipient: { app: "telegram", chat_id: 5 }, until: "seen" })] }),
      "Step 1: until seen cannot be told of a message by Telegram",
    ],
    ["ValidationError", () => ({ steps: [stage.chat({ recipient: undefined })] }), "Step 1: recipient is a required"],
    [
      "ValidationError",
      () => ({ steps: [stage.chat({ recipient: { app: "whatsapp", phone_number: "1" } })] }),
      "Step 1: recipient phone_number Number is not valid",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.email({ personalisation: { a: { file: "" } } })] }),
      "Step 1: personalisation cannot have files",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.email()], deadline: 259_201 }),
      "deadline 259201 is greater than the maximum of 259200",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.email()], deadline: "2020-01-01T00:00:00Z" }),
      "deadline can not be in the past",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.email()], deadline: "soon" }),
      "deadline soon is neither a number of seconds nor a date time by ISO 8601",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.email()], most_cost: "-1" }),
      "most_cost -1 is not an amount such as 0.4, with six decimals at most",
    ],
    [
      "ValidationError",
      () => ({ steps: [stage.email()], callback_url: "http://example.org" }),
      "callback_url is not a valid https url",
    ],
    [
      "BadRequestError",
      () => ({ steps: [stage.text(), stage.email({ template_id: stage.service.id })] }),
      "Step 2: Template not found",
    ],
    [
      "BadRequestError",
      () => ({ steps: [stage.text({ template_id: stage.templates.email.templateId }), stage.email()] }),
      "Step 1: email template is not suitable for sms notification",
    ],
    [
      "BadRequestError",
      () => ({ steps: [stage.text(), stage.email()], personalisation: {} }),
      "Step 1: Missing personalisation: name",
    ],
    [
      "BadRequestError",
      () => ({ steps: [stage.text({ sms_sender_id: stage.service.id }), stage.email()] }),
      "Step 1: sms_sender_id",
    ],
    ["ValidationError", () => ({ steps: [stage.text(), stage.letter()] }), "Step 2: Address must be at least 3 lines"],
    [
      "BadRequestError",
      () => ({ steps: [last(stage.text())], most_cost: 0.01 }),
      "Every step costs more than most_cost",
    ],
  ])("is refused with one %s, and nothing is kept: %#", async (error, wish, message) => {
    const before = await count();
    const answer = await stage.post(wish());
    expect(answer.json.errors).toHaveLength(1);
    expect(errorOf(answer)).toEqual([400, { error, message: expect.stringContaining(message) }]);
    expect(await count()).toBe(before);
  });

  it("is what the key or the service may not, by the step that may not", async () => {
    expect(errorOf(await stage.post({ steps: [stage.email()] }, { with: "team" }))[1].message).toBe(
      "Step 1: Can’t send to this recipient using a team-only API key",
    );
    const texts = await stage.world.service({ permissions: ["sms"] });
    const { templateId: template_id } = await stage.world.template(texts, { body: "Hello" });
    const steps = [stage.text({ template_id }), stage.email({ template_id })];
    expect(errorOf(await stage.post({ steps }, { as: texts }))[1].message).toBe(
      "Step 2: Service is not allowed to send emails",
    );
    const answered = [last(stage.text({ template_id, until: "answered" }))];
    expect(errorOf(await stage.post({ steps: answered }, { as: texts }))[1].message).toContain(
      "Nobody can answer texts from",
    );
  });
});
