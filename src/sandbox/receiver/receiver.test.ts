import { afterEach, expect, it } from "vitest";
import { silentLog } from "../../platform/log.ts";
import { type ReceivedCall, startReceiver } from "./receiver.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function receiver(outbox?: (calls: ReceivedCall[]) => Promise<void>) {
  const calls: ReceivedCall[] = [];
  const keep = outbox ?? (async (batch: ReceivedCall[]) => void calls.push(...batch));
  const started = await startReceiver({ host: "127.0.0.1", port: 0, log: silentLog, outbox: keep });
  closers.push(started.stop);
  return { url: `http://127.0.0.1:${started.port}/callbacks`, calls };
}

it("keeps what it is told, without the bearer token, before it says thank you", async () => {
  const { url, calls } = await receiver();
  const headers = { authorization: "Bearer secret", "content-type": "application/json", "webhook-id": "1" };
  const answer = await fetch(url, { method: "POST", headers, body: '{"status":"delivered"}' });
  expect(answer.status).toBe(204);
  expect(calls).toEqual([
    {
      path: "/callbacks",
      body: '{"status":"delivered"}',
      headers: { "content-type": "application/json", "webhook-id": "1" },
    },
  ]);
});

it.each([
  ["asks for a page", { method: "GET" }, 405],
  ["says far too much", { method: "POST", body: "x".repeat(70_000) }, 413],
])("keeps nothing of a call that %s", async (_, call, status) => {
  const { url, calls } = await receiver();
  expect((await fetch(url, call)).status).toBe(status);
  expect(calls).toEqual([]);
});

it("asks to be told again what it could not keep", async () => {
  const { url } = await receiver(async () => {
    throw new Error("no database");
  });
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(503);
});
