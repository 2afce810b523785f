import { createVerifier } from "fast-jwt";
import { NotifyClient } from "notifications-node-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import {
  API_KEY,
  failureOf,
  ID,
  rejectionOf,
  type ScriptedApi,
  SECRET,
  SERVICE_ID,
  startScriptedApi,
  TEMPLATE_ID,
} from "../test/scripted-api.ts";
import { DEFAULT_BASE_URL, PennypostClient } from "./index.ts";

let api: ScriptedApi;
beforeEach(async () => {
  api = await startScriptedApi();
});
afterEach(() => api.close());

describe("a new client", () => {
  it.each([
    ["an options object", () => new PennypostClient({ baseUrl: api.baseUrl, apiKey: API_KEY })],
    ["a base URL and a key", () => new PennypostClient(api.baseUrl, API_KEY)],
    ["a base URL with a slash at the end", () => new PennypostClient(`${api.baseUrl}/`, API_KEY)],
    ["a key with white space around it", () => new PennypostClient(api.baseUrl, ` ${API_KEY}\n`)],
    ["a key without a name", () => new PennypostClient(api.baseUrl, `${SERVICE_ID}-${SECRET}`)],
  ])("is made from %s", async (_how, make) => {
    await make().getTemplateById(TEMPLATE_ID);
    expect(api.seen[0]?.path).toBe(`/v2/template/${TEMPLATE_ID}`);
  });

  it("made from a key alone calls where Pennypost listens by default", async () => {
    const urls: unknown[] = [];
    const fetch = (async (url: unknown) => {
      urls.push(url);
      return new Response("{}");
    }) as typeof globalThis.fetch;
    await new PennypostClient({ apiKey: API_KEY, fetch }).getAllTemplates();
    expect(() => new PennypostClient(API_KEY)).not.toThrow();
    expect(urls).toEqual([`${DEFAULT_BASE_URL}/v2/templates`]);
  });

  it.each(["", "key", SERVICE_ID, `name-${SERVICE_ID}`, `${API_KEY}x`, `${SERVICE_ID}${SECRET}`, undefined])(
    "refuses the API key %j, and does not repeat it",
    (apiKey) => {
      const error = failureOf(() => new PennypostClient({ apiKey: apiKey as string }));
      expect(error).toMatchObject({ error: "InvalidArgumentError", statusCode: undefined, isRetryable: false });
      expect(error.message).toBe(
        "The API key is not complete: it ends with the service's id and a secret, two UUIDs joined by a hyphen",
      );
    },
  );

  it.each(["example.com", "ftp://example.com", "https://"])("refuses the base URL %s", (url) => {
    expect(failureOf(() => new PennypostClient(url, API_KEY)).error).toBe("InvalidArgumentError");
  });
});

describe("a request", () => {
  it("is signed with the secret, for the service, now", async () => {
    await api.client.getNotificationById(ID);
    const token = /^Bearer (.+)$/.exec(api.seen[0]?.headers.authorization ?? "")?.[1] ?? "";
    const verified = createVerifier({ key: SECRET, algorithms: ["HS256"], complete: true })(token) as {
      header: unknown;
      payload: { iss: string; iat: number };
    };
    expect(verified.header).toEqual({ typ: "JWT", alg: "HS256" });
    expect(Object.keys(verified.payload)).toEqual(["iss", "iat"]);
    expect(verified.payload.iss).toBe(SERVICE_ID);
    expect(Math.abs(verified.payload.iat - Date.now() / 1_000)).toBeLessThan(5);
  });

  it("says who makes it", async () => {
    await api.client.getNotificationById(ID);
    expect(api.seen[0]?.headers["user-agent"]).toBe(`pennypost-client/${packageJson.version}`);
  });
});

describe("each method", () => {
  const PERSONALISATION = { name: "Amala", documents: ["passport", "bill"], count: 3 };
  const upload = { file: "YQ==", filename: null, confirm_email_before_download: null, retention_period: null };

  it.each<[string, () => Promise<unknown>, string, string, unknown]>([
    [
      "sendSms",
      () => api.client.sendSms(TEMPLATE_ID, "+447700900123"),
      "POST",
      "/v2/notifications/sms",
      { template_id: TEMPLATE_ID, phone_number: "+447700900123" },
    ],
    [
      "sendChat",
      () =>
        api.client.sendChat(
          TEMPLATE_ID,
          { app: "whatsapp", phone_number: "07700 900123" },
          { personalisation: { name: "Ada" }, validForSeconds: 60 },
        ),
      "POST",
      "/v2/notifications/chat",
      {
        template_id: TEMPLATE_ID,
        recipient: { app: "whatsapp", phone_number: "07700 900123" },
        personalisation: { name: "Ada" },
        valid_for_seconds: 60,
      },
    ],
    [
      "sendSms with everything",
      () =>
        api.client.sendSms(TEMPLATE_ID, "+447700900123", {
          personalisation: PERSONALISATION,
          reference: "ref",
          smsSenderId: ID,
          scheduledFor: new Date("2026-11-23T09:00:00Z"),
          priority: "high",
          validForSeconds: 600,
          undoSeconds: 30,
          callbackUrl: "https://example.com/one",
          flash: true,
        }),
      "POST",
      "/v2/notifications/sms",
      {
        template_id: TEMPLATE_ID,
        phone_number: "+447700900123",
        personalisation: PERSONALISATION,
        reference: "ref",
        sms_sender_id: ID,
        scheduled_for: "2026-11-23T09:00:00.000Z",
        priority: "high",
        valid_for_seconds: 600,
        undo_seconds: 30,
        callback_url: "https://example.com/one",
        flash: true,
      },
    ],
    [
      "sendEmail with everything",
      () =>
        api.client.sendEmail(TEMPLATE_ID, "betty@example.com", {
          personalisation: { link: api.client.prepareUpload("a") },
          reference: "ref",
          emailReplyToId: ID,
          oneClickUnsubscribeURL: "https://example.com/unsubscribe?x=1",
          sanitiseContentFor: ["name"],
        }),
      "POST",
      "/v2/notifications/email",
      {
        template_id: TEMPLATE_ID,
        email_address: "betty@example.com",
        personalisation: { link: upload },
        reference: "ref",
        email_reply_to_id: ID,
        one_click_unsubscribe_url: "https://example.com/unsubscribe?x=1",
        sanitise_content_for: ["name"],
      },
    ],
    [
      "sendLetter",
      () => api.client.sendLetter(TEMPLATE_ID, { personalisation: { address_line_1: "A" }, reference: "ref" }),
      "POST",
      "/v2/notifications/letter",
      { template_id: TEMPLATE_ID, personalisation: { address_line_1: "A" }, reference: "ref" },
    ],
    [
      "sendPrecompiledLetter",
      () => api.client.sendPrecompiledLetter("ref", Buffer.from("%PDF")),
      "POST",
      "/v2/notifications/letter",
      { reference: "ref", content: "JVBERg==" },
    ],
    [
      "sendPrecompiledLetter with postage",
      () => api.client.sendPrecompiledLetter("ref", new TextEncoder().encode("%PDF"), "first"),
      "POST",
      "/v2/notifications/letter",
      { reference: "ref", content: "JVBERg==", postage: "first" },
    ],
    ["cancelNotification", () => api.client.cancelNotification(ID), "POST", `/v2/notifications/${ID}/cancellation`, {}],
    ["getNotificationById", () => api.client.getNotificationById(ID), "GET", `/v2/notifications/${ID}`, undefined],
    ["getNotifications", () => api.client.getNotifications(), "GET", "/v2/notifications", undefined],
    [
      "getNotifications with everything",
      () => api.client.getNotifications("sms", ["delivered", "pending"], "weekly & more", ID),
      "GET",
      `/v2/notifications?template_type=sms&status=delivered&status=pending&reference=weekly+%26+more&older_than=${ID}`,
      undefined,
    ],
    ["getTemplateById", () => api.client.getTemplateById(ID), "GET", `/v2/template/${ID}`, undefined],
    [
      "getTemplateByIdAndVersion",
      () => api.client.getTemplateByIdAndVersion(ID, 2),
      "GET",
      `/v2/template/${ID}/version/2`,
      undefined,
    ],
    ["getAllTemplates", () => api.client.getAllTemplates(), "GET", "/v2/templates", undefined],
    [
      "getAllTemplates of a type",
      () => api.client.getAllTemplates("letter"),
      "GET",
      "/v2/templates?type=letter",
      undefined,
    ],
    [
      "previewTemplateById",
      () => api.client.previewTemplateById(ID, { name: "Bo" }),
      "POST",
      `/v2/template/${ID}/preview`,
      { personalisation: { name: "Bo" } },
    ],
    [
      "previewTemplateById without personalisation",
      () => api.client.previewTemplateById(ID),
      "POST",
      `/v2/template/${ID}/preview`,
      { personalisation: {} },
    ],
    [
      "startReach",
      () =>
        api.client.startReach(
          [
            {
              channel: "sms",
              templateId: TEMPLATE_ID,
              phoneNumber: "07700 900123",
              until: "answered",
              waitSeconds: 60,
            },
            { channel: "email", templateId: TEMPLATE_ID, emailAddress: "ada@example.org" },
            { channel: "chat", templateId: TEMPLATE_ID, recipient: { app: "telegram", chat_id: 5 }, until: "sent" },
          ],
          { personalisation: { name: "Ada" }, mostCost: "0.40", deadline: 3_600 },
        ),
      "POST",
      "/v2/reach",
      {
        steps: [
          {
            channel: "sms",
            template_id: TEMPLATE_ID,
            phone_number: "07700 900123",
            until: "answered",
            wait_seconds: 60,
          },
          { channel: "email", template_id: TEMPLATE_ID, email_address: "ada@example.org" },
          { channel: "chat", template_id: TEMPLATE_ID, recipient: { app: "telegram", chat_id: 5 }, until: "sent" },
        ],
        ...{ personalisation: { name: "Ada" }, most_cost: "0.40", deadline: 3_600 },
      },
    ],
    ["getReach", () => api.client.getReach(ID), "GET", `/v2/reach/${ID}`, undefined],
    [
      "getReaches",
      () => api.client.getReaches({ reference: "a", status: "reached", olderThan: ID }),
      "GET",
      `/v2/reach?reference=a&status=reached&older_than=${ID}`,
      undefined,
    ],
    ["confirmReach", () => api.client.confirmReach(ID), "POST", `/v2/reach/${ID}/confirmation`, {}],
    ["cancelReach", () => api.client.cancelReach(ID), "POST", `/v2/reach/${ID}/cancellation`, {}],
    ["getReceivedTexts", () => api.client.getReceivedTexts(), "GET", "/v2/received-text-messages", undefined],
    [
      "getReceivedTexts older than one",
      () => api.client.getReceivedTexts(ID),
      "GET",
      `/v2/received-text-messages?older_than=${ID}`,
      undefined,
    ],
    ["an id with a slash", () => api.client.getTemplateById("a/../b"), "GET", "/v2/template/a%2F..%2Fb", undefined],
  ])("%s", async (_name, call, method, path, body) => {
    expect(await call()).toEqual({ id: "1" });
    expect(api.seen).toMatchObject([{ method, path }]);
    expect(api.seen[0]?.body).toEqual(body);
    expect(api.seen[0]?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
  });

  it("getPdfForLetterNotification gives the bytes", async () => {
    const pdf = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff]);
    api.replies = [{ body: pdf, headers: { "content-type": "application/pdf" } }];
    expect(await api.client.getPdfForLetterNotification(ID)).toEqual(pdf);
    expect(api.seen[0]?.path).toBe(`/v2/notifications/${ID}/pdf`);
  });

  it("leaves out what is undefined or null", async () => {
    await api.client.sendSms(TEMPLATE_ID, "1", { reference: undefined, smsSenderId: null } as object);
    expect(api.seen[0]?.body).toEqual({ template_id: TEMPLATE_ID, phone_number: "1" });
  });

  it("refuses an option that does not exist, and a missing id", async () => {
    const misspelt = api.client.sendSms(TEMPLATE_ID, "1", { personalization: {} } as object);
    expect(await rejectionOf(misspelt)).toMatchObject({
      error: "InvalidArgumentError",
      message: "There is no option personalization",
    });
    expect(await rejectionOf(api.client.getNotificationById(""))).toMatchObject({ error: "InvalidArgumentError" });
    expect(api.seen).toEqual([]);
  });
});

describe("beside GOV.UK Notify's own client", () => {
  const options = { personalisation: { name: "Bo" }, reference: "r" };
  type Both = Pick<
    PennypostClient,
    | "sendSms"
    | "sendEmail"
    | "sendLetter"
    | "sendPrecompiledLetter"
    | "getNotifications"
    | "getReceivedTexts"
    | "prepareUpload"
  >;

  it.each<[string, (either: Both) => unknown]>([
    ["sendSms", (either) => either.sendSms(TEMPLATE_ID, "07700900123", { ...options, smsSenderId: ID })],
    ["sendEmail", (either) => either.sendEmail(TEMPLATE_ID, "a@b.example", { ...options, emailReplyToId: ID })],
    ["sendLetter", (either) => either.sendLetter(TEMPLATE_ID, options)],
    ["sendPrecompiledLetter", (either) => either.sendPrecompiledLetter("r", Buffer.from("%PDF"), "first")],
    ["getNotifications", (either) => either.getNotifications("sms", "delivered", "r", ID)],
    ["getReceivedTexts", (either) => either.getReceivedTexts(ID)],
    [
      "prepareUpload",
      (either) => {
        const link = either.prepareUpload(Buffer.from("a,b"), { filename: "a.csv", confirmEmailBeforeDownload: false });
        return either.sendEmail(TEMPLATE_ID, "a@b.example", { personalisation: { link } });
      },
    ],
  ])("%s makes the same request", async (_name, call) => {
    await call(api.client);
    await call(new NotifyClient(api.baseUrl, API_KEY) as unknown as Both);
    const [ours, theirs] = api.seen.map(({ method, path, body }) => ({ method, path, body }));
    expect(ours).toEqual(theirs);
  });
});
