/** What is acknowledged is kept and sent, whichever process is killed meanwhile. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { silentLog } from "../../src/platform/log.ts";
import { type Carrier, startCarrier } from "../../src/sandbox/carrier/carrier.ts";
import { type Load, startLoad } from "../support/load.ts";
import { PATIENCE } from "../support/patience.ts";
import { type ProcessName, type Product, startProduct } from "../support/product.ts";
import { type Doors, declare, openDoors } from "../support/product-doors.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";

const TEST_TIMEOUT_MS = 420_000;
const TEXTS_PER_SECOND = 200;
/** How many are acknowledged before the next process is killed. */
const BETWEEN_KILLS = 300;
/** Longer than a lease: what a killed process held is free then. */
const SETTLED_WITHIN_MS = 240_000;
const SETTLED_POLL_MS = 250;
const KILLED: readonly ProcessName[] = ["web", "worker", "sandbox", "postmaster"];
const SERVICE = { id: randomUUID(), secret: randomUUID(), templateId: randomUUID() };
const CARRIER = { systemId: "witness", password: "secret" };

let product: Product;
let receiver: Receiver;
let carrier: Carrier;
let doors: Doors;
const texts: string[] = [];

beforeAll(async () => {
  receiver = await startReceiver();
  carrier = await startCarrier({
    ...{ host: "127.0.0.1", port: 0, log: silentLog, ...CARRIER },
    outbox: (batch) => void texts.push(...batch.map(({ text }) => text)),
  });
  product = await startProduct({ environment: { PENNYPOST_LOG_LEVEL: "warn" } });
  await declare(product, world());
  await product.restart(); // routes are read every few seconds: from here on all goes to the witness
});

afterAll(async () => {
  await doors?.close();
  await product?.close();
  await carrier?.stop();
  await receiver?.close();
});

/** The carrier that these texts go to is in this process: it sees everything, and lives on. */
function world(): Record<string, unknown> {
  const settings = { host: "127.0.0.1", port: carrier.port, systemId: CARRIER.systemId };
  const { id, secret, templateId } = SERVICE;
  return {
    providers: [{ name: "witness", channel: "sms", kind: "smpp", settings, secrets: { password: CARRIER.password } }],
    routes: [
      { provider: "witness", key_kinds: ["live"] },
      { provider: "sandbox-carrier", key_kinds: ["test"] },
    ],
    services: [
      {
        ...{ id, name: "Ledger", live: true, permissions: ["sms"], prefix_texts: false },
        limits: { requests_per_minute: 1_000_000 },
        keys: [
          { name: "live", kind: "live", secret },
          { name: "test", kind: "test", secret: randomUUID() },
        ],
        callbacks: [{ kind: "delivery-receipt", url: `${receiver.url}/receipts`, bearer_token: "a token of ours" }],
        templates: [{ id: templateId, channel: "sms", name: "Token", body: "((token))" }],
      },
    ],
  };
}

function send(key: string): Promise<Response> {
  const body = {
    phone_number: "07700900123",
    template_id: SERVICE.templateId,
    reference: key,
    personalisation: { token: key },
  };
  return fetch(`${product.apiUrl}/v2/notifications/sms`, {
    method: "POST",
    headers: {
      authorization: `Bearer live-${SERVICE.id}-${SERVICE.secret}`,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
}

/** Kills it, and waits until another has taken its place and work goes on. */
async function killAndGoOn(name: ProcessName, load: Load): Promise<void> {
  const before = product.pids().get(name);
  await product.kill(name);
  if (name === "start") await product.restart();
  await vi.waitFor(() => expect([undefined, before]).not.toContain(product.pids().get(name)), PATIENCE);
  await load.untilAcknowledged(BETWEEN_KILLS);
}

interface Row {
  id: string;
  reference: string;
  status: string;
  mayBeRepeated: boolean;
}

function listAll(): Promise<Row[]> {
  return doors.db.query<Row>`
    select n.id, n.reference, n.status, n.may_be_repeated from notifications n where n.service_id = ${SERVICE.id}`;
}

/** `keys` are what the texts say, each another. */
async function untilSettled(ids: readonly string[], keys: readonly string[]): Promise<Row[]> {
  const options = { timeout: SETTLED_WITHIN_MS, interval: SETTLED_POLL_MS };
  return vi.waitFor(async () => {
    const rows = await listAll();
    const open = rows.filter(({ status }) => status !== "delivered");
    expect(open.slice(0, 10), `${open.length} of ${rows.length} are not delivered`).toEqual([]);
    const told = idsTold();
    expect(ids.filter((id) => !told.has(id)).length, "services not told").toBe(0);
    // Written in batches: a receipt may be here before its text is there.
    const carried = new Set(texts);
    expect(keys.filter((key) => !carried.has(key)).length, "never carried").toBe(0);
    return rows;
  }, options);
}

function idsTold(): Set<string> {
  return new Set(receiver.received.map(({ body }) => (JSON.parse(body) as { id: string }).id));
}

it("nothing acknowledged is lost, whichever process is killed", { timeout: TEST_TIMEOUT_MS }, async () => {
  const startedAt = performance.now();
  const load = startLoad({ perSecond: TEXTS_PER_SECOND, send });
  await load.untilAcknowledged(BETWEEN_KILLS);
  for (const name of KILLED) await killAndGoOn(name, load);
  await killAndGoOn("start", load);
  await load.stop();
  const loadedForMs = performance.now() - startedAt;
  doors = await openDoors(product);

  const ids = [...load.acknowledged.values()];
  const rows = await untilSettled(ids, [...load.acknowledged.keys()]);
  const stored = new Set(rows.map(({ id }) => id));
  const lost = ids.filter((id) => !stored.has(id));
  const carried = countEach(texts);
  const twice = rows.filter(({ reference }) => (carried.get(reference) ?? 0) > 1);
  const marked = rows.filter(({ mayBeRepeated }) => mayBeRepeated);
  console.log(
    `ledger: ${KILLED.length + 1} kills in ${(loadedForMs / 1_000).toFixed(1)} s, ${ids.length} acknowledged, ` +
      `${load.madeAgain.size} asked for again, ${lost.length} lost, ${twice.length} carried twice, ` +
      `${marked.length} marked so, settled after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`,
  );

  expect(load.refusals).toEqual([]);
  expect(lost).toEqual([]);
  expect(load.madeAgain.size).toBeGreaterThan(0);
  // One notification for each key, however often it was asked for.
  expect(rows.map(({ reference, id }) => [reference, id]).sort()).toEqual([...load.acknowledged].sort());
  expect(twice.filter(({ mayBeRepeated }) => !mayBeRepeated).length, "carried twice unmarked").toBe(0);
});

it("the sandbox takes test keys' texts again after it was killed", async () => {
  const { keys, templates } = product.demo;
  const headers = { authorization: `Bearer ${keys.test}` };
  const body = { phone_number: "07700900123", template_id: templates.sms, personalisation: { name: "Amala" } };
  const sent = await fetch(`${product.apiUrl}/v2/notifications/sms`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const { uri } = (await sent.json()) as { uri: string };
  await vi.waitFor(async () => {
    const answer = await fetch(uri, { headers });
    expect(await answer.json()).toMatchObject({ status: "delivered" });
  }, PATIENCE);
});

function countEach(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
