import { describe, expect, it } from "vitest";
import { Refusal, type RefusalKind } from "../../../core/refusal.ts";
import type { LogFields } from "../../../platform/log.ts";
import { silentLog } from "../../../platform/log.ts";
import { answerError, InvalidRequest } from "./errors.ts";
import { pageLinks } from "./page-links.ts";
import { strayPath } from "./stray-path.ts";
import { timestamp } from "./timestamp.ts";
import { spanIdOf, traceIdOf } from "./trace-ids.ts";

function told(error: unknown, log = silentLog): [number, unknown, readonly string[] | undefined] {
  const { status, body, headers } = answerError(error, { log, where: "POST /x" });
  return [status, JSON.parse(String(body)).errors, headers];
}

describe("an error", () => {
  it.each<[RefusalKind, number, string]>([
    ["bad-request", 400, "BadRequestError"],
    ["invalid", 400, "ValidationError"],
    ["invalid-phone", 400, "InvalidPhoneError"],
    ["unauthenticated", 401, "AuthError"],
    ["not-authorised", 403, "AuthError"],
    ["forbidden", 403, "BadRequestError"],
    ["not-found", 404, "NoResultFound"],
    ["suppressed", 400, "BadRequestError"],
    ["not-verified", 400, "VerificationError"],
    ["conflict", 409, "IdempotencyKeyError"],
    ["rate-limited", 429, "RateLimitError"],
    ["limit-reached", 429, "TooManyRequestsError"],
    ["unavailable", 503, "ServiceUnavailable"],
  ])("of kind %s is told as %i %s", (kind, status, error) => {
    expect(told(new Refusal(kind, "because"))).toEqual([status, [{ error, message: "because" }], undefined]);
  });

  it("that time will heal says how much", () => {
    expect(told(new Refusal("unavailable", "later", { retryAfterSeconds: 7 }))[2]).toEqual(["Retry-After", "7"]);
    expect(told(Object.assign(new Error(), { code: "ECONNREFUSED" }))).toMatchObject([503, {}, ["Retry-After", "1"]]);
  });

  it("of a request's form tells all that is wrong", () => {
    const wrong = ["a", "b"].map((message) => ({ error: "ValidationError", message }));
    expect(told(new InvalidRequest(["a", "b"]))).toEqual([400, wrong, undefined]);
  });

  it("that nobody expected tells its class alone, and is logged without what it says", () => {
    const logged: [string, LogFields | undefined][] = [];
    const log = { ...silentLog, error: (event: string, fields?: LogFields) => logged.push([event, fields]) };
    const answer = told(Object.assign(new TypeError("07700900123 is secret"), { code: "X1" }), log);
    expect(answer).toEqual([500, [{ error: "TypeError", message: "Internal server error" }], undefined]);
    expect(logged).toEqual([
      [
        "api.failed",
        { where: "POST /x", error: "TypeError", code: "X1", at: expect.arrayContaining([expect.any(String)]) },
      ],
    ]);
    expect(JSON.stringify(logged)).not.toContain("07700900123");
  });
});

describe("the links of a page", () => {
  const links = (query: string, lastId: string | undefined) =>
    pageLinks("https://x/y", { query: new URLSearchParams(query), repeatable: ["s"], lastId });

  it.each([
    ["", undefined, { current: "https://x/y" }],
    ["", "9", { current: "https://x/y", next: "https://x/y?older_than=9" }],
    ["s=1&r=a&s=2&r=b", "9", { current: "https://x/y?s=1&s=2&r=a", next: "https://x/y?s=1&s=2&r=a&older_than=9" }],
    ["older_than=5&s=1", "9", { current: "https://x/y?older_than=5&s=1", next: "https://x/y?older_than=9&s=1" }],
    ["r=a%20b%26", undefined, { current: "https://x/y?r=a+b%26" }],
  ])("for ?%s ending at %s", (query, lastId, expected) => {
    expect(links(query, lastId)).toEqual(expected);
  });
});

describe("a path", () => {
  it.each([
    ["/", undefined],
    ["/v2/templates", undefined],
    ["/v2/templates?a=/b//c/", undefined],
    ["/v2/template/%20x", undefined],
    ["/v2/templates/", "unknown"],
    ["/v2/template/a%2fb", "unknown"],
    ["/v2//templates", "doubled-slashes"],
    ["/v2/templates//", "doubled-slashes"],
  ])("%s is %s", (url, expected) => {
    expect(strayPath(url)).toBe(expected);
  });
});

describe("the ids of a trace", () => {
  it("are new for each request that brings none, however many there are", () => {
    const ids = Array.from({ length: 2_000 }, () => traceIdOf({}));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(spanIdOf({})).toMatch(/^[0-9a-f]{16}$/);
  });

  it("are those the request brings, unless they are not fit to be sent back", () => {
    expect(traceIdOf({ "x-b3-traceid": "abc" })).toBe("abc");
    expect(spanIdOf({ "x-b3-spanid": "def" })).toBe("def");
    expect(traceIdOf({ "x-b3-traceid": "a\u00e9", "x-amzn-trace-id": "Root=1" })).toBe("Root=1");
    expect(spanIdOf({ "x-b3-spanid": "x".repeat(257) })).toMatch(/^[0-9a-f]{16}$/);
  });
});

it("a moment is written with six decimals, and none is null", () => {
  expect(timestamp(new Date("2026-06-01T10:30:00.4Z"))).toBe("2026-06-01T10:30:00.400000Z");
  expect(timestamp(undefined)).toBeNull();
});
