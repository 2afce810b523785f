import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  API_KEY,
  ID,
  type Reply,
  rejectionOf,
  type ScriptedApi,
  startScriptedApi,
  TEMPLATE_ID,
} from "../test/scripted-api.ts";
import { PennypostClient, PennypostError } from "./index.ts";

const REJECTED: Reply = { status: 500, body: '{"errors":[{"error":"Exception","message":"Internal server error"}]}' };

let api: ScriptedApi;
beforeEach(async () => {
  api = await startScriptedApi();
});
afterEach(() => api.close());

describe("an error", () => {
  it("carries the status and everything the API named", async () => {
    const errors = [
      { error: "ValidationError", message: "phone_number is a required property" },
      { error: "ValidationError", message: "template_id is not a valid UUID" },
    ];
    api.replies = [{ status: 400, body: JSON.stringify({ status_code: 400, errors }) }];
    const error = await rejectionOf(api.client.sendSms("x", ""));
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
    api.replies = [{ status, body: JSON.stringify({ status_code: status, errors: [{ error, message: "Because" }] }) }];
    const failure = await rejectionOf(api.client.sendSms(TEMPLATE_ID, "1"));
    expect(failure).toMatchObject({ statusCode: status, error, message: "Because", isRetryable });
    expect(api.seen).toHaveLength(1);
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
    api.replies = [reply];
    const error = await rejectionOf(api.client.sendSms(TEMPLATE_ID, "1"));
    expect(error).toMatchObject({ statusCode: reply.status, error: "HTTPError", message });
  });

  it("says when nobody listens", async () => {
    await api.close();
    const error = await rejectionOf(api.client.sendSms(TEMPLATE_ID, "1"));
    const message = "The API cannot be reached (ECONNREFUSED)";
    expect(error).toMatchObject({ error: "NetworkError", statusCode: undefined, isRetryable: true, message });
  });

  it("says when no answer comes in time", async () => {
    api.replies = ["nothing"];
    const hasty = new PennypostClient({ baseUrl: api.baseUrl, apiKey: API_KEY, timeoutMs: 50 });
    const error = await rejectionOf(hasty.sendSms(TEMPLATE_ID, "1"));
    expect(error).toMatchObject({ error: "TimeoutError", message: "No answer within 50 ms", isRetryable: true });
  });

  it("is what a redirect leads to: the token goes nowhere else", async () => {
    api.replies = [{ status: 302, headers: { location: `${api.baseUrl}/elsewhere` }, body: "" }];
    expect(await rejectionOf(api.client.sendSms(TEMPLATE_ID, "1"))).toMatchObject({ error: "NetworkError" });
    expect(api.seen).toHaveLength(1);
  });
});

describe("trying again", () => {
  it("does not happen to a send without an idempotency key", async () => {
    api.replies = ["hang up", { body: "{}" }];
    expect((await rejectionOf(api.client.sendSms(TEMPLATE_ID, "1"))).error).toBe("NetworkError");
    expect(api.seen).toHaveLength(1);
  });

  it("sends the same request with the same key until it is answered", async () => {
    api.replies = ["hang up", REJECTED, { body: '{"id":"2"}' }];
    expect(await api.client.sendSms(TEMPLATE_ID, "1", { idempotencyKey: "order-7" })).toEqual({ id: "2" });
    expect(api.seen.map(({ headers, body }) => [headers["idempotency-key"], body])).toEqual(
      Array.from({ length: 3 }, () => ["order-7", { template_id: TEMPLATE_ID, phone_number: "1" }]),
    );
  });

  it("ends after three attempts", async () => {
    api.replies = [REJECTED];
    expect((await rejectionOf(api.client.sendEmail(TEMPLATE_ID, "a@b", { idempotencyKey: "k" }))).statusCode).toBe(500);
    expect(api.seen).toHaveLength(3);
  });

  it("happens to what only reads", async () => {
    api.replies = [REJECTED, { body: '{"id":"3"}' }];
    expect(await api.client.getNotificationById(ID)).toEqual({ id: "3" });
  });

  it("does not happen to what was refused for good", async () => {
    api.replies = [{ status: 404, body: '{"errors":[{"error":"NoResultFound","message":"No result found"}]}' }];
    await rejectionOf(api.client.getNotificationById(ID));
    expect(api.seen).toHaveLength(1);
  });

  it("does not happen when the API asks to wait for long", async () => {
    api.replies = [{ ...REJECTED, status: 503, headers: { "retry-after": "60" } }];
    expect((await rejectionOf(api.client.getNotificationById(ID))).retryAfterSeconds).toBe(60);
    expect(api.seen).toHaveLength(1);
  });
});
