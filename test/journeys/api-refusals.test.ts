import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTemplates } from "../../src/records/templates/template-cache.ts";
import {
  type ApiAnswer,
  bearerToken,
  type RequestOptions,
  startApi,
  type TestApi,
  type TokenParts,
} from "../support/api.ts";
import { createWorld, type ServiceWish, type TemplateWish, type World, type WorldService } from "../support/world.ts";
import schemaCases from "../vectors/schema-errors.json" with { type: "json" };

const UNKNOWN_ID = "11111111-2222-4333-8444-555555555555";
const NESTING = 100_000;
const TEN_MEGABYTES = 10 * 1024 * 1024;

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

/** A refusal in one line: its status, its name and its message. */
function told({ status, json }: ApiAnswer): string {
  expect(json.status_code).toBe(status);
  return `${status} ${json.errors.map(({ error, message }: Record<string, string>) => `${error}: ${message}`).join("; ")}`;
}

async function sendSms(change: object = {}, options: RequestOptions = {}): Promise<ApiAnswer> {
  const body = { phone_number: "07700900123", template_id: UNKNOWN_ID, ...change };
  return api.post("/v2/notifications/sms", body, { as: service, ...options });
}

describe("each refusal, before those that come after it", () => {
  interface Case {
    service?: ServiceWish;
    template?: TemplateWish & { is?: "archived" | "hidden" };
    type?: "sms" | "email" | "letter";
    key?: RequestOptions["with"];
    body?: object;
    told: string;
  }
  const tooManyToday = "429 TooManyRequestsError: Exceeded send limits (sms: 0) for today";

  it.each<[string, Case]>([
    [
      "too many in a minute",
      {
        service: { rateLimitPerMinute: 0, dailyLimitSms: 0, permissions: [] },
        body: { bad: 1 },
        told: "429 RateLimitError: Exceeded rate limit for key type LIVE of 0 requests per 60 seconds",
      },
    ],
    ["too many today", { service: { dailyLimitSms: 0, permissions: [] }, body: { bad: 1 }, told: tooManyToday }],
    [
      "a body that does not have its form",
      {
        service: { permissions: [] },
        body: { phone_number: "07700900123", bad: 1 },
        told: "400 ValidationError: template_id is a required property; ValidationError: Additional properties are not allowed (bad was unexpected)",
      },
    ],
    [
      "texts that are switched off",
      {
        service: { permissions: ["email"] },
        body: { template_id: UNKNOWN_ID },
        told: "400 BadRequestError: Service is not allowed to send text messages",
      },
    ],
    [
      "emails that are switched off",
      {
        service: { permissions: ["sms"] },
        type: "email",
        told: "400 BadRequestError: Service is not allowed to send emails",
      },
    ],
    ["an unknown template", { body: { template_id: UNKNOWN_ID }, told: "400 BadRequestError: Template not found" }],
    ["a hidden template", { template: { is: "hidden" }, told: "400 BadRequestError: Template not found" }],
    [
      "a template of another kind",
      {
        template: { channel: "email", is: "archived" },
        told: "400 BadRequestError: email template is not suitable for sms notification",
      },
    ],
    [
      "an archived template",
      { template: { is: "archived", body: "((name))" }, told: "400 BadRequestError: Template has been deleted" },
    ],
    [
      "values that are missing",
      {
        template: { body: "((First name)) ((b)) ((first_name)) ((c??x)) ((d))" },
        body: { personalisation: { b: null, d: "", e: 1 }, sms_sender_id: UNKNOWN_ID },
        told: "400 BadRequestError: Missing personalisation: First name, b, c",
      },
    ],
    [
      "a text of nothing",
      {
        template: { body: "((a))" },
        body: { personalisation: { a: " " }, sms_sender_id: UNKNOWN_ID },
        told: "400 BadRequestError: Your message is empty.",
      },
    ],
    [
      "a file in a text",
      {
        template: { body: "((doc))" },
        body: { personalisation: { doc: { file: "SGVsbG8=" } }, sms_sender_id: UNKNOWN_ID },
        told: "400 BadRequestError: Can only send a file by email",
      },
    ],
    [
      "a sender it does not have",
      {
        key: "team",
        body: { sms_sender_id: UNKNOWN_ID },
        told: `400 BadRequestError: sms_sender_id ${UNKNOWN_ID} does not exist in database for service id SERVICE`,
      },
    ],
    [
      "a reply-to address it does not have",
      {
        type: "email",
        key: "team",
        body: { email_reply_to_id: UNKNOWN_ID },
        told: `400 BadRequestError: email_reply_to_id ${UNKNOWN_ID} does not exist in database for service id SERVICE`,
      },
    ],
    [
      "a stranger, with a team key",
      {
        key: "team",
        body: { phone_number: "+33 6 12 34 56 78" },
        told: "400 BadRequestError: Can’t send to this recipient using a team-only API key",
      },
    ],
    [
      "a stranger, while on trial",
      {
        service: { isTrial: true },
        body: { phone_number: "+33 6 12 34 56 78" },
        told: "400 BadRequestError: Can’t send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk/trial-mode",
      },
    ],
    [
      "a number abroad",
      {
        template: { body: "x".repeat(919) },
        body: { phone_number: "+33 6 12 34 56 78" },
        told: "400 BadRequestError: Cannot send to international mobile numbers",
      },
    ],
    [
      "a fixed line",
      { body: { phone_number: "020 7946 0000" }, told: "400 InvalidPhoneError: Not a UK mobile number" },
    ],
    [
      "too many abroad today",
      {
        service: { permissions: ["sms", "international_sms"], dailyLimitInternationalSms: 0 },
        template: { body: "x".repeat(919) },
        body: { phone_number: "+33 6 12 34 56 78" },
        told: "429 TooManyRequestsError: Exceeded send limits (international_sms: 0) for today",
      },
    ],
    [
      "a file of a service that says nowhere whom to ask about it",
      {
        type: "email",
        template: { body: "((doc)) x" },
        body: { personalisation: { doc: { file: "SGVsbG8=" } } },
        told: "400 BadRequestError: Send files by email has not been set up - add contact details for your service at https://api.example.org/services/SERVICE/service-settings/send-files-by-email",
      },
    ],
    [
      "a text that is too long",
      {
        template: { body: "x".repeat(919) },
        told: "400 BadRequestError: Your message is too long. Text messages cannot be longer than 918 characters. Your message is 919 characters long.",
      },
    ],
    [
      "an email that is too long",
      {
        type: "email",
        template: { body: "é".repeat(1_000_001) },
        told: "400 BadRequestError: Your message is too long. Emails cannot be longer than 2000000 bytes. Your message is 2000002 bytes.",
      },
    ],
    [
      "letters that are switched off",
      {
        service: { permissions: ["sms"] },
        type: "letter",
        body: { content: "JVBERi0=", reference: "r" },
        told: "400 BadRequestError: Service is not allowed to send letters",
      },
    ],
    [
      "a letter from a template that is none",
      {
        type: "letter",
        body: { template_id: UNKNOWN_ID, personalisation: {} },
        told: "400 BadRequestError: Template not found",
      },
    ],
    [
      "a letter without the values of its template",
      {
        type: "letter",
        key: "team",
        template: { channel: "letter", body: "((a)) ((b)) ((c))" },
        body: { personalisation: { b: "x" } },
        told: "400 BadRequestError: Missing personalisation: a, c",
      },
    ],
    [
      "a letter from the template of a text",
      {
        type: "letter",
        body: { personalisation: {} },
        told: "400 BadRequestError: sms template is not suitable for letter notification",
      },
    ],
    [
      "a letter with a team key",
      {
        type: "letter",
        key: "team",
        body: { content: "JVBERi0=", reference: "r" },
        told: "403 BadRequestError: Cannot send letters with a team api key",
      },
    ],
    [
      "a letter while on trial",
      {
        service: { isTrial: true },
        type: "letter",
        body: { content: "JVBERi0=", reference: "r" },
        told: "403 BadRequestError: Cannot send letters when service is in trial mode",
      },
    ],
    [
      "a letter whose QR code no phone could read",
      {
        type: "letter",
        key: "team",
        template: { channel: "letter", body: "QR: ((link)) ((missing))" },
        body: { personalisation: { link: "é".repeat(300) } },
        told: "400 ValidationError: Cannot create a usable QR code - the link is too long",
      },
    ],
    [
      "a letter that says nothing",
      {
        type: "letter",
        key: "team",
        template: { channel: "letter", body: "((a))" },
        body: { personalisation: { a: [] } },
        told: "400 BadRequestError: Your message is empty.",
      },
    ],
    [
      "a letter with a file in it",
      {
        type: "letter",
        key: "team",
        template: { channel: "letter", body: "Hello" },
        body: { personalisation: { report: { file: "JVBERi0=" } } },
        told: "400 BadRequestError: Can only send a file by email",
      },
    ],
    [
      "a letter from a template, with a team key, whatever its address",
      {
        type: "letter",
        key: "team",
        template: { channel: "letter", body: "Hello" },
        body: { personalisation: {} },
        told: "403 BadRequestError: Cannot send letters with a team api key",
      },
    ],
    [
      "a letter without an address",
      {
        type: "letter",
        template: { channel: "letter", body: "Hello" },
        body: { personalisation: {} },
        told: "400 ValidationError: Address must be at least 3 lines",
      },
    ],
    [
      "a letter to an address whose keys are spelt otherwise",
      {
        type: "letter",
        template: { channel: "letter", body: "Hello" },
        body: { personalisation: { "address line 1": "A", "address line 2": "B", postcode: "SW1A 1AA" } },
        told: "400 ValidationError: Address must be at least 3 lines",
      },
    ],
    [
      "a letter abroad",
      {
        type: "letter",
        key: "test",
        template: { channel: "letter", body: "Hello" },
        body: { personalisation: { address_line_1: "A", address_line_2: "B", address_line_3: "France" } },
        told: "400 ValidationError: Must be a real UK postcode",
      },
    ],
    [
      "a letter to nowhere, of a service that may send abroad",
      {
        type: "letter",
        service: { permissions: ["letter", "international_letters"] },
        template: { channel: "letter", body: "Hello" },
        body: { personalisation: { address_line_1: "A", address_line_2: "B", address_line_3: "La France" } },
        told: "400 ValidationError: Last line of address must be a real UK postcode or another country",
      },
    ],
    [
      "a PDF that is not in base64",
      {
        type: "letter",
        body: { content: "JVBERi0", reference: "r" },
        told: "400 BadRequestError: Cannot decode letter content (invalid base64 encoding)",
      },
    ],
    [
      "a PDF that is not in base64, with a team key",
      {
        type: "letter",
        key: "team",
        body: { content: "JVBERi0", reference: "r" },
        told: "403 BadRequestError: Cannot send letters with a team api key",
      },
    ],
    [
      "a PDF, with nobody to scan it",
      {
        type: "letter",
        body: { content: "JVBERi0=", reference: "r" },
        told: "400 BadRequestError: Files cannot be taken: this Pennypost has no virus scanner. Ask those who run it",
      },
    ],
  ])(
    "%s",
    async (_, {
      service: wish = {},
      template: templateWish = {},
      type = "sms",
      key = "live",
      body = {},
      told: expected,
    }) => {
      const sender = await world.service(wish);
      const { is, ...templateOnly } = templateWish;
      const channel = type === "email" ? "email" : "sms";
      const template = await world.template(sender, { channel, ...templateOnly });
      if (is === "archived")
        await world.app.db.query`update templates set archived_at = now() where id = ${template.templateId}`;
      if (is === "hidden")
        await world.app.db.query`update templates set is_hidden = true where id = ${template.templateId}`;
      const fresh = is ? await startApi({ ...world.app, templates: createTemplates(world.app.db) }) : api;
      const to = { sms: { phone_number: "07700900123" }, email: { email_address: "ada@example.org" }, letter: {} }[
        type
      ];
      const whole = "bad" in body || "content" in body ? body : { ...to, template_id: template.templateId, ...body };
      const answer = await fresh.post(`/v2/notifications/${type}`, whole, { as: sender, with: key });
      expect(told(answer)).toBe(expected.replace("SERVICE", sender.id));
      if (fresh !== api) await fresh.close();
    },
  );
});

it("a QR code that no phone could read is refused with what it would hold", async () => {
  const { templateId } = await world.template(service, { channel: "letter", body: "QR: https://example.org/((path))" });
  const body = { template_id: templateId, personalisation: { path: "a".repeat(485) } };
  const { status, json } = await api.post("/v2/notifications/letter", body, { as: service });
  expect([status, json.errors]).toEqual([
    400,
    [
      {
        error: "ValidationError",
        message: "Cannot create a usable QR code - the link is too long",
        data: `https://example.org/${"a".repeat(485)}`,
        num_bytes: 505,
        max_bytes: 504,
      },
    ],
  ]);
});

describe("who may not ask", () => {
  const general =
    "403 AuthError: Invalid token: make sure your API token matches the example at https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header";

  it.each<[string | undefined, string]>([
    [undefined, "401 AuthError: Unauthorized: authentication token must be provided"],
    ["", "401 AuthError: Unauthorized: authentication token must be provided"],
    ["Basic abc", "401 AuthError: Unauthorized: authentication bearer scheme must be used"],
    ["Bearer abc", general],
    ["Bearer  a.b.c", general],
  ])("says %j", async (authorization, expected) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    expect(told(await api.get("/v2/notifications", { headers }))).toBe(expected);
    expect(told(await api.post("/v2/notifications/sms", "not JSON", { headers }))).toBe(expected);
  });

  it.each<[string, Partial<TokenParts> & { change?: Record<string, unknown> }, string]>([
    ["names no service", { change: { iss: undefined } }, "403 AuthError: Invalid token: iss field not provided"],
    ["names no id", { change: { iss: 7 } }, "403 AuthError: Invalid token: service id is not the right data type"],
    ["names a stranger", { change: { iss: UNKNOWN_ID } }, "403 AuthError: Invalid token: service not found"],
    ["says alg none", { header: { alg: "none" } }, "403 AuthError: Invalid token: algorithm used is not HS256"],
    [
      "has a wrong secret",
      { secret: UNKNOWN_ID, change: { iat: 0 } },
      "403 AuthError: Invalid token: API key not found",
    ],
    ["is old", { change: { iat: 0 } }, "403 AuthError: Error: Your system clock must be accurate to within 30 seconds"],
    ["says no time", { change: { iat: undefined } }, "403 AuthError: Invalid token: API key not found"],
    ["is meant for someone else", { change: { aud: "other" } }, general],
  ])("has a token that %s", async (_, { change, ...parts }, expected) => {
    const claims = { iss: service.id, iat: Math.floor(world.app.clock.now().getTime() / 1000), ...change };
    const authorization = bearerToken({ secret: service.secrets.live, claims, ...parts });
    expect(told(await api.get("/v2/templates", { headers: { authorization } }))).toBe(expected);
  });

  it("has a key that was revoked, or a service that is archived or has no keys", async () => {
    const other = await world.service();
    const ask = async (key: RequestOptions["with"]) => {
      await world.reload(other);
      return told(await api.get("/v2/templates", { as: other, with: key }));
    };
    const { db } = world.app;
    await db.query`update api_keys set revoked_at = now() where service_id = ${other.id} and kind = 'live'`;
    expect(await ask("live")).toBe("403 AuthError: Invalid token: API key revoked");
    await db.query`update services set archived_at = now() where id = ${other.id}`;
    expect(await ask("team")).toBe("403 AuthError: Invalid token: service is archived");
    await db.query`delete from api_keys where service_id = ${other.id}`;
    expect(await ask("team")).toBe("403 AuthError: Invalid token: service has no API keys");
  });
});

describe("what is wrong with a request, over HTTP", () => {
  const PATHS: Record<string, string> = {
    "POST sms": "/v2/notifications/sms",
    "POST email": "/v2/notifications/email",
    "POST letter": "/v2/notifications/letter",
    "POST letter (precompiled)": "/v2/notifications/letter",
  };
  const QUERIES: Record<string, string> = {
    "GET notifications (query)": "/v2/notifications",
    "GET templates (query)": "/v2/templates",
    "GET received-text-messages (query)": "/v2/received-text-messages",
  };

  async function answerTo(endpoint: string, body: unknown): Promise<ApiAnswer | undefined> {
    const options = { as: service };
    if (PATHS[endpoint]) return api.post(PATHS[endpoint], body, options);
    const values = Object.entries(body ?? {}).flatMap(([name, value]) =>
      [value].flat().map((each) => [name, String(each)] as [string, string]),
    );
    if (QUERIES[endpoint]) return api.get(`${QUERIES[endpoint]}?${new URLSearchParams(values)}`, options);
    const id = encodeURIComponent(String((body as { id?: unknown }).id));
    if (endpoint === "GET template") return api.get(`/v2/template/${id}`, options);
    if (endpoint === "POST template preview") return api.post(`/v2/template/${id}/preview`, body, options);
    return undefined;
  }

  const overHttp = schemaCases.filter(({ endpoint }) => endpoint !== "personalisation file object");

  it.each(overHttp)("$endpoint $body", async ({ endpoint, body, errors }) => {
    const answer = await answerTo(endpoint, body);
    const complaints = (answer?.json.errors ?? []).filter(
      ({ error }: { error: string }) => error === "ValidationError",
    );
    if (errors) expect(complaints).toEqual(errors.map(({ message }) => ({ error: "ValidationError", message })));
    else expect(complaints).toEqual([]);
  });
});

describe("hostile bodies", () => {
  it.each<[string, string | Buffer]>([
    ["nothing", ""],
    ["half an object", '{"phone_number": '],
    ["a trailing comma", '{"a": 1,}'],
    ["apostrophes", "{'a': 1}"],
    ["text after the value", '{"a": 1} x'],
    ["a control character in a text", '{"a": "\u0001"}'],
    ["NaN", '{"a": NaN}'],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ["gzip", Buffer.from("1f8b0800000000000003ab560200", "hex")],
    ["lists in lists in lists", "[".repeat(NESTING) + "]".repeat(NESTING)],
    ["a number without end", `{"a": ${"9".repeat(5_000)}}`],
  ])("%s is no JSON", async (_, body) => {
    const answer = await api.post("/v2/notifications/sms", body, {
      as: service,
      headers: { "content-encoding": "gzip" },
    });
    expect(told(answer)).toBe("400 BadRequestError: Invalid JSON supplied in POST data");
  });

  it.each(["null", "[]", "0", '""', "false"])("%s is a body without properties", async (body) => {
    expect(told(await api.post("/v2/notifications/sms", body, { as: service }))).toBe(
      "400 ValidationError: phone_number is a required property; ValidationError: template_id is a required property",
    );
  });

  it("are refused when they cannot be stored, and as the caller's fault", async () => {
    for (const reference of ['"a\\u0000b"', '"\\ud800"']) {
      const body = `{"phone_number": "07700900123", "template_id": "${UNKNOWN_ID}", "reference": ${reference}}`;
      expect((await api.post("/v2/notifications/sms", body, { as: service })).status).toBe(400);
    }
    expect((await api.get("/v2/notifications?reference=%00", { as: service })).status).toBe(400);
  });

  it.each(["\\u0000", "\\ud800", "\\u202e\\u200b", "😀".repeat(10)])("may hold %j in a value", async (value) => {
    for (const channel of ["sms", "email"] as const) {
      const template = await world.template(service, { channel, body: "a ((x)) b" });
      const to = channel === "sms" ? '"phone_number": "07700900123"' : '"email_address": "ada@example.org"';
      const body = `{${to}, "template_id": "${template.templateId}", "personalisation": {"x": "${value}"}}`;
      const answer = await api.post(`/v2/notifications/${channel}`, body, { as: service });
      expect(answer.status).toBe(201);
      const read = await api.get(`/v2/notifications/${answer.json.id}`, { as: service });
      expect(read.json.body).toBe(answer.json.content.body);
    }
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])("may not call a property %s", async (name) => {
    const body = `{"phone_number": "07700900123", "template_id": "${UNKNOWN_ID}", "${name}": {"polluted": true}}`;
    expect(told(await api.post("/v2/notifications/sms", body, { as: service }))).toBe(
      `400 ValidationError: Additional properties are not allowed (${name} was unexpected)`,
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("of ten megabytes are refused in one clear answer, and the connection goes on", async () => {
    const answer = await api.post("/v2/notifications/sms", Buffer.alloc(TEN_MEGABYTES, "a"), { as: service });
    expect(told(answer)).toBe("413 BodyTooLargeError: Request bodies cannot be larger than 5242880 bytes");
  });

  it("refuse a number that has every sort of letter", async () => {
    expect(told(await sendSms({ phone_number: "٠٧٧٠٠٩٠٠١٢٣\u0000" }))).toMatch(/^400 ValidationError: phone_number /);
  });
});
