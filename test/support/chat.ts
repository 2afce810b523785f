/**
 * Chat apps for journeys: what each of their APIs is sent is kept, and answered as the app would or as a test says; and the part of the
 * product that talks with them, over real sockets both ways.
 *
 *     const apps = await startChatApps(world.app);
 *     await apps.connect("telegram", { kind: "telegram", settings: { baseUrl: apps.url }, secrets });
 *     apps.answer = () => ({ status: 200, body: { ok: true, result: { message_id: 7 } } });
 */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import Fastify from "fastify";
import type { App } from "../../src/flow/app.ts";
import { startCallbackWorker } from "../../src/flow/callback/callback-worker.ts";
import { type Dispatcher, startDispatch } from "../../src/flow/dispatch/dispatcher.ts";
import { startFleet } from "../../src/flow/dispatch/fleet.ts";
import { createRecorder } from "../../src/flow/dispatch/recorder.ts";
import { watchHealth } from "../../src/flow/health/health-watch.ts";
import { takeChatNews } from "../../src/flow/inbound/take-chat-news.ts";
import { startEarlyReceipts } from "../../src/flow/receipt/early-receipts.ts";
import { createReceipts } from "../../src/flow/receipt/receipts.ts";
import { makeChatReports } from "../../src/main/make-chat.ts";
import { makeProvider } from "../../src/main/make-provider.ts";
import type { Workshop } from "../../src/main/workshop.ts";
import { createOutbound } from "../../src/platform/http.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { selfSignedCertificate } from "../../src/providers/smtp/self-signed-certificate.ts";
import { listProviders, type ProviderKind } from "../../src/records/providers/provider-store.ts";
import { insertProvider } from "../../src/records/providers/provider-write-store.ts";
import { registerChatReports } from "../../src/servers/reports/chat-reports.ts";

export interface AppRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  json: any;
}

export interface AppAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface ChatWish {
  kind: ProviderKind;
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
  keyKinds?: readonly string[];
}

export interface ChatApps {
  url: string;
  /** The same over TLS, as push services are reached. */
  pushUrl: string;
  /** What the apps were sent, webhooks that are told of included. */
  requests: AppRequest[];
  answer: (request: AppRequest) => AppAnswer;
  /** A provider and the route to it. Before `open`. */
  connect(name: string, wish: ChatWish): Promise<void>;
  /** Begins to dispatch, and to take reports. */
  open(): Promise<void>;
  /** A report as an app makes it. */
  report(provider: string, body: string, headers?: Record<string, string>): Promise<{ status: number; text: string }>;
  /** A request of an app that asks whether it has the right address. */
  ask(provider: string, query: Record<string, string>): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

export async function startChatApps(app: App): Promise<ChatApps> {
  const requests: AppRequest[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const bytes = await buffer(request);
    const { method = "", url: path = "", headers } = request;
    const received = { method, path, headers, bytes, json: parsed(bytes) };
    requests.push(received);
    const { status, body = {}, headers: answered = {} } = chat.answer(received);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", ...answered }).end(text);
  };
  const certificate = selfSignedCertificate("localhost", "127.0.0.1");
  const servers = [createServer(take), createSecureServer(certificate, take)];
  const [port, securePort] = await Promise.all(servers.map(listen));
  const outbound = createOutbound({ allowedNetworks: ["127.0.0.0/8"], certificateAuthorities: certificate.cert });
  const workshop = { app, outbound, sendingDomains: async () => [], ownOrigin: "http://127.0.0.1", bounceSecret: "" };
  const closers: (() => Promise<unknown>)[] = [];
  let origin = "";
  const chat: ChatApps = {
    url: `http://127.0.0.1:${port}`,
    pushUrl: `https://127.0.0.1:${securePort}`,
    requests,
    answer: () => ({ status: 200 }),
    connect: (name, wish) => connect(app, name, wish),
    open: async () => {
      const opened = await openDoors(workshop);
      origin = opened.origin;
      closers.push(opened.close);
    },
    report: (provider, body, headers = {}) =>
      call(`${origin}/notifications/chat/${provider}`, { method: "POST", body, headers }),
    ask: (provider, query) => call(`${origin}/notifications/chat/${provider}?${new URLSearchParams(query)}`),
    close: async () => {
      for (const close of closers) await close();
      await outbound.close();
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
  return chat;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function connect(
  app: App,
  name: string,
  { kind, settings, secrets, keyKinds = ["live"] }: ChatWish,
): Promise<void> {
  const id = newRandomId();
  const record = { id, name, channel: "chat", kind, settings, secrets, isSandbox: false, isActive: true } as const;
  await app.db.transaction((tx) => insertProvider(tx, app.keys.master, record));
  await app.db.query`
    insert into routes (id, name, channel, provider_id, key_kinds, weight)
    values (${newRandomId()}, ${name}, 'chat', ${id}, ${keyKinds}, 50)`;
}

/** Dispatch, receipts and callbacks as the worker has them, and reports as the web role takes them. */
async function openDoors(workshop: Workshop) {
  const { app, outbound } = workshop;
  const callbacks = await startCallbackWorker({ app, outbound });
  const recorder = createRecorder(app);
  const receipts = createReceipts(app, { recorder, callbacks });
  const lines: Dispatcher[] = [];
  const onChange = () => lines.map((line) => line.routeAgain());
  const health = watchHealth({ app, onChange });
  const news = async () => {};
  const fleet = await startFleet({
    app,
    onConfigured: (records) => health.follow(records),
    makeProvider: (record) => makeProvider(workshop, record),
    eventsFor: () => ({ receipt: news, inbound: news, complaint: news, letterReports: news }),
    onAvailability: onChange,
  });
  const early = await startEarlyReceipts(app, receipts);
  lines.push(await startDispatch({ app, fleet, health, recorder, channel: "chat" }));
  const server = Fastify({ forceCloseConnections: true });
  const findChat = async (name: string) => {
    const record = (await listProviders(app.db, app.keys.master)).find((one) => one.name === name);
    return record?.channel === "chat" ? makeChatReports(workshop, record) : undefined;
  };
  registerChatReports(server, {
    app,
    findChat,
    onNews: async (provider, told) => {
      await takeChatNews({ app, receipts }, { provider, serviceId: (await findChat(provider))?.serviceId }, told);
    },
  });
  const origin = await server.listen({ host: "127.0.0.1", port: 0 });
  const close = async () => {
    await server.close();
    for (const line of lines) await line.stop();
    await Promise.all([fleet.stop(), health.stop(), early.stop()]);
    await receipts.idle();
    await callbacks.stop();
  };
  return { origin, close };
}

async function call(url: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
