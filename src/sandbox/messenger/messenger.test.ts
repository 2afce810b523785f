import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createLog } from "../../platform/log.ts";
import { startReceiver } from "../receiver/receiver.ts";
import { createMessenger, type Messenger } from "./messenger.ts";
import type { ChatDelivery } from "./read-chat.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const TOKEN = "the token";
const log = createLog({ level: "silent", role: "sandbox" });

/** What the messenger reports, and to whom. */
const reports: { headers: Record<string, unknown>; body: Record<string, string> }[] = [];
const kept: ChatDelivery[] = [];
const called: string[] = [];
let messenger: Messenger;
let url: string;
let reportUrl: string;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  const service = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      reports.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  reportUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/reports`;
  const outbox = async (chats: ChatDelivery[]) => void kept.push(...chats);
  messenger = createMessenger({ token: TOKEN, log, outbox });
  const callbacks = async (calls: { path: string }[]) => void called.push(...calls.map(({ path }) => path));
  const listening = { host: "127.0.0.1", port: 0, log, outbox: callbacks, takenElsewhere: messenger.take };
  const receiver = await startReceiver(listening);
  url = `http://127.0.0.1:${receiver.port}`;
  closers.push(
    () => receiver.stop(),
    () => messenger.stop(),
    () => service.close(),
  );
});
afterAll(async () => {
  for (const close of closers) await close();
});
afterEach(() => {
  reports.length = 0;
});

const send = (change: object = {}, token = TOKEN) => {
  const chat = {
    id: "n-1",
    app: "whatsapp",
    to: "447700900123",
    title: "Library",
    text: "Hello",
    report_url: reportUrl,
  };
  const headers = { authorization: `Bearer ${token}` };
  return fetch(`${url}/chats`, { method: "POST", headers, body: JSON.stringify({ ...chat, ...change }) });
};
const reportsOn = (id: string) => reports.filter(({ body }) => body["id"] === id).map(({ body }) => body["status"]);

describe("the sandbox's chat apps", () => {
  it("show a message once, and say with the same token that it has arrived and was seen", async () => {
    expect((await send()).status).toBe(202);
    expect((await send()).status).toBe(202);
    await vi.waitFor(() => expect(reportsOn("n-1")).toEqual(["delivered", "seen"]), WAIT);
    expect(reports[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
    expect(kept.filter(({ id }) => id === "n-1")).toEqual([
      { id: "n-1", app: "whatsapp", to: "447700900123", title: "Library", text: "Hello", reportUrl },
    ]);
  });

  it.each([
    ["447700900002", "permanent-failure"],
    ["447700900003", "temporary-failure"],
  ])("lose what goes to %s, as with Notify's test keys", async (to, status) => {
    await send({ id: to, to });
    await vi.waitFor(() => expect(reportsOn(to)).toEqual([status]), WAIT);
  });

  it("show of a browser its address, and none of its keys", async () => {
    const to = JSON.stringify({ endpoint: "https://push.example/1", keys: { p256dh: "B", auth: "A" } });
    await send({ id: "n-push", app: "web-push", to });
    expect(kept.find(({ id }) => id === "n-push")?.to).toBe("https://push.example/1");
  });

  it("bring what somebody writes to where the message came from", async () => {
    await messenger.write({ app: "telegram", from: "5501", text: "Yes", reportUrl });
    expect(reports.map(({ body }) => body).filter(({ text }) => text !== undefined)).toEqual([
      { id: expect.any(String), app: "telegram", from: "5501", text: "Yes" },
    ]);
  });

  it.each([
    ["a stranger's", () => send({}, "another"), 401],
    ["without words", () => send({ text: undefined }), 400],
    ["too large a", () => send({ text: "a".repeat(70_000) }), 413],
    ["no POST", () => fetch(`${url}/chats`), 405],
  ])("refuse %s message", async (_, ask, status) => {
    expect((await ask()).status).toBe(status);
  });

  it("leave callbacks to the receiver whose server they share", async () => {
    expect((await fetch(`${url}/delivery-receipts`, { method: "POST", body: "{}" })).status).toBe(204);
    expect(called).toEqual(["/delivery-receipts"]);
  });
});
