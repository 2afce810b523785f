import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Refusal } from "../../core/refusal.ts";
import { systemClock } from "../../platform/clock.ts";
import { createOutbound } from "../../platform/http.ts";
import { silentLog } from "../../platform/log.ts";
import { httpProvider } from "../../providers/http/http-provider.ts";
import { firetext } from "../../providers/http/presets/firetext.ts";
import { mmg } from "../../providers/http/presets/mmg.ts";
import type { InboundText, Receipt } from "../../providers/provider.ts";
import { type ReportedSupplier, registerReports } from "./register-reports.ts";

const LOGIN = { username: "mmg", password: "open sesame" };
const REFERENCE = "0199a8f0-0000-7000-8000-000000000001";
const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

const outbound = createOutbound({ allowedNetworks: [] });
const settings = { apiKey: "secret" };
const make = (name: string, supplier: unknown) =>
  httpProvider({ outbound, clock: systemClock }, { name, supplier, settings });
const suppliers = new Map<string, ReportedSupplier<Receipt, InboundText>>([
  ["mmg", { ...make("mmg", mmg), inboundLogins: [LOGIN] }],
  ["firetext", { ...make("firetext", firetext), inboundLogins: [LOGIN] }],
  ["signing", { ...make("signing", mmg), inboundLogins: "signed" }],
  ["shut", make("shut", mmg)],
  ["guarded", { ...make("guarded", mmg), receiptLogins: [LOGIN] }],
]);

let server: FastifyInstance;
let origin: string;
let told: unknown[] = [];
let trouble: Error | undefined;

beforeAll(async () => {
  server = Fastify();
  const take = async (supplier: string, news: unknown) => {
    if (trouble) throw trouble;
    told.push([supplier, news]);
  };
  registerReports(server, {
    app: { log: silentLog },
    findReports: async (name) => suppliers.get(name),
    onReceipts: take,
    onInbound: take,
  });
  origin = await server.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.close();
  await outbound.close();
});
beforeEach(() => {
  told = [];
  trouble = undefined;
});

function basic({ username, password }: typeof LOGIN): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(origin + path, {
    method: "POST",
    body,
    headers: { "content-type": JSON_TYPE, ...headers },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as { message?: unknown } };
}

const mmgReceipt = JSON.stringify({ CID: REFERENCE, status: "3", MSISDN: "447700900123" });
const mmgText = JSON.stringify({ MSISDN: "447700900123", Number: "447700900500", Message: "Yes+please", ID: "a1" });

describe("a receipt", () => {
  it("is handed on and acknowledged", async () => {
    const { status, body } = await post("/notifications/sms/mmg", mmgReceipt);
    expect([status, body]).toEqual([200, { result: "success" }]);
    expect(told).toEqual([["mmg", [{ reference: REFERENCE, status: "delivered", code: "3" }]]]);
  });

  it("may be a form, and may claim to be something else", async () => {
    const form = `mobile=447700900123&status=1&time=2026-11-22+12%3A00%3A00&reference=${REFERENCE}&code=101`;
    for (const contentType of [FORM, JSON_TYPE, "text/plain"]) {
      const { status } = await post("/notifications/sms/firetext", form, { "content-type": contentType });
      expect(status).toBe(200);
    }
    const receipt = { reference: REFERENCE, status: "permanent-failure" };
    expect(told).toMatchObject(Array(3).fill(["firetext", [receipt]]));
  });

  it("about nothing of ours is acknowledged and dropped", async () => {
    const { status, body } = await post("/notifications/sms/mmg", JSON.stringify({ CID: "1", status: "3" }));
    expect([status, body]).toEqual([200, { result: "success" }]);
    expect(told).toEqual([]);
  });

  it("is refused with what it lacks", async () => {
    const { status, body } = await post("/notifications/sms/mmg", "{}");
    expect([status, body]).toEqual([
      400,
      { result: "error", message: ["MMG callback failed: status missing", "MMG callback failed: CID missing"] },
    ]);
  });

  it("that cannot be read fails as with Notify's API", async () => {
    const { status, body } = await post("/notifications/sms/mmg", "status=3", { "content-type": FORM });
    expect([status, body]).toEqual([500, { result: "error", message: "Internal server error" }]);
  });

  it.each([
    ["the database is away", Object.assign(new Error("gone"), { code: "ECONNREFUSED" }), 503],
    ["we have too much to do", new Refusal("unavailable", "later"), 503],
    ["something nobody expected happens", new Error("secret details"), 500],
  ])("is not acknowledged while %s", async (_, error, expected) => {
    trouble = error;
    const { status, headers, body } = await post("/notifications/sms/mmg", mmgReceipt);
    expect(status).toBe(expected);
    expect(headers.has("retry-after")).toBe(expected === 503);
    expect(JSON.stringify(body)).not.toContain("secret details");
  });

  it("may ask for a login of its supplier", async () => {
    expect((await post("/notifications/sms/guarded", mmgReceipt)).status).toBe(401);
    expect((await post("/notifications/sms/guarded", mmgReceipt, { authorization: basic(LOGIN) })).status).toBe(200);
  });
});

describe("a received text", () => {
  it("is handed on from a supplier that is logged in", async () => {
    const { status, body } = await post("/notifications/sms/receive/mmg", mmgText, { authorization: basic(LOGIN) });
    expect([status, body]).toEqual([200, { status: "ok" }]);
    const text = { from: "447700900123", to: "447700900500", text: "Yes please", reference: "a1" };
    expect(told).toEqual([["mmg", text]]);
  });

  it("is handed on from a supplier that signs", async () => {
    expect((await post("/notifications/sms/receive/signing", mmgText)).status).toBe(200);
    expect(told).toHaveLength(1);
  });

  it.each([
    ["mmg", {}, 401, "Unauthorized: authentication token must be provided"],
    ["mmg", { authorization: "Bearer abc" }, 401, "Unauthorized: authentication token must be provided"],
    [
      "mmg",
      { authorization: basic({ ...LOGIN, password: "guess" }) },
      403,
      "Forbidden: invalid authentication token provided",
    ],
    ["shut", { authorization: basic(LOGIN) }, 403, "Forbidden: invalid authentication token provided"],
  ])("to %s with %j is answered %i", async (supplier, headers: Record<string, string>, expected, message) => {
    const { status, headers: answered, body } = await post(`/notifications/sms/receive/${supplier}`, mmgText, headers);
    expect([status, body]).toEqual([expected, { result: "error", message }]);
    expect(answered.get("www-authenticate")).toBe(expected === 401 ? "Bearer" : null);
    expect(told).toEqual([]);
  });

  it("that is not JSON fails before anyone asks for the login", async () => {
    const { status } = await post("/notifications/sms/receive/mmg", mmgText, { "content-type": "text/plain" });
    expect(status).toBe(500);
  });
});

describe("an address", () => {
  it.each(["/notifications/sms/nobody", "/notifications/sms/receive/nobody", "/notifications/sms/receive"])(
    "%s is not found",
    async (path) => {
      const { status, headers, body } = await post(path, "{}");
      expect(status).toBe(404);
      expect(headers.get("content-type")).toBe("application/json");
      expect(body.message).toMatch(/^The requested URL was not found on the server\./);
    },
  );

  it.each(["GET", "PUT", "DELETE", "PATCH"])("refuses %s", async (method) => {
    const response = await fetch(`${origin}/notifications/sms/mmg`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("OPTIONS, POST");
    expect(await response.json()).toMatchObject({ message: "The method is not allowed for the requested URL." });
  });

  it("refuses more than any report needs", async () => {
    expect((await post("/notifications/sms/mmg", "x".repeat(300_000))).status).toBe(413);
  });
});
