/** Rules for what messages may say: of a service and of the installation, by channel and country. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type ContentRuleForm,
  removeContentRule,
  saveContentRule,
} from "../../src/flow/content-rules/change-content-rules.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { sandboxScanner } from "../../src/sandbox/scanner/sandbox-scanner.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 100 };
const actor = { userId: newRandomId(), ip: "192.0.2.1" };

let world: World;
let api: TestApi;
beforeAll(async () => {
  world = await createWorld({ scanning: { scanner: sandboxScanner, acceptsUnscanned: false, sandboxScanner } });
  api = await startApi(world.app);
});
afterAll(async () => {
  await api.close();
  await world.close();
});

function save(service: WorldService | undefined, change: Partial<ContentRuleForm>): Promise<void> {
  const form = {
    name: "No links",
    looksFor: "links",
    entries: "",
    channels: ["sms", "email"],
    countries: [],
    ...change,
  };
  return saveContentRule(world.app, actor, { serviceId: service?.id, form });
}

async function ruled(change: Partial<ContentRuleForm> = {}): Promise<WorldService> {
  const service = await world.service({ permissions: ["sms", "email", "international_sms"] });
  await save(service, change);
  return service;
}

async function texter(service: WorldService) {
  const { templateId } = await world.template(service, { body: "Hello ((words))" });
  return (words: string, change: object = {}, kind: "live" | "test" = "live") => {
    const body = { phone_number: "07700 900123", template_id: templateId, personalisation: { words }, ...change };
    return api.post("/v2/notifications/sms", body, { as: service, with: kind });
  };
}

const refusalOf = ({ json }: { json: { errors?: object[] } }) => json.errors?.[0];
const REFUSAL = {
  error: "BadRequestError",
  message: "The message is not allowed by a rule of your service: No links",
};

describe("a text that breaks a rule of its service", () => {
  it("is refused for what its recipient would read, with any key, and nothing is kept of it", async () => {
    const service = await ruled();
    const send = await texter(service);
    expect((await send("Amala")).status).toBe(201);
    const refused = await send("evil.example.com/login");
    expect([refused.status, refusalOf(refused)]).toEqual([400, REFUSAL]);
    expect(refused.text).not.toContain("evil");
    expect((await send("evil.example.com", {}, "test")).status).toBe(400);
    expect((await send("evil.example.com", { phone_number: "07700900000" })).status).toBe(400);
    const kept = await world.app.db.query`select n.id from notifications n where n.service_id = ${service.id}`;
    expect(kept).toHaveLength(1);
  });

  it("goes to countries that the rule does not name", async () => {
    const send = await texter(await ruled({ countries: ["33"] }));
    expect((await send("example.org")).status).toBe(201);
    expect((await send("example.org", { phone_number: "+33 6 12 34 56 78" })).status).toBe(400);
  });

  it("goes once the rule is another, or is gone", async () => {
    const service = await ruled({ looksFor: "words", entries: "casino\nfree prize", name: "Scams" });
    const send = await texter(service);
    expect(refusalOf(await send("a FREE prïze"))).toMatchObject({ message: expect.stringContaining("Scams") });
    await save(service, { looksFor: "words", entries: "casino", name: "Scams" });
    expect((await send("a free prize")).status).toBe(201);
    expect((await send("a c4sino")).status).toBe(400);
    await removeContentRule(world.app, actor, { serviceId: service.id, name: "Scams" });
    expect((await send("a casino")).status).toBe(201);
  });

  it("is nobody else's business", async () => {
    await ruled();
    expect((await (await texter(await world.service()))("example.org")).status).toBe(201);
  });
});

describe("an email", () => {
  it("is held against the rules by subject and body, but for the links to its own files", async () => {
    const service = await world.service({ filesContact: "https://example.org/contact" });
    await save(service, { looksFor: "unlisted-links", entries: "example.org", channels: ["email"], name: "Ours" });
    const { templateId } = await world.template(service, {
      ...{ channel: "email", subject: "About ((what))", body: "See https://www.example.org and ((link))" },
    });
    const send = (personalisation: object) => {
      const body = { email_address: "amala@example.com", template_id: templateId, personalisation };
      return api.post("/v2/notifications/email", body, { as: service });
    };
    expect((await send({ what: "you", link: "[this](https://example.net)" })).status).toBe(400);
    expect((await send({ what: "https://example.net", link: "that" })).status).toBe(400);
    expect((await send({ what: "you", link: "amala@example.net" })).status).toBe(201);
    const file = { file: Buffer.from("a,b").toString("base64"), filename: "a.csv" };
    expect((await send({ what: "you", link: file })).json).toMatchObject({ id: expect.any(String) });
  });
});

describe("a rule of the installation", () => {
  it("is every service's, and is named as such", async () => {
    const send = await texter(await world.service());
    await save(undefined, { looksFor: "short-links", channels: ["sms"], name: "No short links" });
    // Processes have read their services a moment ago.
    await vi.waitFor(async () => expect((await send("bit.ly/3xY")).status).toBe(400), WAIT);
    expect(refusalOf(await send("bit.ly/3xY"))).toEqual({
      error: "BadRequestError",
      message: "The message is not allowed by a rule of this installation: No short links",
    });
    expect((await send("example.org")).status).toBe(201);
    await removeContentRule(world.app, actor, { serviceId: undefined, name: "No short links" });
  });
});
