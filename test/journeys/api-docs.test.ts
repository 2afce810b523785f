import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiDocument } from "../../src/servers/api/docs/openapi/document.ts";
import type { Schema } from "../../src/servers/api/docs/openapi/types.ts";
import { type ApiAnswer, startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const EXAMPLE_ID = "11111111-2222-4333-8444-555555555555";

let world: World;
let api: TestApi;
let service: WorldService;

beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  service = await world.service();
});

afterAll(async () => {
  await api.close();
  await world.close();
});

const document = openApiDocument("https://api.example.org");
const schemas: Readonly<Record<string, Schema>> = document.components.schemas;

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "$ref" ? [String(inner)] : references(inner)));
}

describe("the description for programs", () => {
  it("is what the API answers with, for anybody", async () => {
    const answer = await api.get("/v2/openapi.json");
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it("names nothing that it does not describe", () => {
    for (const reference of references(document)) {
      expect(schemas[reference.replace("#/components/schemas/", "")], reference).toBeDefined();
    }
  });

  it("gives each operation a name of its own, and every parameter in its path", () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = (operation.parameters ?? []).filter((each) => each.in === "path").map(({ name }) => name);
      expect(described, path).toEqual(inPath);
    }
  });

  it.each(operations)("is right that $method $path is there, and that a token is needed or not", async (each) => {
    const path = each.path.replace("{id}", EXAMPLE_ID).replace("{version}", "1");
    const answer = await api.request(each.method, path);
    expect(answer.status).toBe(each.operation.security ? 200 : 401);
  });
});

/** What every send may say. */
const OPTIONS = {
  ...{ scheduled_for: null, priority: "low", valid_for_seconds: 60, undo_seconds: 0 },
  ...{ callback_url: "https://example.org/", no_store: false },
};

describe("answers have the fields that they are described with", () => {
  function fieldsOf(name: string): string[] {
    return Object.keys(schemas[name]?.properties ?? {}).sort();
  }

  async function send(channel: "sms" | "email"): Promise<ApiAnswer> {
    const { templateId } = await world.template(service, { channel });
    const to = channel === "sms" ? { phone_number: "07700900123" } : { email_address: "ada@example.org" };
    return api.post(`/v2/notifications/${channel}`, { ...to, template_id: templateId }, { as: service });
  }

  it.each([
    ["SmsAccepted", async () => (await send("sms")).json],
    ["EmailAccepted", async () => (await send("email")).json],
    ["ChatAccepted", async () => (await chat()).json],
    ["Notification", async () => notificationOf(await send("sms"))],
    ["Notification", async () => notificationOf(await send("email"))],
    ["Notifications", async () => (await api.get("/v2/notifications", { as: service })).json],
    ["Template", async () => (await templateAnswer("")).json],
    ["Templates", async () => (await api.get("/v2/templates", { as: service })).json],
    ["Preview", async () => (await templateAnswer("/preview")).json],
    ["ReceivedTexts", async () => (await api.get("/v2/received-text-messages", { as: service })).json],
    ["Verification", async () => (await verification()).json],
    ["Reach", async () => (await reach()).json],
    ["ReachStep", async () => (await reach()).json.steps[0]],
    ["Reaches", async () => (await api.get("/v2/reach", { as: service })).json],
    ["Suppression", async () => (await suppression({})).json],
    ["SuppressionsAdded", async () => (await suppression({ many: true })).json],
    ["Suppressions", async () => (await api.get("/v2/suppressions", { as: service })).json],
    ["SuppressionChecked", async () => (await suppression({ below: "/check" })).json],
    ["Contact", async () => (await contact({ phone_number: "07700900123" })).json],
    ["Contacts", async () => (await api.get("/v2/contacts", { as: service })).json],
    ["ContactFound", async () => (await contact({ phone_number: "07700900123" }, "s/search")).json],
    ["ContactGroup", async () => (await contact({ name: "Volunteers" }, "-groups")).json],
    ["ContactGroups", async () => (await api.get("/v2/contact-groups", { as: service })).json],
    ["Areas", async () => (await api.get("/v2/areas", { as: service })).json],
    ["NumberLookups", async () => (await lookUp("07700900123")).json],
    ["NumberLookup", async () => (await lookUp("07700900123")).json.lookups[0]],
    ["NumberLookup", async () => (await lookUp("12")).json.lookups[0]],
    ["Errors", async () => (await api.get("/v2/templates")).json],
    ["PlainError", async () => (await api.get("/v2/nothing")).json],
  ])("%s", async (name, ask) => {
    expect(Object.keys(await ask()).sort()).toEqual(fieldsOf(name));
  });

  async function chat(): Promise<ApiAnswer> {
    const chatty = await world.service({ permissions: ["chat"] });
    const { templateId } = await world.template(chatty, { channel: "chat", body: "Hello" });
    const recipient = { app: "telegram", chat_id: "4711" };
    const request = { recipient, template_id: templateId, personalisation: {}, reference: "r", ...OPTIONS };
    expect(Object.keys(request).sort()).toEqual(fieldsOf("ChatRequest").filter((name) => name !== "contact_id"));
    const answer = await api.post("/v2/notifications/chat", request, { as: chatty });
    const { content } = schemas["ChatAccepted"]?.properties ?? {};
    expect(Object.keys(answer.json.content).sort()).toEqual(Object.keys(content?.properties ?? {}).sort());
    return answer;
  }

  async function reach(): Promise<ApiAnswer> {
    const { templateId } = await world.template(service, { channel: "email" });
    const steps = [{ channel: "email", template_id: templateId, email_address: "ada@example.org" }];
    return api.post("/v2/reach", { steps }, { as: service });
  }

  it("and inside: what was accepted, its template, its content", async () => {
    const { json } = await send("email");
    const { content, template } = schemas["EmailAccepted"]?.properties ?? {};
    expect(Object.keys(json.content).sort()).toEqual(Object.keys(content?.properties ?? {}).sort());
    expect(Object.keys(json.template).sort()).toEqual(Object.keys(template?.properties ?? {}).sort());
  });

  it("requests take every field that they are described with", async () => {
    const text = await world.template(service);
    const sms = {
      phone_number: "07700900123",
      template_id: text.templateId,
      personalisation: {},
      reference: "r",
      flash: false,
      ...OPTIONS,
    };
    const described = fieldsOf("SmsRequest").filter((name) => !["sms_sender_id", "contact_id"].includes(name));
    expect(Object.keys(sms).sort()).toEqual(described);
    expect((await api.post("/v2/notifications/sms", sms, { as: service })).status).toBe(201);
    const unknown = await api.post("/v2/notifications/sms", { ...sms, more: 1 }, { as: service });
    expect(unknown.json.errors[0].message).toBe("Additional properties are not allowed (more was unexpected)");
  });

  const verification = () => api.post("/v2/verifications", { phone_number: "07700900123" }, { as: service });

  function suppression({ many = false, below = "" }): Promise<ApiAnswer> {
    const one = { email_address: "bob@example.org" };
    return api.post(`/v2/suppressions${below}`, many ? { suppressions: [one] } : one, { as: service });
  }

  const contact = (body: object, below = "s") => api.post(`/v2/contact${below}`, body, { as: service });

  const lookUp = (number: string) => api.post("/v2/number-lookups", { phone_numbers: [number] }, { as: service });

  async function notificationOf({ json }: ApiAnswer): Promise<unknown> {
    return (await api.get(`/v2/notifications/${json.id}`, { as: service })).json;
  }

  async function templateAnswer(below: string): Promise<ApiAnswer> {
    const { templateId } = await world.template(service, { channel: "email" });
    return api.request(below === "" ? "GET" : "POST", `/v2/template/${templateId}${below}`, { as: service });
  }
});

describe("the reference for people", () => {
  it("tells of every operation, every field of a request and every refusal", async () => {
    const { status, headers, text } = await api.get("/docs/api");
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    for (const { path, operation } of operations) {
      expect(text).toContain(`<code>${path}</code>`);
      expect(text).toContain(`id="${operation.operationId}"`);
    }
    for (const field of Object.keys(schemas["EmailRequest"]?.properties ?? {}))
      expect(text).toContain(`<code>${field}</code>`);
    expect(text).toContain("This Idempotency-Key has been used with a different request");
    expect(text).toContain("<code>content.from_email</code>");
  });

  it("leads only to what is there, and runs no scripts", async () => {
    const { text } = await api.get("/docs/api");
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const anchors = [...text.matchAll(/ (?:href="#|aria-labelledby=")([^"]+)"/g)].map(([, anchor]) => anchor);
    for (const anchor of anchors) expect(ids).toContain(anchor);
    const paths = [...text.matchAll(/ (?:href|src)="(\/[^"]*)"/g)].map(([, path]) => path ?? "");
    for (const path of new Set(paths)) expect((await api.get(path)).status, path).toBe(200);
    expect(text).not.toMatch(/<script|javascript:|\son\w+=|style="/i);
  });

  it("escapes the name of the host it was asked at", async () => {
    const nameless = await startApi({
      ...world.app,
      origins: { api: undefined, admin: undefined, documents: undefined },
    });
    const { text } = await nameless.get("/docs/api", { headers: { host: 'x"><script>' } });
    expect(text).not.toContain("<script>");
    await nameless.close();
  });

  it("is where /docs leads", async () => {
    const answer = await api.get("/docs");
    expect([answer.status, answer.headers.location]).toEqual([302, "/docs/api"]);
  });
});

describe("the first page", () => {
  it.each([
    [undefined, "the state"],
    ["*/*", "the state"],
    ["application/json, text/html;q=0.5", "the state"],
    ["text/html,application/xhtml+xml,*/*;q=0.8", "their services"],
  ])("for someone who accepts %s is %s", async (accept, expected) => {
    const headers: Record<string, string> = accept ? { accept } : {};
    const answer = await api.get("/", { headers });
    if (expected === "the state") expect([answer.status, answer.json.status]).toEqual([200, "ok"]);
    else expect([answer.status, answer.headers.location]).toEqual([302, "/services"]);
  });
});
