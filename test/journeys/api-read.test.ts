import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEFAULT_PRINT_TIMETABLE } from "../../src/core/letter/print-timetable.ts";
import { newId } from "../../src/platform/ids.ts";
import { findOrMakeDeployment } from "../../src/records/deployment/deployment-store.ts";
import { setPrintTimetable } from "../../src/records/deployment/print-settings.ts";
import { insertInboundMessage } from "../../src/records/inbound-messages/inbound-message-store.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { PATIENCE } from "../support/patience.ts";
import { readyLetter } from "../support/ready-letters.ts";
import { createWorld, type TemplateWish, type World, type WorldService } from "../support/world.ts";

const UNKNOWN_ID = "11111111-2222-4333-8444-555555555555";
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000Z$/;
const PAGE_SIZE = 250;

let world: World;
let api: TestApi;

beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
});

afterAll(async () => {
  await api.close();
  await world.close();
});

function get(path: string, service: WorldService) {
  return api.get(path, { as: service });
}

describe("one notification", () => {
  it("has every field, and is read with any key of its service", async () => {
    const service = await world.service();
    const template = await world.template(service, { body: "Hello ((name))" });
    const notification = await world.notification(service, {
      template,
      to: " 07700 900123 ",
      personalisation: { name: "Ada" },
      reference: "r",
      keyKind: "test",
    });
    const answer = await get(`/v2/notifications/${notification.id}`, service);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      id: notification.id,
      reference: "r",
      email_address: null,
      phone_number: "07700 900123",
      line_1: null,
      line_2: null,
      line_3: null,
      line_4: null,
      line_5: null,
      line_6: null,
      postcode: null,
      type: "sms",
      status: "created",
      template: {
        id: template.templateId,
        version: 1,
        uri: `https://api.example.org/v2/template/${template.templateId}/version/1`,
      },
      body: "Hello Ada",
      subject: null,
      created_at: expect.stringMatching(MOMENT),
      created_by_name: null,
      sent_at: null,
      completed_at: null,
      scheduled_for: null,
      postage: null,
      one_click_unsubscribe_url: null,
      is_cost_data_ready: false,
      cost_in_pounds: null,
      ...{ cost: null, currency: "GBP" },
      cost_details: {},
    });
  });

  it("says when it was completed and what it cost, with a decimal point", async () => {
    const service = await world.service();
    const template = await world.template(service, { body: "x".repeat(200) });
    const at = new Date();
    const { id } = await world.notification(service, {
      template,
      status: "delivered",
      sentAt: at,
      updatedAt: at,
      createdAt: at,
    });
    await world.app.db.query`update notifications set attempts = 1 where id = ${id}`;
    const { json, text } = await get(`/v2/notifications/${id}`, service);
    expect(json).toMatchObject({ status: "delivered", is_cost_data_ready: true, completed_at: json.sent_at });
    expect(text).toMatch(
      /"cost_in_pounds":0\.0\d+,"cost_details":\{"billable_sms_fragments":2,"international_rate_multiplier":1\.0,/,
    );
  });

  it("costs nothing when it is an email, written as money", async () => {
    const service = await world.service();
    const { id } = await world.notification(service, { channel: "email", status: "sending" });
    const { text, json } = await get(`/v2/notifications/${id}`, service);
    expect(text).toContain('"is_cost_data_ready":true,"cost_in_pounds":0.0,"cost_details":{}');
    expect(json).toMatchObject({
      type: "email",
      email_address: "ada@example.org",
      subject: "A subject",
      completed_at: null,
    });
  });

  it("shows the link to unsubscribe: the one it was sent with, else that of its template", async () => {
    const service = await world.service();
    const template = await world.template(service, { channel: "email", hasUnsubscribeLink: true });
    const given = await world.notification(service, { template, oneClickUnsubscribeUrl: "https://example.org/stop" });
    const made = await world.notification(service, { template });
    expect((await get(`/v2/notifications/${given.id}`, service)).json.one_click_unsubscribe_url).toBe(
      "https://example.org/stop",
    );
    expect((await get(`/v2/notifications/${made.id}`, service)).json.one_click_unsubscribe_url).toMatch(
      new RegExp(`^https://api\\.example\\.org/unsubscribe/${made.id}/`),
    );
  });

  it("is not found by another service, after its retention, or when there is none", async () => {
    const service = await world.service();
    const notification = await world.notification(service);
    const path = `/v2/notifications/${notification.id}`;
    const missing = { status_code: 404, errors: [{ error: "NoResultFound", message: "No result found" }] };
    expect((await get(path, await world.service())).json).toEqual(missing);
    expect((await get(`/v2/notifications/${UNKNOWN_ID}`, service)).json).toEqual(missing);
    await world.app.db.query`update notifications set sealed_content = null where id = ${notification.id}`;
    expect((await get(path, service)).json).toEqual(missing);
    expect((await get("/v2/notifications", service)).json.notifications).toEqual([]);
  });

  it("has an id, in any spelling", async () => {
    const service = await world.service();
    const { id } = await world.notification(service);
    for (const spelling of [id.toUpperCase(), id.replaceAll("-", ""), `{${id}}`, `urn:uuid:${id}`]) {
      expect((await get(`/v2/notifications/${encodeURIComponent(spelling)}`, service)).json.id).toBe(id);
    }
    for (const wrong of ["sms", `%20${id}`, "1"]) {
      expect((await get(`/v2/notifications/${wrong}`, service)).json.errors).toEqual([
        { error: "ValidationError", message: "notification_id is not a valid UUID" },
      ]);
    }
  });

  it("has no PDF unless it is a letter", async () => {
    const service = await world.service();
    const { id } = await world.notification(service);
    expect((await get(`/v2/notifications/${id}/pdf`, service)).json.errors).toEqual([
      { error: "BadRequestError", message: "Notification is not a letter" },
    ]);
    expect((await get(`/v2/notifications/${UNKNOWN_ID}/pdf`, service)).status).toBe(404);
    expect((await get("/v2/notifications/x/pdf", service)).status).toBe(400);
  });
});

describe("a letter", () => {
  it("is expected when this installation prints, once for itself and once in a list", async () => {
    const service = await world.service();
    const { id } = await readyLetter(world, service);
    const expected = async () => {
      const [one, list] = [await get(`/v2/notifications/${id}`, service), await get("/v2/notifications", service)];
      expect(list.json.notifications[0].estimated_delivery).toBe(one.json.estimated_delivery);
      return one.json.estimated_delivery;
    };
    expect(await expected()).toMatch(/T1[56]:00:/); // four in the afternoon in London, in winter or summer
    const timetable = { ...DEFAULT_PRINT_TIMETABLE, timeZone: "Asia/Tokyo" };
    await findOrMakeDeployment(world.app.db, { id: newId(), masterKeyFingerprint: "of this test" });
    await world.app.db.transaction((tx) => setPrintTimetable(tx, timetable));
    await vi.waitFor(async () => expect(await expected()).toMatch(/T07:00:/), PATIENCE);
  });
});

describe("a list of notifications", () => {
  it("holds those sent with the same kind of key, newest first", async () => {
    const service = await world.service();
    const first = await world.notification(service);
    const second = await world.notification(service, { channel: "email" });
    const tried = await world.notification(service, { keyKind: "test" });
    const ids = (answer: { json: { notifications: { id: string }[] } }) =>
      answer.json.notifications.map(({ id }) => id);
    expect(ids(await get("/v2/notifications", service))).toEqual([second.id, first.id]);
    expect(ids(await api.get("/v2/notifications", { as: service, with: "test" }))).toEqual([tried.id]);
  });

  it("is filtered by kind, status and reference", async () => {
    const service = await world.service();
    const failed = await world.notification(service, { status: "permanent-failure", reference: "a" });
    const email = await world.notification(service, { channel: "email", reference: "A" });
    const sent = await world.notification(service, { status: "delivered", reference: "" });
    const found = async (query: string) =>
      (await get(`/v2/notifications?${query}`, service)).json.notifications.map(({ id }: { id: string }) => id);
    expect(await found("status=failed")).toEqual([failed.id]);
    expect(await found("status=accepted")).toEqual([email.id]);
    expect(await found("status=received&status=failed")).toEqual([sent.id, failed.id]);
    expect(await found("template_type=email&template_type=letter")).toEqual([email.id]);
    expect(await found("reference=a&reference=A")).toEqual([failed.id]);
    expect(await found("reference=")).toEqual([sent.id]);
    expect(await found("include_jobs=True&status=cancelled")).toEqual([]);
  });

  it("comes in pages, each with a link to the next", async () => {
    const service = await world.service();
    const template = await world.template(service);
    const ids: string[] = [];
    for (let made = 0; made < PAGE_SIZE + 1; made += 1) {
      ids.unshift((await world.notification(service, { template, reference: "a b" })).id);
    }
    const url = "https://api.example.org/v2/notifications";
    const first = await get("/v2/notifications?status=created&reference=a%20b&reference=c&status=sending", service);
    const kept = "status=created&status=sending&reference=a+b";
    expect(first.json.notifications.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, PAGE_SIZE));
    expect(first.json.links).toEqual({
      current: `${url}?${kept}`,
      next: `${url}?${kept}&older_than=${ids[PAGE_SIZE - 1]}`,
    });
    const second = await get(first.json.links.next.slice("https://api.example.org".length), service);
    expect(second.json.notifications).toHaveLength(1);
    expect(second.json.links.next).toBe(`${url}?${kept}&older_than=${ids[PAGE_SIZE]}`);
    const third = await get(`/v2/notifications?older_than=${ids[PAGE_SIZE]}`, service);
    expect(third.json).toEqual({ notifications: [], links: { current: `${url}?older_than=${ids[PAGE_SIZE]}` } });
  });

  it("is empty after a notification that the service does not have", async () => {
    const service = await world.service();
    await world.notification(service);
    const strange = await world.notification(await world.service());
    const url = "https://api.example.org/v2/notifications";
    expect((await get(`/v2/notifications?older_than=${strange.id}`, service)).json).toEqual({
      notifications: [],
      links: { current: `${url}?older_than=${strange.id}` },
    });
    expect((await get("/v2/notifications", service)).json.links.current).toBe(url);
  });
});

describe("templates", () => {
  it("are shown with the values they ask for, by id and by version", async () => {
    const service = await world.service();
    const template = await world.template(service, {
      channel: "email",
      name: "Welcome",
      subject: "Hello ((name))",
      body: "((Name)) and ((show??((x)) yes))",
    });
    const { json } = await get(`/v2/template/${template.templateId}`, service);
    expect(json).toEqual({
      id: template.templateId,
      name: "Welcome",
      type: "email",
      created_at: expect.stringMatching(MOMENT),
      updated_at: null,
      version: 1,
      created_by: "editor@example.org",
      body: "((Name)) and ((show??((x)) yes))",
      subject: "Hello ((name))",
      personalisation: { name: { required: true }, x: { required: true } },
      postage: null,
      letter_contact_block: null,
    });
    for (const version of ["1", "01", "0"]) {
      expect((await get(`/v2/template/${template.templateId}/version/${version}`, service)).json).toEqual(json);
    }
  });

  it.each([
    ["/v2/template/x", 400, "id is not a valid UUID"],
    ["/v2/template/x/version/1", 400, "id is not a valid UUID"],
    [`/v2/template/${UNKNOWN_ID}`, 404, "No result found"],
    [`/v2/template/${UNKNOWN_ID}/version/1`, 404, "No result found"],
    [`/v2/template/${UNKNOWN_ID}/version/99999999999999999999`, 404, "No result found"],
  ])("%s is refused", async (path, status, message) => {
    const { json } = await get(path, await world.service());
    expect([json.status_code, json.errors[0].message]).toEqual([status, message]);
  });

  it.each(["-1", "1.0", "x"])("have no version %s, not even an address for it", async (version) => {
    const answer = await api.get(`/v2/template/${UNKNOWN_ID}/version/${version}`);
    expect([answer.status, answer.json.result]).toEqual([404, "error"]);
  });

  it("are listed by name, without archived ones and those of others", async () => {
    const service = await world.service();
    const { templateId } = await world.template(service, { name: "C" });
    await world.app.db.query`update templates set archived_at = now() where id = ${templateId}`;
    await world.template(service, { name: "B", channel: "email" });
    await world.template(service, { name: "A" });
    await world.template(await world.service(), { name: "D" });
    const names = async (query: string) =>
      (await get(`/v2/templates${query}`, service)).json.templates.map(({ name }: { name: string }) => name);
    expect(await names("")).toEqual(["A", "B"]);
    expect(await names("?type=email&type=nonsense")).toEqual(["B"]);
    expect((await get("/v2/templates?type=bad", service)).json.errors[0].message).toBe(
      "type bad is not one of [sms, email, letter]",
    );
  });

  it("can be previewed", async () => {
    const service = await world.service();
    const email = await world.template(service, { channel: "email", subject: "Hi ((n))", body: "# ((n)) <b>" });
    const sms = await world.template(service, { body: "Plain" });
    const preview = (id: string, body: unknown) => api.post(`/v2/template/${id}/preview`, body, { as: service });
    const shown = await preview(email.templateId, { personalisation: { N: "<Ada>" }, unknown: 1 });
    expect(shown.status).toBe(200);
    expect(shown.json).toEqual({
      id: email.templateId,
      type: "email",
      version: 1,
      body: "# <Ada> <b>",
      html: expect.stringContaining("&lt;Ada&gt;"),
      subject: "Hi <Ada>",
      postage: null,
    });
    expect((await preview(email.templateId, "")).json.errors).toEqual([
      { error: "BadRequestError", message: "Missing personalisation: n" },
    ]);
    for (const body of ["", "{}", { personalisation: [] }]) {
      expect((await preview(sms.templateId, body)).json).toMatchObject({ body: "Plain", html: null, subject: null });
    }
    expect((await preview(sms.templateId, " ")).json.errors[0].message).toBe("Invalid JSON supplied in POST data");
    expect((await preview(UNKNOWN_ID, {})).status).toBe(404);
  });
});

describe("letter templates", () => {
  const bilingual: TemplateWish = {
    ...{ channel: "letter", subject: "Dear ((name))", body: "((body))", postage: "first" },
    ...{ contactBlock: "Office\n((tel))", welsh: { subject: "Annwyl ((enw))", body: "((corff)) ((TEL))" } },
  };

  it("are shown with what only letters have, and every value they ask for in order", async () => {
    const service = await world.service();
    const { templateId } = await world.template(service, bilingual);
    const { json } = await get(`/v2/template/${templateId}`, service);
    expect(json).toMatchObject({
      ...{ type: "letter", subject: "Dear ((name))", body: "((body))", postage: "first" },
      letter_contact_block: "Office\n((tel))",
    });
    expect(Object.entries(json.personalisation)).toEqual(
      ["tel", "enw", "corff", "name", "body"].map((name) => [name, { required: true }]),
    );
  });

  it("in two languages are previewed in English, with the values of both", async () => {
    const service = await world.service();
    const { templateId } = await world.template(service, bilingual);
    const values = { tel: "0303", name: "Ada", body: "Hello" };
    const preview = (personalisation: object) =>
      api.post(`/v2/template/${templateId}/preview`, { personalisation }, { as: service });
    expect((await preview(values)).json.errors[0].message).toBe("Missing personalisation: enw, corff");
    const { json } = await preview({ ...values, enw: "Ada", corff: "Helo" });
    expect(json).toMatchObject({ subject: "Dear Ada", body: "Hello", html: null, postage: "first" });
  });

  it("are previewed without HTML, their subject as it is in the answer to a send", async () => {
    const service = await world.service();
    const { templateId } = await world.template(service, {
      ...{ channel: "letter", subject: "((a))'s <b>", body: "* ((a)) <b>\n", postage: "economy" },
    });
    const body = { personalisation: { a: "O & P" } };
    expect((await api.post(`/v2/template/${templateId}/preview`, body, { as: service })).json).toEqual({
      ...{ id: templateId, type: "letter", version: 1, html: null, postage: "economy" },
      body: "* O & P <b>",
      subject: "O &amp; P’s &lt;b&gt;",
    });
    expect((await api.post(`/v2/template/${templateId}/preview`, {}, { as: service })).json.errors).toEqual([
      { error: "BadRequestError", message: "Missing personalisation: a" },
    ]);
  });
});

describe("received texts", () => {
  it("are listed newest first, with exactly six fields", async () => {
    const service = await world.service();
    await world.inboundNumber(service, "07700900777");
    const ids = [await receive(service, "first"), await receive(service, "second")];
    const { json } = await get("/v2/received-text-messages", service);
    const url = "https://api.example.org/v2/received-text-messages";
    expect(json.received_text_messages.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
    expect(json.received_text_messages[1]).toEqual({
      id: ids[0],
      created_at: expect.stringMatching(MOMENT),
      service_id: service.id,
      notify_number: "07700900777",
      user_number: "447700900123",
      content: "first",
    });
    expect(json.links).toEqual({ current: url, next: `${url}?older_than=${ids[0]}` });
    const older = await get(`/v2/received-text-messages?older_than=${ids[1]}`, service);
    expect(older.json.received_text_messages.map(({ id }: { id: string }) => id)).toEqual([ids[0]]);
    expect(older.json.links.current).toBe(url);
    const none = await get(`/v2/received-text-messages?older_than=${ids[0]}`, service);
    expect(none.json).toEqual({ received_text_messages: [], links: { current: url } });
  });

  async function receive(service: WorldService, content: string): Promise<string> {
    const id = newId();
    const at = new Date();
    const message = { id, serviceId: service.id, notifyNumber: "07700900777", userNumber: "447700900123", content };
    await world.app.db.transaction((tx) =>
      insertInboundMessage(tx, service, {
        ...message,
        ...{ sentAt: at, createdAt: at, senderIndex: Buffer.alloc(32), provider: "p", providerReference: undefined },
      }),
    );
    return id;
  }
});

describe("the state of the installation", () => {
  it("is told to anybody, by GET and POST", async () => {
    for (const method of ["GET", "POST"]) {
      const answer = await api.request(method, "/_status");
      expect(answer.status).toBe(200);
      expect(answer.json).toEqual({ status: "ok", db_version: expect.stringMatching(/^\d{4}-/) });
      expect((await api.request(method, "/_status?simple=1")).json).toEqual({ status: "ok" });
    }
  });

  it("counts what is live", async () => {
    const before = (await api.get("/_status/live-service-and-organisation-counts")).json;
    await world.service();
    await world.service({ isTrial: true });
    expect((await api.get("/_status/live-service-and-organisation-counts")).json).toEqual({
      organisations: before.organisations,
      services: before.services + 1,
    });
  });
});
