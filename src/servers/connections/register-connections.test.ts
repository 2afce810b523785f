import { createHmac } from "node:crypto";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createWorld, type ServiceWish, type World, type WorldService } from "../../../test/support/world.ts";
import type { ConnectionKind } from "../../core/connections/connection-kind.ts";
import { PRESETS } from "../../core/connections/connection-kind.ts";
import { PIPEDRIVE_PERSON, SALESFORCE_MESSAGE, WOOCOMMERCE_ORDER } from "../../core/connections/sample-bodies.ts";
import {
  type ConnectionForm,
  createConnection,
  deleteConnection,
  renewConnectionSecret,
  switchConnection,
} from "../../flow/connections/change-connections.ts";
import { createIntake } from "../../flow/intake/create-intake.ts";
import { openContent } from "../../flow/personal-content.ts";
import { deleteConnectionCallsBefore, listConnectionCalls } from "../../records/connections/connection-call-store.ts";
import { registerConnections } from "./register-connections.ts";

const ACTOR = { userId: "019b0000-0000-7000-8000-000000000001", ip: undefined };
const DAY_MS = 86_400_000;

let world: World;
let server: FastifyInstance;
beforeAll(async () => {
  world = await createWorld();
  server = Fastify();
  registerConnections(server, { intake: createIntake(world.app) });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

interface Place {
  service: WorldService;
  id: string;
  secret: string;
}

async function connect(
  kind: ConnectionKind,
  change: Partial<ConnectionForm> = {},
  wish: ServiceWish = {},
): Promise<Place> {
  const service = await world.service({ prefixesTexts: false, ...wish });
  const { templateId } = await world.template(service, { body: "Hello ((first name))" });
  const { recipientPath, conditions, eventPath, fields } = PRESETS[kind];
  const form = {
    ...{ name: "Our shop", templateId, recipientPath: recipientPath.sms, conditions: conditions.join("\n"), eventPath },
    ...{ fields: { "first name": fields["first name"] ?? "name" }, repeatDays: "7", organizationId: "00D000000000001" },
    ...change,
  };
  return { service, ...(await createConnection(world.app, ACTOR, { service, kind, form })) };
}

type Body = object | string;
const rawOf = (body: Body) => (typeof body === "string" ? body : JSON.stringify(body));

async function post(url: string, body: Body, headers: Record<string, string> = {}) {
  const answer = await server.inject({
    method: "POST",
    url,
    payload: rawOf(body),
    headers: { "content-type": "application/json", ...headers },
  });
  return { status: answer.statusCode, body: answer.body, json: () => answer.json() as Record<string, string> };
}
const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`pennypost:${secret}`).toString("base64")}` });
const called = ({ id, secret }: Place, body: Body) => post(`/connections/${id}`, body, basic(secret));
const callsOf = async ({ id }: Place) =>
  (await listConnectionCalls(world.app.db, id, 20)).map(({ outcome, reason }) => [outcome, reason]);
const textsOf = ({ service }: Place) =>
  world.app.db.query<{ id: string }>`select n.id from notifications n where n.service_id = ${service.id}`;
const person = (data: object, meta: object = {}) => ({
  ...PIPEDRIVE_PERSON,
  meta: { ...(PIPEDRIVE_PERSON["meta"] as object), ...meta },
  data: { ...(PIPEDRIVE_PERSON["data"] as object), ...data },
});

describe("a person who is new in Pipedrive", () => {
  it("is written to once, however often it is told", async () => {
    const place = await connect("pipedrive");
    const sent = await called(place, PIPEDRIVE_PERSON);
    expect([sent.status, sent.json()]).toEqual([200, { result: "sent", notification_id: expect.any(String) }]);
    const notification = await world.latest({ id: sent.json()["notification_id"] ?? "" });
    expect(notification).toMatchObject({ createdByName: "Our shop", keyKind: "live" });
    const { recipient, personalisation } = openContent(place.service, notification);
    expect([recipient, personalisation]).toEqual(["447700900123", { "first name": "Ada" }]);
    const again = await called(place, PIPEDRIVE_PERSON);
    expect([again.status, again.json()]).toEqual([200, { ...sent.json(), result: "repeated" }]);
    expect(await textsOf(place)).toHaveLength(1);
    expect(await callsOf(place)).toEqual([
      ["repeated", undefined],
      ["sent", undefined],
    ]);
  });

  it("is written to once where two calls cross", async () => {
    const place = await connect("pipedrive");
    const answers = await Promise.all([1, 2, 3].map(() => called(place, PIPEDRIVE_PERSON)));
    expect(new Set(answers.map((answer) => answer.json()["notification_id"])).size).toBe(1);
    expect(await textsOf(place)).toHaveLength(1);
  });

  it("is written to again once the days for which an event is the same are over", async () => {
    const place = await connect("pipedrive");
    await called(place, PIPEDRIVE_PERSON);
    await world.app.db.query`
      update connection_calls set event_index = null where connection_id = ${place.id}`;
    await world.app.db.query`delete from idempotency_keys`;
    expect((await called(place, PIPEDRIVE_PERSON)).json()).toMatchObject({ result: "sent" });
    expect(await textsOf(place)).toHaveLength(2);
  });

  it.each([
    ["a condition does not hold", person({}, { action: "change" }), "left-out", "meta.action is create"],
    [
      "there is no number",
      person({ phones: [] }),
      "refused",
      "There is no recipient at data.phones[primary=true].value",
    ],
    [
      "the number is none",
      person({ phones: [{ primary: true, value: "12" }] }),
      "refused",
      expect.stringMatching(/^The recipient is not a phone number: /),
    ],
  ])("is left out with a good answer where %s, and people see why", async (_, body, outcome, reason) => {
    const place = await connect("pipedrive");
    const answer = await called(place, body);
    expect([answer.status, answer.json()]).toEqual([200, { result: outcome, message: reason }]);
    expect(await callsOf(place)).toEqual([[outcome, reason]]);
    expect(await textsOf(place)).toEqual([]);
  });

  it("is left out while the connection is switched off", async () => {
    const place = await connect("pipedrive");
    await switchConnection(world.app, ACTOR, { serviceId: place.service.id, id: place.id, isOn: false });
    expect((await called(place, PIPEDRIVE_PERSON)).json()).toMatchObject({ result: "left-out" });
    expect(await callsOf(place)).toEqual([["left-out", "It is switched off"]]);
  });

  it("is not written to by a service in trial mode, unless of its team", async () => {
    const place = await connect("pipedrive", {}, { isTrial: true });
    const answer = await called(place, PIPEDRIVE_PERSON);
    expect([answer.status, answer.json()]).toEqual([
      200,
      { result: "refused", message: expect.stringContaining("trial") },
    ]);
    expect(await textsOf(place)).toEqual([]);
  });

  it("is put off where the service has reached a limit, and sent later", async () => {
    const place = await connect("pipedrive", {}, { dailyLimitSms: 0 });
    expect((await called(place, PIPEDRIVE_PERSON)).status).toBe(429);
    expect(await callsOf(place)).toEqual([["refused", expect.stringContaining("limit")]]);
  });
});

describe("who calls", () => {
  it.each([
    ["without a secret", {}],
    ["with a wrong one", basic("wrong")],
    ["with a wrong token", { authorization: "Bearer wrong" }],
    ["with another user name", { authorization: `Basic ${Buffer.from("me:wrong").toString("base64")}` }],
  ])("%s is refused, and nothing is kept of it", async (_, headers) => {
    const place = await connect("pipedrive");
    const answer = await post(`/connections/${place.id}`, PIPEDRIVE_PERSON, headers);
    expect([answer.status, answer.json()["message"]]).toEqual([
      401,
      "The secret of this connection is missing or wrong",
    ]);
    expect(await callsOf(place)).toEqual([]);
  });

  it("may give the secret as a token, and has to know the new one once it was renewed", async () => {
    const place = await connect("json");
    const body = { phone: "07700 900123", name: "Ada" };
    const bearer = (secret: string) => post(`/connections/${place.id}`, body, { authorization: `Bearer ${secret}` });
    expect((await bearer(place.secret)).status).toBe(200);
    const { secret } = await renewConnectionSecret(world.app, ACTOR, place);
    expect([(await bearer(place.secret)).status, (await bearer(secret)).status]).toEqual([401, 200]);
  });

  it("finds nothing where there is no connection, or none any more", async () => {
    const place = await connect("json");
    await deleteConnection(world.app, ACTOR, { serviceId: place.service.id, id: place.id });
    for (const id of [place.id, place.service.id, "x"]) {
      expect((await post(`/connections/${id}`, {}, basic(place.secret))).status).toBe(404);
    }
  });
});

describe("a system that posts JSON", () => {
  it("is told what is wrong", async () => {
    const place = await connect("json");
    const answer = await called(place, { name: "Ada" });
    expect([answer.status, answer.json()["message"]]).toEqual([400, "There is no recipient at phone"]);
  });

  it("may post a form", async () => {
    const place = await connect("json");
    const headers = { ...basic(place.secret), "content-type": "application/x-www-form-urlencoded" };
    const answer = await post(`/connections/${place.id}`, "phone=07700+900123&name=Ada", headers);
    expect(answer.json()).toMatchObject({ result: "sent" });
  });

  it.each([
    ["no JSON", "phone: 1", 400, "The body is not a JSON object"],
    ["a list", "[]", 400, "The body is not a JSON object"],
    ["nothing", "", 400, "The body is not a JSON object"],
    ["too much", `{"a":"${"x".repeat(1024 * 1024)}"}`, 413, "Request body is too large"],
  ])("is refused with %s, and nothing is kept of it", async (_, body, status, message) => {
    const place = await connect("json");
    const answer = await called(place, body);
    expect([answer.status, answer.json()["message"]]).toEqual([status, message]);
    expect(await callsOf(place)).toEqual([]);
  });

  it("is told so when the template has been deleted, or asks for more", async () => {
    const place = await connect("json", { fields: {} });
    const body = { phone: "07700 900123" };
    expect((await called(place, body)).json()["message"]).toBe("Missing personalisation: first name");
    await world.app.db.query`update templates set archived_at = now() where service_id = ${place.service.id}`;
    // What was read of a template is good for a moment.
    await vi.waitFor(
      async () =>
        expect((await called(place, body)).json()["message"]).toBe("The connection's template has been deleted"),
      { timeout: 30_000, interval: 200 },
    );
  });
});

describe("a shop of WooCommerce", () => {
  const signed = (secret: string, body: Body) => ({
    "x-wc-webhook-signature": createHmac("sha256", secret).update(rawOf(body)).digest("base64"),
  });

  it("tries out the address, then signs what it says", async () => {
    const place = await connect("woocommerce");
    const url = `/connections/${place.id}`;
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await post(url, "webhook_id=12", form)).status).toBe(200);
    expect(await callsOf(place)).toEqual([]);
    const sent = await post(url, WOOCOMMERCE_ORDER, signed(place.secret, WOOCOMMERCE_ORDER));
    expect(sent.json()).toMatchObject({ result: "sent" });
    const forged = { ...WOOCOMMERCE_ORDER, id: 728 };
    expect((await post(url, forged, signed(place.secret, WOOCOMMERCE_ORDER))).status).toBe(401);
    expect((await post(url, forged)).status).toBe(401);
    expect((await post(url, forged, basic(place.secret))).status).toBe(401);
  });
});

describe("Salesforce", () => {
  const xml = { "content-type": "text/xml" };
  const url = ({ id, secret }: Place) => `/connections/${id}/${secret}`;
  const [notification = ""] = /<Notification>[\s\S]*<\/Notification>/.exec(SALESFORCE_MESSAGE) ?? [];
  const other = notification.replace("04l000000000001AAA", "04l000000000002AAA");

  it("hears that all of a message was taken, what cannot be sent included, and may post it again", async () => {
    const place = await connect("salesforce");
    const message = SALESFORCE_MESSAGE.replace(notification, notification + other.replace("07700 900123", "none"));
    for (const _ of [1, 2]) {
      const answer = await post(url(place), message, xml);
      expect([answer.status, answer.body]).toEqual([200, expect.stringContaining("<Ack>true</Ack>")]);
    }
    expect((await callsOf(place)).map(([outcome]) => outcome)).toEqual(["refused", "repeated", "refused", "sent"]);
    expect(await textsOf(place)).toHaveLength(1);
  });

  it("is asked to come again with what may be taken then", async () => {
    const place = await connect("salesforce", {}, { dailyLimitSms: 1 });
    const message = SALESFORCE_MESSAGE.replace(notification, notification + other);
    expect((await post(url(place), message, xml)).body).toContain("<Ack>false</Ack>");
    expect(await textsOf(place)).toHaveLength(1);
  });

  it.each([
    ["no secret", ({ id }: Place) => `/connections/${id}`, SALESFORCE_MESSAGE, 401],
    ["a wrong secret", ({ id }: Place) => `/connections/${id}/wrong`, SALESFORCE_MESSAGE, 401],
    ["another organization", url, SALESFORCE_MESSAGE.replace("00D000000000001", "00D000000000009"), 401],
    ["no XML", url, "{}", 400],
  ])("is refused with %s, and nothing is kept of it", async (_, address, body, status) => {
    const place = await connect("salesforce");
    expect((await post(address(place), body, xml)).status).toBe(status);
    expect(await callsOf(place)).toEqual([]);
  });
});

it("what came of calls is forgotten after a month", async () => {
  const place = await connect("json");
  await called(place, {});
  const at = (days: number) => new Date(world.clock.now().getTime() + days * DAY_MS);
  await deleteConnectionCallsBefore(world.app.db, { before: at(-1), limit: 10 });
  expect(await callsOf(place)).toHaveLength(1);
  await deleteConnectionCallsBefore(world.app.db, { before: at(1), limit: 1_000 });
  expect(await callsOf(place)).toEqual([]);
});
