/** Rules for what messages may say: of a service and of the installation, by channel and country. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type ContentRuleForm,
  removeContentRule,
  saveContentRule,
} from "../../src/flow/content-rules/change-content-rules.ts";
import { approveRelease, askForRelease, rejectHeld } from "../../src/flow/held/release.ts";
import { cancelLetter } from "../../src/flow/letters/cancel-letter.ts";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { listHeldGroups } from "../../src/records/held/held-message-store.ts";
import { sandboxScanner } from "../../src/sandbox/scanner/sandbox-scanner.ts";
import { startAdmin, type TestAdmin } from "../support/admin.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 100 };
const actor = { userId: newRandomId(), ip: "192.0.2.1" };

let world: World;
let api: TestApi;
let admin: TestAdmin;
beforeAll(async () => {
  world = await createWorld({ scanning: { scanner: sandboxScanner, acceptsUnscanned: false, sandboxScanner } });
  api = await startApi(world.app);
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await api.close();
  await world.close();
});

function save(service: WorldService | undefined, change: Partial<ContentRuleForm>): Promise<void> {
  const form = {
    name: "No links",
    looksFor: "links",
    action: "refuse",
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

describe("a rule that holds", () => {
  const heldOf = async (service: WorldService) => {
    const groups = await listHeldGroups(world.app.db, { serviceId: service.id, limit: 9 });
    return groups.flatMap(({ messages, reasons }) => reasons.map((reason) => ({ messages, ...reason })));
  };
  const asleep = async (id: string) =>
    (await world.app.db.query<{ at: string }>`select j.wake_at::text as at from jobs j where j.id = ${id}`)[0]?.at;

  it("has two people look at what breaks it, and refuses what cannot wait for them", async () => {
    const service = await ruled({ action: "hold" });
    const send = await texter(service);
    expect((await send("Amala")).status).toBe(201);
    const { status, json } = await send("evil.example.com");
    expect([status, await asleep(json.id)]).toEqual([201, "infinity"]);
    expect(await heldOf(service)).toEqual([{ messages: 1, heldFor: "content-rule", ruleName: "No links" }]);
    const { timeline, isHeld } = await readMessage(world.app, service, json.id);
    expect([isHeld, timeline.at(-1)]).toMatchObject([true, { kind: "held-for-release", reason: "No links" }]);
    expect(refusalOf(await send("evil.example.com", { priority: "high" }))).toEqual(REFUSAL);
    expect((await send("evil.example.com", {}, "test")).status).toBe(201);
    expect(await heldOf(service)).toHaveLength(1);
  });

  it("holds chat messages, too", async () => {
    const service = await world.service({ permissions: ["chat"] });
    await save(service, { action: "hold", channels: ["chat"] });
    const { templateId } = await world.template(service, { channel: "chat", body: "See ((where))" });
    const chatTo = async (where: string) => {
      const recipient = { app: "telegram", chat_id: "5501" };
      const body = { template_id: templateId, recipient, personalisation: { where } };
      return (await api.post("/v2/notifications/chat", body, { as: service })).json.id as string;
    };
    expect([await asleep(await chatTo("us")), await asleep(await chatTo("example.org"))]).toEqual([
      undefined,
      "infinity",
    ]);
  });

  it("holds letters, too, until they are released or taken back", async () => {
    const service = await world.service({ permissions: ["letter", "chat"] });
    await save(service, { action: "hold", channels: ["letter"] });
    const wish = { channel: "letter", subject: "About", body: "See ((where))" } as const;
    const { templateId } = await world.template(service, { ...wish, welsh: { subject: "Am", body: "((lle))" } });
    const letterTo = async (values: object) => {
      const address = { address_line_1: "Amala Bird", address_line_2: "123 High Street", address_line_3: "SW14 6BH" };
      const body = { template_id: templateId, personalisation: { ...address, where: "us", lle: "yma", ...values } };
      return (await api.post("/v2/notifications/letter", body, { as: service })).json.id as string;
    };
    expect(await asleep(await letterTo({}))).toBeUndefined();
    const [held, inWelsh] = [await letterTo({ where: "example.org" }), await letterTo({ lle: "example.org" })];
    expect([await asleep(held), await asleep(inWelsh)]).toEqual(["infinity", "infinity"]);
    await cancelLetter(world.app, actor, { serviceId: service.id, notificationId: held });
    expect(await heldOf(service)).toEqual([{ messages: 1, heldFor: "content-rule", ruleName: "No links" }]);
    const template = { serviceId: service.id, templateId };
    const someone = async () => ({ userId: (await admin.person()).userId, ip: undefined });
    await askForRelease(world.app, await someone(), template);
    await approveRelease(world.app, await someone(), { ...template, upTo: inWelsh });
    expect(await asleep(inWelsh)).toBeUndefined();
    const late = await letterTo({ where: "example.org" });
    await rejectHeld(world.app, actor, { ...template, upTo: late });
    expect((await world.latest({ id: late })).status).toBe("cancelled");
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
