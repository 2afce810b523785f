import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServices } from "../../src/records/services/service-cache.ts";
import type { TemplateVersion } from "../../src/records/templates/template.ts";
import { createTemplates } from "../../src/records/templates/template-cache.ts";
import { type ApiAnswer, type RequestOptions, startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const TWINS = 20;

let world: World;
/** Two servers that share nothing but the database. */
let api: TestApi;
let otherApi: TestApi;
let service: WorldService;
let template: TemplateVersion;

beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  const { db } = world.app;
  otherApi = await startApi({
    ...world.app,
    services: createServices(db, world.app.keys),
    templates: createTemplates(db),
  });
  service = await world.service();
  template = await world.template(service, { body: "Hello ((name))" });
});

afterAll(async () => {
  await Promise.all([api.close(), otherApi.close()]);
  await world.close();
});

interface Sending extends RequestOptions {
  on?: TestApi;
  name?: string;
  key: string;
}

function send({ on = api, name = "Ada", key, ...options }: Sending): Promise<ApiAnswer> {
  const body = { phone_number: "07700900123", template_id: template.templateId, personalisation: { name } };
  return on.post("/v2/notifications/sms", body, { as: service, headers: { "idempotency-key": key }, ...options });
}

async function countStored(id: string): Promise<number> {
  return (await world.app.db.query`select 1 from notifications n where n.id = ${id}`).length;
}

describe("the same key and the same body", () => {
  it("give the same answer, on every server", async () => {
    const key = randomUUID();
    const first = await send({ key });
    expect(first.status).toBe(201);
    for (const on of [api, otherApi]) {
      const again = await send({ key, on });
      expect([again.status, again.text]).toEqual([201, first.text]);
    }
    expect(await countStored(first.json.id)).toBe(1);
  });

  it("are the same however the body is written", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const { templateId } = template;
    const written = [
      `{"phone_number":"07700900123","template_id":"${templateId}","personalisation":{"name":"é","a":[1.0]}}`,
      `{ "personalisation": {"a": [ 1.0 ], "name": "\\u00e9"}, "template_id": "${templateId}", "phone_number": "07700900123" }`,
      `{"phone_number":"07700900123","template_id":"${templateId}","personalisation":{"name":"é","a":[1]}}`,
    ];
    const answers = [];
    for (const body of written) answers.push(await api.post("/v2/notifications/sms", body, { as: service, headers }));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 409]);
    expect(answers[1]?.text).toBe(answers[0]?.text);
  });

  it("give an email's answer whole", async () => {
    const email = await world.template(service, { channel: "email", body: "((x))" });
    const body = {
      email_address: "ada@example.org",
      template_id: email.templateId,
      personalisation: { x: "[a](https://evil.example)" },
      sanitise_content_for: ["x"],
      one_click_unsubscribe_url: "https://example.org/stop",
      reference: "",
      scheduled_for: new Date(world.app.clock.now().getTime() + 60_000).toISOString(),
    };
    const headers = { "idempotency-key": randomUUID() };
    const answers = [api, otherApi].map(
      (on) => () => on.post("/v2/notifications/email", body, { as: service, headers }),
    );
    const texts = [];
    for (const ask of answers) texts.push((await ask()).text);
    expect(texts[1]).toBe(texts[0]);
    expect(texts[0]).toContain('"sanitised_content":{"x"');
  });

  it("make one notification of many twins at once, on two servers", async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: TWINS }, (_, turn) => send({ key, on: turn % 2 === 0 ? api : otherApi })),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    const [{ status, json }] = answers as [ApiAnswer];
    expect(status).toBe(201);
    expect(await countStored(json.id)).toBe(1);
    const [remembered] = await world.app.db.query<{ count: number }>`
      select count(*) from idempotency_keys k where k.notification_id = ${json.id}`;
    expect(remembered?.count).toBe(1);
  });

  it("cost one token and one of the day's texts", async () => {
    const poor = await world.service({ dailyLimitSms: 1, rateLimitPerMinute: 3 });
    const { templateId } = await world.template(poor);
    const body = { phone_number: "07700900123", template_id: templateId };
    const headers = { "idempotency-key": "once" };
    const ask = () => api.post("/v2/notifications/sms", body, { as: poor, headers });
    const answers = [await ask(), await ask(), await ask()];
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await api.post("/v2/notifications/sms", body, { as: poor })).status).toBe(429);
  });

  it("are forgotten after a day", async () => {
    const key = randomUUID();
    const first = await send({ key });
    await world.app.db.query`
      update idempotency_keys set created_at = now() - interval '24 hours' where notification_id = ${first.json.id}`;
    const next = await send({ key, name: "Grace" });
    expect(next.status).toBe(201);
    expect(next.json.id).not.toBe(first.json.id);
  });
});

describe("the same key", () => {
  it("with another body is refused, on every server and while the first is under way", async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      ["Ada", "Grace", "Edsger"].map((name, turn) => send({ key, name, on: turn === 2 ? otherApi : api })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect((await send({ key, name: "Alan", on: otherApi })).json).toEqual({
      status_code: 409,
      errors: [
        { error: "IdempotencyKeyError", message: "This Idempotency-Key has been used with a different request" },
      ],
    });
  });

  it("at another service, or with another kind of key, is another key", async () => {
    const key = randomUUID();
    const first = await send({ key });
    expect((await send({ key, with: "test" })).json.id).not.toBe(first.json.id);
    const other = await world.service();
    const { templateId } = await world.template(other);
    const body = { phone_number: "07700900123", template_id: templateId };
    const answer = await api.post("/v2/notifications/sms", body, { as: other, headers: { "idempotency-key": key } });
    expect(answer.status).toBe(201);
  });

  it("may be tried again after a refusal, even by twins who waited for it", async () => {
    const key = randomUUID();
    const empty = { phone_number: "07700900123", template_id: template.templateId };
    const ask = (body: object) =>
      api.post("/v2/notifications/sms", body, { as: service, headers: { "idempotency-key": key } });
    const refused = await Promise.all([ask(empty), ask(empty), ask(empty)]);
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect((await ask({ ...empty, personalisation: { name: "Ada" } })).status).toBe(201);
  });
});

it.each(["", " ", "a b", "é", "x".repeat(256)])("%j is no key", async (key) => {
  const answer = await send({ key });
  expect(answer.json.errors).toEqual([
    { error: "BadRequestError", message: "Idempotency-Key must be 1 to 255 visible ASCII characters" },
  ]);
});
