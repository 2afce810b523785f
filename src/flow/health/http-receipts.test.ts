import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startWorkings, type Workings } from "../../../test/support/workings.ts";
import { createWorld, type World } from "../../../test/support/world.ts";
import { makeProvider } from "../../main/make-provider.ts";
import { createSupplierReports, type SupplierReports } from "../../main/supplier-reports.ts";
import type { Workshop } from "../../main/workshop.ts";
import { createOutbound } from "../../platform/http.ts";
import { newRandomId } from "../../platform/ids.ts";
import { seal } from "../../platform/sealing.ts";
import { listCircuits, listTallies } from "../../records/providers/circuit-store.ts";
import { platformKey, sealedProviderSecrets } from "../../records/providers/provider-store.ts";

const WAIT = { timeout: 40_000, interval: 50 };
/** Receipts by which it is learned how long they take. */
const SAMPLES = 20;

let world: World;
let workshop: Workshop;
let workings: Workings;
let reports: SupplierReports;
let web: FastifyInstance;
let supplier: Server;
let providerId: string;
/** Whether it reports on what it takes. */
const double = { taken: 0, reports: true };

beforeAll(async () => {
  world = await createWorld();
  const { app } = world;
  const outbound = createOutbound({ allowedNetworks: app.callbackNetworks });
  workshop = { app, outbound, sendingDomains: async () => [], ownOrigin: "http://127.0.0.1", bounceSecret: "" };
  web = Fastify();
  reports = createSupplierReports(workshop);
  reports.register(web);
  const origin = await web.listen({ host: "127.0.0.1", port: 0 });
  supplier = createServer(async (request, response) => {
    const { reference } = (await json(request)) as { reference: string };
    double.taken += 1;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id: reference }));
    if (!double.reports) return;
    const body = JSON.stringify({ id: reference, status: "delivered" });
    await fetch(`${origin}/notifications/sms/acme`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
  });
  await new Promise<void>((resolve) => supplier.listen(0, "127.0.0.1", resolve));
  providerId = await makeSupplier(`http://127.0.0.1:${(supplier.address() as AddressInfo).port}/send`);
  workings = await startWorkings(app, { makeProvider: (record) => makeProvider(workshop, record) });
});
afterAll(async () => {
  await workings.stop();
  supplier.close();
  await web.close();
  await reports.stop();
  await workshop.outbound.close();
  await world.close();
});

/** A supplier as it would be described in a file, and the route that leads to it. */
async function makeSupplier(url: string): Promise<string> {
  const { app } = world;
  const id = newRandomId();
  const description = {
    settings: { url: "required" },
    send: {
      ...{ method: "POST", url: "{url}" },
      body: { format: "json", template: { to: "{to}", text: "{text}", reference: "{reference}" } },
      answer: { rules: [{ statuses: [200, 299], means: "accepted" }], reference: "notification-id" },
    },
    receipts: {
      ...{ format: "json", required: ["id"], failure: "no", reference: "id", status: "status" },
      reply: { status: 200, contentType: "text/plain", body: "" },
      ...{ statuses: { delivered: "delivered" }, otherwise: "technical-failure" },
    },
  };
  const health = { silentSeconds: 2, leastMessages: 5, openSeconds: 600 };
  const settings = JSON.stringify({ supplier: description, url, health });
  const secrets = seal({ key: platformKey(app.keys.master), belongsTo: sealedProviderSecrets(id) }, "{}");
  await app.db.query`
    insert into providers (id, name, channel, kind, settings, sealed_secrets)
    values (${id}, 'acme', 'sms', 'http', ${settings}, ${secrets})`;
  await app.db.query`
    insert into routes (id, name, channel, provider_id, key_kinds, weight)
    values (${newRandomId()}, 'acme', 'sms', ${id}, '{live}', 50)`;
  return id;
}

it("a supplier that reports over HTTP, to another process than sends, and falls silent is left alone", async () => {
  const { db } = world.app;
  const service = await world.service();
  const template = await world.template(service, { body: "Hello" });
  const send = () => workings.send({ service, template, to: "07700 900123" });
  const reported = async () => {
    const tallies = await listTallies(db, { than: newRandomId(), since: new Date(Date.now() - 60_000) });
    return tallies.filter((one) => one.providerId === providerId).map(({ tally }) => tally);
  };
  await vi.waitFor(async () => {
    if (double.taken < 2 * SAMPLES) await send();
    const learned = (await reported()).find(({ usualReceiptMs }) => usualReceiptMs !== undefined);
    expect(learned?.reported).toBeGreaterThanOrEqual(SAMPLES);
  }, WAIT);
  double.reports = false;
  await vi.waitFor(async () => {
    await send();
    expect(await listCircuits(db)).toMatchObject([{ providerId, state: "open", trouble: { kind: "silent" } }]);
  }, WAIT);
});
