import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createVerifier } from "fast-jwt";
import { NotifyClient } from "notifications-node-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { DEFAULT_BASE_URL, PennypostClient, PennypostError } from "./index.ts";

const SERVICE_ID = "26785a09-ab16-4eb0-8407-a37497a57506";
const SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0";
const API_KEY = `my_test-key-${SERVICE_ID}-${SECRET}`;
const TEMPLATE_ID = "df10a23e-2c6d-4ea5-87fb-82e520cbf93a";
const ID = "740e5834-3a29-46b4-9a6f-16142fde533a";
const REJECTED: Reply = { status: 500, body: '{"errors":[{"error":"Exception","message":"Internal server error"}]}' };

interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

/** What the API answers, one after the other; the last stays. */
let replies: (Reply | "nothing" | "hang up")[] = [];
let seen: Seen[] = [];
let server: Server;
let baseUrl = "";
let client: PennypostClient;

beforeEach(async () => {
  replies = [{ body: '{"id":"1"}' }];
  seen = [];
  server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const body = await text(request);
    seen.push({ method, path, headers, body: body === "" ? undefined : JSON.parse(body) });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === "hang up") request.socket.destroy();
    if (typeof reply !== "object") return;
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new PennypostClient(baseUrl, API_KEY);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("a new client", () => {
  it.each([
    ["an options object", () => new PennypostClient({ baseUrl, apiKey: API_KEY })],
    ["a base URL and a key", () => new PennypostClient(baseUrl, API_KEY)],
    ["a base URL with a slash at the end", () => new PennypostClient(`${baseUrl}/`, API_KEY)],
    ["a key with white space around it", () => new PennypostClient(baseUrl, ` ${API_KEY}\n`)],
    ["a key without a name", () => new PennypostClient(baseUrl, `${SERVICE_ID}-${SECRET}`)],
  ])("is made from %s", async (_how, make) => {
    await make().getTemplateById(TEMPLATE_ID);
    expect(seen[0]?.path).toBe(`/v2/template/${TEMPLATE_ID}`);
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
    await client.getNotificationById(ID);
    const token = /^Bearer (.+)$/.exec(seen[0]?.headers.authorization ?? "")?.[1] ?? "";
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
    await client.getNotificationById(ID);
    expect(seen[0]?.headers["user-agent"]).toBe(`pennypost-client/${packageJson.version}`);
  });
});

describe("each method", () => {
  const PERSONALISATION = { name: "Amala", documents: ["passport", "bill"], count: 3 };
  const upload = { file: "YQ==", filename: null, confirm_email_before_download: null, retention_period: null };

  it.each<[string, () => Promise<unknown>, string, string, unknown]>([
    [
      "sendSms",
      () => client.sendSms(TEMPLATE_ID, "+447700900123"),
      "POST",
      "/v2/notifications/sms",
      { template_id: TEMPLATE_ID, phone_number: "+447700900123" },
    ],
    [
      "sendSms with everything",
      () =>
        client.sendSms(TEMPLATE_ID, "+447700900123", {
          personalisation: PERSONALISATION,
          reference: "ref",
          smsSenderId: ID,
          scheduledFor: new Date("2026-11-23T09:00:00Z"),
          priority: "high",
          validForSeconds: 600,
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
        callback_url: "https://example.com/one",
        flash: true,
      },
    ],
    [
      "sendEmail with everything",
      () =>
        client.sendEmail(TEMPLATE_ID, "betty@example.com", {
          personalisation: { link: client.prepareUpload("a") },
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
      () => client.sendLetter(TEMPLATE_ID, { personalisation: { address_line_1: "A" }, reference: "ref" }),
      "POST",
      "/v2/notifications/letter",
      { template_id: TEMPLATE_ID, personalisation: { address_line_1: "A" }, reference: "ref" },
    ],
    [
      "sendPrecompiledLetter",
      () => client.sendPrecompiledLetter("ref", Buffer.from("%PDF")),
      "POST",
      "/v2/notifications/letter",
      { reference: "ref", content: "JVBERg==" },
    ],
    [
      "sendPrecompiledLetter with postage",
      () => client.sendPrecompiledLetter("ref", new TextEncoder().encode("%PDF"), "first"),
      "POST",
      "/v2/notifications/letter",
      { reference: "ref", content: "JVBERg==", postage: "first" },
    ],
    ["cancelNotification", () => client.cancelNotification(ID), "POST", `/v2/notifications/${ID}/cancellation`, {}],
    ["getNotificationById", () => client.getNotificationById(ID), "GET", `/v2/notifications/${ID}`, undefined],
    ["getNotifications", () => client.getNotifications(), "GET", "/v2/notifications", undefined],
    [
      "getNotifications with everything",
      () => client.getNotifications("sms", ["delivered", "pending"], "weekly & more", ID),
      "GET",
      `/v2/notifications?template_type=sms&status=delivered&status=pending&reference=weekly+%26+more&older_than=${ID}`,
      undefined,
    ],
    ["getTemplateById", () => client.getTemplateById(ID), "GET", `/v2/template/${ID}`, undefined],
    [
      "getTemplateByIdAndVersion",
      () => client.getTemplateByIdAndVersion(ID, 2),
      "GET",
      `/v2/template/${ID}/version/2`,
      undefined,
    ],
    ["getAllTemplates", () => client.getAllTemplates(), "GET", "/v2/templates", undefined],
    [
      "getAllTemplates of a type",
      () => client.getAllTemplates("letter"),
      "GET",
      "/v2/templates?type=letter",
      undefined,
    ],
    [
      "previewTemplateById",
      () => client.previewTemplateById(ID, { name: "Bo" }),
      "POST",
      `/v2/template/${ID}/preview`,
      { personalisation: { name: "Bo" } },
    ],
    [
      "previewTemplateById without personalisation",
      () => client.previewTemplateById(ID),
      "POST",
      `/v2/template/${ID}/preview`,
      { personalisation: {} },
    ],
    ["getReceivedTexts", () => client.getReceivedTexts(), "GET", "/v2/received-text-messages", undefined],
    [
      "getReceivedTexts older than one",
      () => client.getReceivedTexts(ID),
      "GET",
      `/v2/received-text-messages?older_than=${ID}`,
      undefined,
    ],
    ["an id with a slash", () => client.getTemplateById("a/../b"), "GET", "/v2/template/a%2F..%2Fb", undefined],
  ])("%s", async (_name, call, method, path, body) => {
    expect(await call()).toEqual({ id: "1" });
    expect(seen).toMatchObject([{ method, path }]);
    expect(seen[0]?.body).toEqual(body);
    expect(seen[0]?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
  });

  it("getPdfForLetterNotification gives the bytes", async () => {
    const pdf = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff]);
    replies = [{ body: pdf, headers: { "content-type": "application/pdf" } }];
    expect(await client.getPdfForLetterNotification(ID)).toEqual(pdf);
    expect(seen[0]?.path).toBe(`/v2/notifications/${ID}/pdf`);
  });

  it("leaves out what is undefined or null", async () => {
    await client.sendSms(TEMPLATE_ID, "1", { reference: undefined, smsSenderId: null } as object);
    expect(seen[0]?.body).toEqual({ template_id: TEMPLATE_ID, phone_number: "1" });
  });

  it("refuses an option that does not exist, and a missing id", async () => {
    const misspelt = client.sendSms(TEMPLATE_ID, "1", { personalization: {} } as object);
    expect(await rejectionOf(misspelt)).toMatchObject({
      error: "InvalidArgumentError",
      message: "There is no option personalization",
    });
    expect(await rejectionOf(client.getNotificationById(""))).toMatchObject({ error: "InvalidArgumentError" });
    expect(seen).toEqual([]);
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
    await call(client);
    await call(new NotifyClient(baseUrl, API_KEY) as unknown as Both);
    const [ours, theirs] = seen.map(({ method, path, body }) => ({ method, path, body }));
    expect(ours).toEqual(theirs);
  });
});

describe("an error", () => {
  it("carries the status and everything the API named", async () => {
    const errors = [
      { error: "ValidationError", message: "phone_number is a required property" },
      { error: "ValidationError", message: "template_id is not a valid UUID" },
    ];
    replies = [{ status: 400, body: JSON.stringify({ status_code: 400, errors }) }];
    const error = await rejectionOf(client.sendSms("x", ""));
    expect(error).toBeInstanceOf(PennypostError);
    expect(error).toMatchObject({ name: "PennypostError", statusCode: 400, error: "ValidationError", errors });
    expect(error.message).toBe("phone_number is a required property; template_id is not a valid UUID");
  });

  it.each([
    [400, "BadRequestError", false],
    [400, "PDFNotReadyError", false],
    [403, "AuthError", false],
    [404, "NoResultFound", false],
    [429, "RateLimitError", true],
    [429, "TooManyRequestsError", false],
    [500, "Exception", true],
    [503, "ServiceUnavailableError", true],
  ])("%i %s says whether to try again: %s", async (status, error, isRetryable) => {
    replies = [{ status, body: JSON.stringify({ status_code: status, errors: [{ error, message: "Because" }] }) }];
    const failure = await rejectionOf(client.sendSms(TEMPLATE_ID, "1"));
    expect(failure).toMatchObject({ statusCode: status, error, message: "Because", isRetryable });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [
      { status: 404, body: '{"result":"error","message":"The requested URL was not found"}' },
      "The requested URL was not found",
    ],
    [{ status: 502, body: "<html>Bad gateway</html>" }, "The answer was HTTP status 502"],
    [{ status: 400, body: '{"errors":[]}' }, "The answer was HTTP status 400"],
    [{ status: 400, body: '{"errors":["odd"]}' }, "The answer was HTTP status 400"],
    [{ status: 200, body: "<html>Log in</html>" }, "The answer is not JSON"],
  ])("of another form, %j, is an HTTPError", async (reply, message) => {
    replies = [reply];
    const error = await rejectionOf(client.sendSms(TEMPLATE_ID, "1"));
    expect(error).toMatchObject({ statusCode: reply.status, error: "HTTPError", message });
  });

  it("says when nobody listens", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const error = await rejectionOf(client.sendSms(TEMPLATE_ID, "1"));
    const message = "The API cannot be reached (ECONNREFUSED)";
    expect(error).toMatchObject({ error: "NetworkError", statusCode: undefined, isRetryable: true, message });
  });

  it("says when no answer comes in time", async () => {
    replies = ["nothing"];
    const hasty = new PennypostClient({ baseUrl, apiKey: API_KEY, timeoutMs: 50 });
    const error = await rejectionOf(hasty.sendSms(TEMPLATE_ID, "1"));
    expect(error).toMatchObject({ error: "TimeoutError", message: "No answer within 50 ms", isRetryable: true });
  });

  it("is what a redirect leads to: the token goes nowhere else", async () => {
    replies = [{ status: 302, headers: { location: `${baseUrl}/elsewhere` }, body: "" }];
    expect(await rejectionOf(client.sendSms(TEMPLATE_ID, "1"))).toMatchObject({ error: "NetworkError" });
    expect(seen).toHaveLength(1);
  });
});

describe("trying again", () => {
  it("does not happen to a send without an idempotency key", async () => {
    replies = ["hang up", { body: "{}" }];
    expect((await rejectionOf(client.sendSms(TEMPLATE_ID, "1"))).error).toBe("NetworkError");
    expect(seen).toHaveLength(1);
  });

  it("sends the same request with the same key until it is answered", async () => {
    replies = ["hang up", REJECTED, { body: '{"id":"2"}' }];
    expect(await client.sendSms(TEMPLATE_ID, "1", { idempotencyKey: "order-7" })).toEqual({ id: "2" });
    expect(seen.map(({ headers, body }) => [headers["idempotency-key"], body])).toEqual(
      Array.from({ length: 3 }, () => ["order-7", { template_id: TEMPLATE_ID, phone_number: "1" }]),
    );
  });

  it("ends after three attempts", async () => {
    replies = [REJECTED];
    expect((await rejectionOf(client.sendEmail(TEMPLATE_ID, "a@b", { idempotencyKey: "k" }))).statusCode).toBe(500);
    expect(seen).toHaveLength(3);
  });

  it("happens to what only reads", async () => {
    replies = [REJECTED, { body: '{"id":"3"}' }];
    expect(await client.getNotificationById(ID)).toEqual({ id: "3" });
  });

  it("does not happen to what was refused for good", async () => {
    replies = [{ status: 404, body: '{"errors":[{"error":"NoResultFound","message":"No result found"}]}' }];
    await rejectionOf(client.getNotificationById(ID));
    expect(seen).toHaveLength(1);
  });

  it("does not happen when the API asks to wait for long", async () => {
    replies = [{ ...REJECTED, status: 503, headers: { "retry-after": "60" } }];
    expect((await rejectionOf(client.getNotificationById(ID))).retryAfterSeconds).toBe(60);
    expect(seen).toHaveLength(1);
  });
});

describe("prepareUpload", () => {
  const MAX_BYTES = 2 * 1024 * 1024;

  it("encodes the file and keeps the options", () => {
    const options = { filename: "report.csv", confirmEmailBeforeDownload: false, retentionPeriod: "52 weeks" };
    expect(client.prepareUpload(Buffer.from("a,£"), options)).toEqual({
      file: "YSzCow==",
      filename: "report.csv",
      confirm_email_before_download: false,
      retention_period: "52 weeks",
    });
  });

  it("takes text as UTF-8, and part of a larger buffer as that part", () => {
    expect(client.prepareUpload("a,£").file).toBe("YSzCow==");
    expect(client.prepareUpload(new Uint8Array([9, 97, 9]).subarray(1, 2)).file).toBe("YQ==");
  });

  it("takes 2 MB and refuses a byte more", () => {
    expect(client.prepareUpload(Buffer.alloc(MAX_BYTES)).file).toHaveLength(Math.ceil(MAX_BYTES / 3) * 4);
    for (const file of [Buffer.alloc(MAX_BYTES + 1), "£".repeat(MAX_BYTES / 2 + 1)]) {
      const error = failureOf(() => client.prepareUpload(file));
      expect(error).toMatchObject({ error: "InvalidArgumentError", message: "File is larger than 2MB." });
    }
  });
});

function failureOf(action: () => unknown): PennypostError {
  try {
    action();
  } catch (error) {
    if (error instanceof PennypostError) return error;
  }
  throw new Error("expected a PennypostError");
}

async function rejectionOf(promise: Promise<unknown>): Promise<PennypostError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PennypostError) return error;
  throw new Error("expected a PennypostError", { cause: error });
}
