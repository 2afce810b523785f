/** What callers and operators see while the database is away, and that it needs nobody's hand when it is back. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { silentLog } from "../../src/platform/log.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/platform/postgres/embedded.ts";
import { newMasterKeyText } from "../../src/platform/sealing.ts";
import { type Product, startProduct } from "../support/product.ts";
import { makeClusterFolder } from "../support/temporary-cluster.ts";

const TEST_TIMEOUT_MS = 180_000;
const PATIENCE = { timeout: 30_000, interval: 100 };
/** What the worker had in hand comes back when its lease ends. */
const LEASE_PATIENCE = { timeout: 60_000, interval: 250 };
const AWAY_FOR_MS = 4_000;
/** A caller is told at once, rather than left waiting; any one of them may find the machine busy. */
const ANSWERED_WITHIN_MS = 2_000;

let folder: string;
let postgres: EmbeddedPostgres;
let product: Product;

beforeAll(async () => {
  folder = makeClusterFolder("pennypost-cluster-");
  postgres = await startPostgres();
  const environment = { DATABASE_URL: postgres.url, PENNYPOST_MASTER_KEY: newMasterKeyText() };
  product = await startProduct({ environment, args: ["--demo"] });
});

afterAll(async () => {
  await product?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A server that is not the product's own: nobody but us starts it again. */
function startPostgres(): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir: folder, log: silentLog });
}

async function ask(path: string, body?: unknown) {
  const startedAt = performance.now();
  const response = await fetch(`${product.apiUrl}${path}`, {
    headers: { authorization: `Bearer ${product.demo.keys.live}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  const json = JSON.parse(await response.text());
  const tookMs = performance.now() - startedAt;
  return { status: response.status, retryAfter: response.headers.get("retry-after"), json, tookMs };
}

function send() {
  const text = { phone_number: "07700900123", template_id: product.demo.templates.sms };
  return ask("/v2/notifications/sms", { ...text, personalisation: { name: "Amala" } });
}

function median(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function untilDelivered(id: string, patience = PATIENCE): Promise<void> {
  return vi.waitFor(async () => {
    expect((await ask(`/v2/notifications/${id}`)).json).toMatchObject({ status: "delivered" });
  }, patience);
}

it("answers 503 while the database is away, and goes on by itself when it is back", {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const before = await send();
  expect(before.status).toBe(201);
  const pids = product.pids();
  await postgres.stop();

  const backAt = performance.now() + AWAY_FOR_MS;
  const times: number[][] = [[], [], []];
  while (performance.now() < backAt) {
    const answers = [await send(), await ask("/_status"), await ask("/_status?simple=1")];
    expect(answers).toMatchObject([
      {
        ...{ status: 503, retryAfter: "1" },
        json: { status_code: 503, errors: [{ error: "ServiceUnavailable" }] },
      },
      { status: 503, retryAfter: "1", json: { status: "error" } },
      { status: 200, json: { status: "ok" } },
    ]);
    for (const [index, { tookMs }] of answers.entries()) times[index]?.push(tookMs);
  }
  for (const took of times) expect(median(took)).toBeLessThan(ANSWERED_WITHIN_MS);

  postgres = await startPostgres();
  const after = await vi.waitFor(async () => {
    const answer = await send();
    expect(answer.status).toBe(201);
    return answer;
  }, PATIENCE);
  await untilDelivered(after.json.id);
  expect((await ask("/_status")).status).toBe(200);
  expect(product.pids()).toEqual(pids);
  await untilDelivered(before.json.id, LEASE_PATIENCE);
});
