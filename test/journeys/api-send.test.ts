import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textMessage } from "../../src/flow/dispatch/messages.ts";
import { DISPATCH_QUEUES } from "../../src/flow/jobs.ts";
import { openContent } from "../../src/flow/personal-content.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const HOUR_MS = 3_600_000;

let world: World;
let api: TestApi;
let service: WorldService;

beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  service = await world.service({ name: "Example Library", textSender: "07700900999" });
});

afterAll(async () => {
  await api.close();
  await world.close();
});

async function countOf(table: "notifications" | "jobs", where: { serviceId: string }): Promise<number> {
  const { db } = world.app;
  const [row] =
    table === "notifications"
      ? await db.query<{ count: number }>`select count(*) from notifications n where n.service_id = ${where.serviceId}`
      : await db.query<{ count: number }>`
          select count(*) from jobs j join notifications n on n.id = j.id where n.service_id = ${where.serviceId}`;
  return row?.count ?? 0;
}

describe("sending a text", () => {
  it("answers with what will be sent, and keeps it with its job", async () => {
    const sender = await world.service({ textSender: "07700 900999" });
    const template = await world.template(sender, { body: "Hello ((name)), your code is ((code))." });
    const answer = await api.post(
      "/v2/notifications/sms",
      {
        phone_number: " 07700 900123 ",
        template_id: template.templateId.toUpperCase(),
        personalisation: { Name: "Ada", code: 42 },
        reference: "my-reference",
      },
      { as: sender },
    );
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      id: expect.stringMatching(UUID_V7),
      reference: "my-reference",
      content: { body: "Hello Ada, your code is 42.", from_number: "447700900999" },
      uri: `https://api.example.org/v2/notifications/${answer.json.id}`,
      template: {
        id: template.templateId,
        version: 1,
        uri: `https://api.example.org/services/${sender.id}/templates/${template.templateId}`,
      },
      scheduled_for: null,
    });
    expect(await world.latest(answer.json)).toMatchObject({ status: "created", channel: "sms", keyKind: "live" });
    expect(await countOf("jobs", { serviceId: sender.id })).toBe(1);
  });

  it("keeps the spelling of numbers, the last of repeated keys, and a key called __proto__", async () => {
    const template = await world.template(service, { body: "((a)) ((b)) ((c)) ((__proto__))" });
    const personalisation = '{"a": 1.0, "b": 12345678901234567890, "c": "first", "c": "last", "__proto__": "mine"}';
    const body = `{"phone_number": "07700900123", "template_id": "${template.templateId}", "personalisation": ${personalisation}}`;
    const answer = await api.post("/v2/notifications/sms", body, { as: service });
    expect(answer.json.content.body).toBe("1.0 12345678901234567890 last mine");
  });

  it.each([
    ["text/plain", "text/plain"],
    ["a type that is none", "nonsense;;;"],
    ["a charset it does not have", "application/json; charset=latin1"],
  ])("reads the body as JSON, even when it says it is %s", async (_, type) => {
    const template = await world.template(service, { body: "Café ((x))" });
    const body = { phone_number: "07700900123", template_id: template.templateId, personalisation: { x: "é" } };
    const answer = await api.post("/v2/notifications/sms", body, { as: service, headers: { "content-type": type } });
    expect([answer.status, answer.json.content.body]).toEqual([201, "Café é"]);
  });

  it.each<[string, BufferEncoding]>([
    ["UTF-8 with a byte order mark", "utf8"],
    ["UTF-16", "utf16le"],
  ])("reads a body in %s", async (_, encoding) => {
    const template = await world.template(service);
    const body = JSON.stringify({ phone_number: "07700900123", template_id: template.templateId });
    const answer = await api.post("/v2/notifications/sms", Buffer.from(`\uFEFF${body}`, encoding), { as: service });
    expect(answer.status).toBe(201);
  });

  it("takes a simulated recipient, and stores nothing", async () => {
    const sender = await world.service();
    const template = await world.template(sender);
    const body = { phone_number: "+44 7700 900 111", template_id: template.templateId };
    const answer = await api.post("/v2/notifications/sms", body, { as: sender, with: "team" });
    expect(answer.status).toBe(201);
    expect((await api.get(`/v2/notifications/${answer.json.id}`, { as: sender })).status).toBe(404);
    expect(await countOf("notifications", { serviceId: sender.id })).toBe(0);
  });

  it("builds links from the host it was asked at, unless the installation has a name", async () => {
    const nameless = await startApi({
      ...world.app,
      origins: { api: undefined, admin: undefined, documents: undefined },
    });
    const template = await world.template(service);
    const body = { phone_number: "07700900123", template_id: template.templateId };
    const answer = await nameless.post("/v2/notifications/sms", body, {
      as: service,
      headers: { "x-forwarded-host": "evil.example.org" },
    });
    expect(answer.json.uri).toBe(`${nameless.url}/v2/notifications/${answer.json.id}`);
    await nameless.close();
  });
});

describe("sending an email", () => {
  it("answers with its subject, its body as typed, and where it comes from", async () => {
    const template = await world.template(service, {
      channel: "email",
      subject: "Your  ((thing)) -- ready",
      body: "# Hello\n\n((list))\r\n",
    });
    const body = {
      email_address: "Ada@Example.org",
      template_id: template.templateId,
      personalisation: { thing: '"card"', list: ["a", "b"] },
      one_click_unsubscribe_url: "https://example.org/stop",
    };
    const answer = await api.post("/v2/notifications/email", body, { as: service });
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      id: expect.stringMatching(UUID_V7),
      reference: null,
      content: {
        subject: "Your “card” – ready",
        body: "# Hello\n\n\n\n* a\n* b",
        from_email: "example.library@notifications.example.org",
        one_click_unsubscribe_url: "https://example.org/stop",
      },
      uri: expect.any(String),
      template: expect.objectContaining({ version: 1 }),
      scheduled_for: null,
      sanitised_content: {},
    });
  });

  it("makes named values harmless, and says which it changed", async () => {
    const template = await world.template(service, { channel: "email", body: "((who)) ((what))" });
    const body = {
      email_address: "ada@example.org",
      template_id: template.templateId,
      personalisation: { who: "Ada", what: "[click here](https://evil.example)" },
      sanitise_content_for: ["WHO", "What"],
    };
    const answer = await api.post("/v2/notifications/email", body, { as: service });
    expect(answer.json.content).toMatchObject({ body: "Ada \\[click here\\]\\(\\)", one_click_unsubscribe_url: null });
    expect(answer.json.sanitised_content).toEqual({
      what: { unsanitised: "[click here](https://evil.example)", sanitised: "\\[click here\\]\\(\\)" },
    });
  });
});

describe("sending later", () => {
  async function schedule() {
    const template = await world.template(service);
    const at = new Date(world.app.clock.now().getTime() + HOUR_MS);
    const answer = await api.post(
      "/v2/notifications/sms",
      { phone_number: "07700900123", template_id: template.templateId, scheduled_for: at.toISOString() },
      { as: service },
    );
    return { answer, at, path: `/v2/notifications/${answer.json.id}` };
  }

  it("is echoed when it is accepted and when it is read, and nothing is sent before", async () => {
    const { answer, at, path } = await schedule();
    const written = at.toISOString().replace("Z", "000Z");
    expect(answer.json.scheduled_for).toBe(written);
    expect((await api.get(path, { as: service })).json).toMatchObject({ status: "created", scheduled_for: written });
    const [job] = await world.app.db.query<{
      wakeAt: Date;
    }>`select j.wake_at from jobs j where j.id = ${answer.json.id}`;
    expect(job?.wakeAt).toEqual(at);
  });

  it("can be cancelled, once for all", async () => {
    const { answer, path } = await schedule();
    const twins = await Promise.all([1, 2].map(() => api.post(`${path}/cancellation`, {}, { as: service })));
    for (const cancelled of twins) {
      expect(cancelled.status).toBe(201);
      expect(cancelled.json).toMatchObject({ id: answer.json.id, status: "cancelled", cost_in_pounds: 0 });
    }
    expect((await api.get(path, { as: service })).json).toMatchObject({
      status: "cancelled",
      completed_at: expect.any(String),
      sent_at: null,
    });
    expect(await jobExists(answer.json.id)).toBe(false);
  });

  it("cannot be cancelled once someone has begun to send it", async () => {
    const { answer, path } = await schedule();
    await world.app.db.query`
      update jobs set leases = 1, lease_ends_at = now() + interval '30 s' where queue = ${DISPATCH_QUEUES.sms} and id = ${answer.json.id}`;
    const late = await api.post(`${path}/cancellation`, {}, { as: service });
    expect(late.status).toBe(400);
    expect(late.json.errors).toEqual([
      { error: "BadRequestError", message: "Notification cannot be cancelled: it is already being sent" },
    ]);
    expect(await jobExists(answer.json.id)).toBe(true);
  });

  it("cannot be cancelled when it was to go at once, or by another service", async () => {
    const notification = await world.notification(service);
    const path = `/v2/notifications/${notification.id}/cancellation`;
    expect((await api.post(path, {}, { as: service })).json.errors[0].message).toBe(
      "Notification was not scheduled for later",
    );
    expect((await api.post(path, {}, { as: await world.service() })).status).toBe(404);
  });

  async function jobExists(id: string): Promise<boolean> {
    return (await world.app.db.query`select 1 from jobs j where j.id = ${id}`).length > 0;
  }
});

describe("what is asked beyond Notify's API", () => {
  it("is kept with the notification", async () => {
    const template = await world.template(service);
    const body = {
      phone_number: "07700900123",
      template_id: template.templateId,
      priority: "high",
      valid_for_seconds: 600,
      callback_url: "https://example.org/told",
      flash: true,
    };
    const answer = await api.post("/v2/notifications/sms", body, { as: service });
    const notification = await world.latest(answer.json);
    expect(notification.lane).toBe(0);
    expect(notification.validUntil).toEqual(new Date(notification.createdAt.getTime() + 600_000));
    expect(openContent(service, notification)).toMatchObject({
      callbackUrl: "https://example.org/told",
      isFlash: true,
    });
    const content = openContent(service, notification);
    expect(textMessage({ service, notification, template }, content)).toMatchObject({ flash: true });
  });
});
