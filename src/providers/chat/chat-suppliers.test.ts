import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ChatMessage, SupplierRequest } from "../provider.ts";
import type { ChatSupplier } from "./chat-supplier.ts";
import { gateway } from "./gateway.ts";
import { refuseStranger, refuseUnsigned } from "./proof.ts";
import { telegram } from "./telegram.ts";
import { viber } from "./viber.ts";
import { whatsapp } from "./whatsapp.ts";

const NOW = new Date("2026-11-30T12:00:00Z");
const message: ChatMessage = {
  notificationId: "0199a8f0-0000-7000-8000-000000000001",
  app: "whatsapp",
  to: "447700900123",
  title: "Library",
  text: "Hello",
  isAnswer: true,
};
const apps = {
  whatsapp: whatsapp({ phoneNumberId: "99", accessToken: "token", appSecret: "secret", verifyToken: "word" }),
  telegram: telegram({ token: "1:A", webhookSecret: "secret" }),
  viber: viber({ token: "secret" }),
  gateway: gateway({ url: "https://chat.example/messages", apps: ["viber-business"], token: "secret" }),
} satisfies Record<string, ChatSupplier>;

describe("a proof", () => {
  // RFC 4231 §4.3, test case 2.
  const body = Buffer.from("what do ya want for nothing?");
  const right = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

  it.each([
    ["right", right, "Jefe", undefined],
    ["right in capitals", right.toUpperCase(), "Jefe", undefined],
    ["of another secret", right, "Jane", 403],
    ["of another body", right.replace("5", "6"), "Jefe", 403],
    ["too short", right.slice(1), "Jefe", 403],
    ["no hexadecimal number", "z".repeat(64), "Jefe", 403],
    ["empty", "", "Jefe", 401],
    ["missing", undefined, "Jefe", 401],
    ["by an empty secret", createHmac("sha256", "").update(body).digest("hex"), "", 403],
  ])("that is %s", (_, given, secret, status) => {
    expect(refuseUnsigned(given, { body, secret })?.reply.status).toBe(status);
  });

  it.each([
    ["secret", "secret", undefined],
    ["Secret", "secret", 403],
    ["secret and more", "secret", 403],
    ["", "secret", 401],
    [undefined, "secret", 401],
    ["", "", 401],
  ])("%j for %j", (given, secret, status) => {
    expect(refuseStranger(given, secret)?.reply.status).toBe(status);
  });
});

describe("a request", () => {
  it.each([
    ["whatsapp", "https://graph.facebook.com/v23.0/99/messages"],
    ["telegram", "https://api.telegram.org/bot1:A/sendMessage"],
    ["viber", "https://chatapi.viber.com/pa/send_message"],
    ["gateway", "https://chat.example/messages"],
  ] as const)("to %s goes to %s", (app, url) => {
    expect(apps[app].compose(message, NOW)).toMatchObject({ url });
  });

  it("to WhatsApp has a template's values, and none where it has none", () => {
    const template = { name: "hello", language: "en", values: [] };
    const call = apps.whatsapp.compose({ ...message, isAnswer: false, template }, NOW);
    expect(JSON.parse(String("body" in call && call.body)).template).toEqual({
      name: "hello",
      language: { code: "en" },
    });
  });

  it("to Viber shows no longer a name than it takes, and cuts no character in two", () => {
    const call = apps.viber.compose({ ...message, title: "📚".repeat(40) }, NOW);
    expect(JSON.parse(String("body" in call && call.body)).sender.name).toBe("📚".repeat(28));
  });
});

describe("an answer", () => {
  const answered = (status: number, body: unknown) => {
    const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    return { kind: "answered", status, headers: {}, body: bytes } as const;
  };
  const error = (code: number) => ({ error: { code, message: "(#1) to 447700900123" } });

  it.each([
    ["whatsapp", 200, { messages: [{ id: "wamid.1" }] }, { kind: "accepted", references: ["wamid.1"] }],
    ["whatsapp", 200, { messages: [] }, { kind: "unavailable" }],
    ["whatsapp", 400, error(131026), { kind: "refused", dueTo: "message", code: "131026" }],
    ["whatsapp", 400, error(132001), { kind: "refused", dueTo: "message" }],
    ["whatsapp", 401, error(190), { kind: "unavailable", code: "190" }],
    ["whatsapp", 400, error(131056), { kind: "unavailable", retryAfterMs: 6_000, dueTo: "message" }],
    ["whatsapp", 400, error(130429), { kind: "throttled", code: "130429" }],
    ["whatsapp", 429, "", { kind: "throttled", afterMs: undefined }],
    ["whatsapp", 500, error(131026), { kind: "unavailable" }],
    ["whatsapp", 502, "<html>", { kind: "unavailable", code: "502" }],
    ["telegram", 200, { ok: true, result: { message_id: 1 } }, { kind: "accepted", references: [] }],
    ["telegram", 400, { ok: false, error_code: 400 }, { kind: "refused", dueTo: "message" }],
    ["telegram", 403, { ok: false, error_code: 403 }, { kind: "refused", dueTo: "message" }],
    ["telegram", 401, { ok: false, error_code: 401 }, { kind: "unavailable" }],
    ["telegram", 404, { ok: false, error_code: 404 }, { kind: "unavailable" }],
    ["telegram", 429, { error_code: 429, parameters: { retry_after: 7 } }, { kind: "throttled", afterMs: 7_000 }],
    ["telegram", 429, { error_code: 429, parameters: { retry_after: 1e9 } }, { afterMs: 3_600_000 }],
    ["telegram", 502, "", { kind: "unavailable" }],
    ["viber", 200, '{"status":0,"message_token":5741311803571721087}', { references: ["5741311803571721087"] }],
    ["viber", 200, { status: 5 }, { kind: "refused", code: "5" }],
    ["viber", 200, { status: 2 }, { kind: "unavailable", code: "2" }],
    ["viber", 200, { status: 12 }, { kind: "throttled", afterMs: undefined }],
    ["viber", 200, "", { kind: "unavailable" }],
    ["gateway", 202, "", { kind: "accepted", references: [message.notificationId] }],
    ["gateway", 400, "", { kind: "refused", dueTo: "message" }],
    ["gateway", 401, "", { kind: "unavailable" }],
    ["gateway", 302, "", { kind: "unavailable" }],
    ["gateway", 429, "", { kind: "throttled" }],
  ] as const)("of %s with %i and %j", (app, status, body, expected) => {
    const outcome = apps[app].readAnswer(answered(status, body), message);
    expect(outcome).toMatchObject(expected);
    expect(JSON.stringify(outcome)).not.toContain("447700900123");
  });
});

describe("an answer that asks for a moment", () => {
  it.each(["whatsapp", "telegram", "viber", "gateway"] as const)("of %s says how long in Retry-After", (app) => {
    const answer = { kind: "answered", status: 429, headers: { "retry-after": "9" }, body: Buffer.from("") } as const;
    expect(apps[app].readAnswer(answer, message)).toMatchObject({ kind: "throttled", afterMs: 9_000 });
  });
});

describe("a report", () => {
  const hmac = (body: string) => createHmac("sha256", "secret").update(body).digest("hex");
  const headersFor = (app: keyof typeof apps, body: string): SupplierRequest["headers"] => {
    if (app === "whatsapp") return { "x-hub-signature-256": `sha256=${hmac(body)}` };
    if (app === "viber") return { "x-viber-content-signature": hmac(body) };
    return app === "telegram" ? { "x-telegram-bot-api-secret-token": "secret" } : { authorization: "Bearer secret" };
  };
  const read = (app: keyof typeof apps, json: unknown) => {
    const body = typeof json === "string" ? json : JSON.stringify(json);
    return apps[app].reports?.parse({ headers: headersFor(app, body), query: {}, body: Buffer.from(body) });
  };
  const value = (change: object, number = "99") => ({
    object: "whatsapp_business_account",
    entry: [{ changes: [{ value: { metadata: { phone_number_id: number }, ...change } }] }],
  });
  const status = (name: string, more: object = {}) =>
    value({ statuses: [{ id: "wamid.1", status: name, timestamp: "1790000000", ...more }] });
  const written = (more: object) => value({ messages: [{ id: "wamid.2", from: "447700900123", ...more }] });
  const receipt = (more: object) => ({ kind: "receipt", receipt: more });
  const inbound = (text: string, more: object = {}) => ({ kind: "inbound", text: { text, ...more } });

  it.each([
    ["whatsapp", status("delivered"), [receipt({ reference: "wamid.1", status: "delivered" })]],
    ["whatsapp", status("read"), [receipt({ status: "delivered", isSeen: true })]],
    ["whatsapp", status("sent"), []],
    [
      "whatsapp",
      status("failed", { errors: [{ code: 131026 }] }),
      [receipt({ status: "permanent-failure", code: "131026" })],
    ],
    ["whatsapp", status("failed", { errors: [{ code: 131049 }] }), [receipt({ status: "temporary-failure" })]],
    ["whatsapp", status("failed"), [receipt({ status: "permanent-failure", code: "failed" })]],
    ["whatsapp", value({ statuses: [{ id: "x", status: "delivered" }] }, "98"), []],
    ["whatsapp", written({ type: "text", text: { body: "Hi" } }), [inbound("Hi", { from: "447700900123" })]],
    ["whatsapp", written({ type: "button", button: { text: "Yes" } }), [inbound("Yes")]],
    ["whatsapp", written({ type: "image", image: { caption: "Look" } }), [inbound("Look")]],
    ["whatsapp", written({ type: "image", image: {} }), [inbound("[image]")]],
    [
      "telegram",
      { update_id: 7, message: { chat: { id: 5 }, text: "Hi" } },
      [inbound("Hi", { from: "5", reference: "7" })],
    ],
    [
      "telegram",
      { update_id: 8, message: { chat: { id: -100 }, photo: [{}] } },
      [inbound("[photo]", { from: "-100" })],
    ],
    ["telegram", { update_id: 9, edited_message: {} }, []],
    [
      "viber",
      { event: "delivered", message_token: 1, timestamp: 1 },
      [receipt({ reference: "1", status: "delivered" })],
    ],
    ["viber", { event: "seen", message_token: 1 }, [receipt({ isSeen: true })]],
    ["viber", { event: "failed", message_token: 1 }, [receipt({ status: "permanent-failure" })]],
    ["viber", { event: "webhook", message_token: 1 }, []],
    [
      "viber",
      { event: "message", message_token: 2, sender: { id: "u" }, message: { text: "Hi" } },
      [inbound("Hi", { from: "u" })],
    ],
    ["gateway", { id: "1", status: "seen" }, [receipt({ reference: "1", status: "delivered", isSeen: true })]],
    ["gateway", { id: "2", app: "viber-business", from: "447700900123", text: "Hi" }, [inbound("Hi")]],
  ] as const)("of %s that says %j", (app, json, expected) => {
    expect(read(app, json)).toMatchObject({ kind: "news", news: expected, reply: { status: 200 } });
  });

  it.each(["whatsapp", "telegram", "viber", "gateway"] as const)("of %s that cannot be read is refused", (app) => {
    for (const body of ["", "[]", "null", "{}", '"x"'])
      expect(read(app, body)).toMatchObject({ kind: "refused", reply: { status: 400 } });
  });
});
