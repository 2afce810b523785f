import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import { unsubscribeUrl } from "../../flow/unsubscribe-link.ts";
import { newId } from "../../platform/ids.ts";
import { open } from "../../platform/sealing.ts";
import type { Service } from "../../records/services/service.ts";
import { sealedAt } from "../../records/services/service-store.ts";
import { registerUnsubscribe } from "./unsubscribe.ts";

const YEAR_MS = 366 * 86_400_000;
const FORM = "application/x-www-form-urlencoded";
const ONE_CLICK = "List-Unsubscribe=One-Click";

let world: World;
let server: FastifyInstance;
let origin: string;

beforeAll(async () => {
  world = await createWorld();
  server = Fastify();
  registerUnsubscribe(server, { app: world.app });
  origin = await server.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

async function emailWithLink(): Promise<{ service: Service; id: string; url: string }> {
  const service = await world.service({ name: "Parks & <Gardens>" });
  const notification = await world.notification(service, { channel: "email" });
  const url = unsubscribeUrl(world.app, { service, notification, recipient: "ada@example.org", origin }) ?? "";
  return { service, id: notification.id, url };
}

function post(url: string, body: string, contentType = FORM): Promise<Response> {
  return fetch(url, { method: "POST", body, headers: { "content-type": contentType } });
}

async function requestsOf(service: Service): Promise<string[]> {
  const rows = await world.app.db.query<{ id: string; sealed: Buffer }>`
    select r.id, r.sealed_recipient as sealed from unsubscribe_requests r where r.service_id = ${service.id}`;
  return rows.map(({ id, sealed }) =>
    open({ key: service.dataKey, belongsTo: sealedAt.unsubscribeRequest(id) }, sealed).toString(),
  );
}

describe("one click", () => {
  it.each([
    ["a plain form", ONE_CLICK, FORM],
    ["a form that ends in a line break", `${ONE_CLICK}\r\n`, FORM],
    [
      "a form in parts",
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
      "multipart/form-data; boundary=x",
    ],
  ])("unsubscribes with %s, and is answered as by Notify's API", async (_, body, contentType) => {
    const { service, url } = await emailWithLink();
    const response = await post(url, body, contentType);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.text()).toBe('{"result":"success","message":"Unsubscribe successful"}');
    expect(await requestsOf(service)).toEqual(["ada@example.org"]);
  });

  it("repeats in silence until the service has processed the first", async () => {
    const { service, url } = await emailWithLink();
    const statuses = (await Promise.all([1, 2, 3].map(() => post(url, ONE_CLICK)))).map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200]);
    expect(await requestsOf(service)).toHaveLength(1);
    await world.app.db.query`update unsubscribe_requests set processed_at = now() where service_id = ${service.id}`;
    await post(url, ONE_CLICK);
    expect(await requestsOf(service)).toHaveLength(2);
  });

  it("works when its notification is long gone", async () => {
    const { service, url } = await emailWithLink();
    await world.app.db.query`delete from notifications where service_id = ${service.id}`;
    expect((await post(url, ONE_CLICK)).status).toBe(200);
    expect(await requestsOf(service)).toHaveLength(1);
  });

  it("is refused with a token that is not ours", async () => {
    const response = await post(`${origin}/unsubscribe/${newId()}/not-a-token`, ONE_CLICK);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      result: "error",
      message: { "unsubscribe request": "This is not a valid unsubscribe link." },
    });
  });

  it("is refused after a year", async () => {
    const { service, url } = await emailWithLink();
    world.clock.advance(YEAR_MS);
    const response = await post(url, ONE_CLICK);
    world.clock.advance(-YEAR_MS);
    expect(response.status).toBe(404);
    expect(await requestsOf(service)).toEqual([]);
  });

  it("is refused for another notification than the link was made for", async () => {
    const { service, id, url } = await emailWithLink();
    const response = await post(url.replace(id, newId()), ONE_CLICK);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      result: "error",
      message: { "unsubscribe request": "This unsubscribe link is invalid or expired." },
    });
    expect(await requestsOf(service)).toEqual([]);
  });

  it("finds nothing where the id is none", async () => {
    const response = await post(`${origin}/unsubscribe/123/abc`, ONE_CLICK);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      message: expect.stringContaining("The requested URL was not found"),
    });
  });
});

describe("a person who opens the link", () => {
  it("is asked first, and unsubscribed on confirming", async () => {
    const { service, url } = await emailWithLink();
    const asked = await fetch(url);
    const page = await asked.text();
    expect(asked.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(asked.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page).toContain('<form method="post">');
    expect(page).toContain("Parks &amp; &lt;Gardens&gt;");
    expect(await requestsOf(service)).toEqual([]);
    const done = await post(url, "");
    expect(await done.text()).toContain("You have asked to unsubscribe");
    expect(await requestsOf(service)).toEqual(["ada@example.org"]);
  });

  it("is told when it is not a link of ours", async () => {
    const response = await fetch(`${origin}/unsubscribe/${newId()}/abc`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("This unsubscribe link does not work");
  });
});

describe("another method", () => {
  it("is refused with the methods there are", async () => {
    const response = await fetch(`${origin}/unsubscribe/${newId()}/abc`, { method: "DELETE" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
    expect(await response.json()).toEqual({
      result: "error",
      message: "The method is not allowed for the requested URL.",
    });
  });
});
