import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import { letterStatusUrl } from "../../flow/letters/status-link.ts";
import { newId } from "../../platform/ids.ts";
import { registerLetterStatus } from "./letter-status.ts";

const NO_TOKEN = "A valid token must be provided in the query string";
const OTHER = "Notification ID in letter callback data does not match ID in token";
const DESPATCHED = { data: { jobStatus: "DESPATCHED" } };

let world: World;
let server: FastifyInstance;
let id: string;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  server = Fastify();
  registerLetterStatus(server, { app: world.app });
  id = await letterInPrint();
});
afterEach(() => server.close());

async function letterInPrint(): Promise<string> {
  const service = await world.service();
  const notification = await world.notification(service, { status: "sending" });
  const runId = newId();
  await world.app.db.query`
    insert into print_runs (id, provider, cut_off_at, letters, created_at) values (${runId}, 'printer', now(), 1, now())`;
  await world.app.db.query`
    insert into letters (notification_id, service_id, is_precompiled, postage, print_run_id)
    values (${notification.id}, ${service.id}, false, 'second', ${runId})`;
  return notification.id;
}

async function post(body: unknown, url = letterStatusUrl(world.app, id, "")) {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await server.inject({ method: "POST", url, payload, headers: { "content-type": "application/json" } });
  return { status: answer.statusCode, body: answer.body === "" ? "" : answer.json() };
}

const refusal = (status_code: number, error: string, ...messages: string[]) => ({
  status: status_code,
  body: { status_code, errors: messages.map((message) => ({ error, message })) },
});
const statusNow = async () => (await world.latest({ id })).status;

describe("a printer's word on one letter", () => {
  it.each([
    ["DESPATCHED", "delivered"],
    ["REJECTED", "technical-failure"],
    ["RETURNED", "returned-letter"],
  ])("%s makes it %s, and is answered with nothing", async (jobStatus, status) => {
    expect(await post({ id, data: { jobStatus, jobId: "x" }, time: "2026-11-30T18:00:00Z" })).toEqual({
      status: 204,
      body: "",
    });
    expect(await statusNow()).toBe(status);
  });

  it("may come twice", async () => {
    await post({ id, ...DESPATCHED });
    expect((await post({ id, data: { jobStatus: "REJECTED" } })).status).toBe(204);
    expect(await statusNow()).toBe("delivered");
  });

  it.each(["", "?token=", "?token=abc", "?token=a&token=b"])("is not taken with the query %j", async (query) => {
    const answer = await post({ id, ...DESPATCHED }, `/notifications/letter/status${query}`);
    expect(answer).toEqual(refusal(403, "InvalidRequest", NO_TOKEN));
    expect(await statusNow()).toBe("sending");
  });

  it("is not taken with a token that was changed, or made for another letter", async () => {
    const other = newId();
    const borrowed = letterStatusUrl(world.app, other, "").replace(other, id);
    expect(await post({ id, ...DESPATCHED }, borrowed)).toEqual(refusal(403, "InvalidRequest", NO_TOKEN));
    const url = letterStatusUrl(world.app, other, "");
    expect(await post({ id, ...DESPATCHED }, url)).toEqual(refusal(400, "InvalidRequest", OTHER));
    expect(await statusNow()).toBe("sending");
  });

  it.each<[string, unknown, string[]]>([
    ["nothing", {}, ["id is a required property", "data is a required property"]],
    ["other types", { id: 1, data: [] }, ["id is not of type string", "data is not of type object"]],
    ["no status", { id: "x", data: {} }, ["jobStatus is a required property"]],
    [
      "an unknown status",
      { id: "x", data: { jobStatus: "constructor" } },
      ["jobStatus is not one of [DESPATCHED, REJECTED, RETURNED]"],
    ],
  ])("that holds %s is refused with all that is wrong", async (_, body, messages) => {
    expect(await post(body)).toEqual(refusal(400, "ValidationError", ...messages));
  });

  it.each(["", "{", "[]", "null"])("that is %j is refused", async (body) => {
    expect(await post(body)).toEqual(refusal(400, "BadRequestError", "Invalid JSON supplied in POST data"));
  });

  it("refuses every other method", async () => {
    const answer = await server.inject({ method: "GET", url: letterStatusUrl(world.app, id, "") });
    expect(answer.statusCode).toBe(405);
  });
});
