import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi, tokenHeader } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const UNKNOWN_ID = "11111111-2222-4333-8444-555555555555";
const NOT_FOUND = {
  result: "error",
  message:
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.",
};

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

describe("addresses", () => {
  it.each([
    "/v2",
    "/v2/",
    "/v2/nonsense",
    "/v2/notifications/",
    "/v2/notifications/sms/",
    "/v2/template",
    "/v2/templates/",
    `/v2/notifications/${UNKNOWN_ID}%2Fpdf`,
    `/v2/notifications/${UNKNOWN_ID}/nonsense`,
    "/_status/",
    "/notifications/nonsense",
  ])("%s is none of ours, whoever asks", async (path) => {
    for (const method of ["GET", "POST"]) {
      const answer = await api.request(method, path);
      expect(answer.status).toBe(404);
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(answer.json).toEqual(NOT_FOUND);
    }
  });

  it("lead to themselves without doubled slashes", async () => {
    const answer = await api.request("POST", "/v2//notifications///sms?a=b//c", { body: "{}" });
    expect(answer.status).toBe(308);
    expect(answer.headers.location).toBe("https://api.example.org/v2/notifications/sms?a=b//c");
  });

  it("tell an unknown kind of message only to those who may ask, and at the price of a message", async () => {
    expect((await api.post("/v2/notifications/fax", {})).status).toBe(401);
    const poor = await world.service({ rateLimitPerMinute: 3 });
    const answers = [];
    for (let asked = 0; asked < 2; asked += 1) answers.push(await api.post("/v2/notifications/fax", {}, { as: poor }));
    expect(answers.map(({ status }) => status)).toEqual([404, 429]);
    expect(answers[0]?.json).toEqual(NOT_FOUND);
  });
});

describe("methods", () => {
  it.each([
    ["PUT", "/v2/notifications/sms", "GET, HEAD, OPTIONS, POST"],
    ["POST", "/v2/notifications", "GET, HEAD, OPTIONS"],
    ["DELETE", `/v2/notifications/${UNKNOWN_ID}`, "GET, HEAD, OPTIONS, POST"],
    ["GET", `/v2/template/${UNKNOWN_ID}/preview`, "OPTIONS, POST"],
    ["PATCH", "/v2/templates", "GET, HEAD, OPTIONS"],
    ["DELETE", "/_status", "GET, HEAD, OPTIONS, POST"],
  ])("%s %s is refused before anyone asks who is calling", async (method, path, allow) => {
    const answer = await api.request(method, path, { body: "{", headers: { "content-type": "nonsense;" } });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(allow);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.json).toEqual({ result: "error", message: "The method is not allowed for the requested URL." });
  });

  it("HEAD is GET without the body", async () => {
    const got = await api.get("/v2/templates", { as: service });
    const head = await api.request("HEAD", "/v2/templates", { as: service });
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers["content-length"]).toBe(String(got.text.length));
    expect((await api.request("HEAD", "/v2/templates")).status).toBe(401);
  });

  it("OPTIONS names the methods to those who may ask", async () => {
    const answer = await api.request("OPTIONS", "/v2/notifications", { as: service });
    expect([answer.status, answer.text, answer.headers.allow]).toEqual([200, "", "GET, HEAD, OPTIONS"]);
    expect((await api.request("OPTIONS", "/v2/notifications")).status).toBe(401);
    expect((await api.request("OPTIONS", "/_status")).status).toBe(200);
  });
});

describe("headers", () => {
  it.each(["/v2/templates", "/v2/nonsense", "/_status", "/v2/notifications/%20"])("of %s", async (path) => {
    const { headers } = await api.get(path, {
      as: service,
      headers: { "accept-encoding": "gzip", accept: "text/html" },
    });
    expect(headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "Content-Type,Authorization",
      "access-control-allow-methods": "GET,PUT,POST,DELETE",
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
      "x-permitted-cross-domain-policies": "none",
      "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
      "cache-control": "no-store, no-cache, private, must-revalidate",
      "content-type": "application/json",
      "x-b3-traceid": expect.stringMatching(/^[0-9a-f]{32}$/),
      "x-b3-spanid": expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    for (const absent of ["etag", "vary", "content-encoding", "www-authenticate"])
      expect(headers[absent]).toBeUndefined();
  });

  it.each<[Record<string, string>, string]>([
    [{ "x-b3-traceid": "my-trace", "x-amz-cf-id": "other" }, "my-trace"],
    [{ "x-amz-cf-id": "front", "x-amzn-trace-id": "other" }, "front"],
    [{ "x-amzn-trace-id": "Root=1-2" }, "Root=1-2"],
  ])("give the trace of %j back", async (headers, expected) => {
    expect((await api.get("/_status?simple=1", { headers })).headers["x-b3-traceid"]).toBe(expected);
  });
});

it("a request that never becomes whole hurts nobody", async () => {
  const { port } = new URL(api.url);
  const socket = connect(Number(port), "127.0.0.1").on("error", () => {});
  const { authorization } = tokenHeader(world.app, { as: service });
  socket.write(
    `POST /v2/notifications/sms HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 100\r\n\r\n{"phone`,
  );
  await new Promise<void>((resolve) => socket.end(resolve));
  expect((await api.get("/_status?simple=1")).status).toBe(200);
});
