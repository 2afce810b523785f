/** The web role: everything that is asked of us over HTTP, on one origin. */
import Fastify, { type FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import { LETTER_GEOMETRY } from "../core/letter/page-geometry.ts";
import type { App } from "../flow/app.ts";
import { receiveText } from "../flow/inbound/receive-text.ts";
import { takeChatNews } from "../flow/inbound/take-chat-news.ts";
import { createIntake } from "../flow/intake/create-intake.ts";
import { watchApi } from "../flow/keys/api-watch.ts";
import { createLetterPreviews } from "../flow/letters/preview-letter.ts";
import { createReceipts, type Receipts } from "../flow/receipt/receipts.ts";
import { openLetterTypesetter } from "../platform/pdf/letter-typesetter.ts";
import { openPdfInspector } from "../platform/pdf/pdf-inspector.ts";
import { createTimedCache } from "../platform/timed-cache.ts";
import type { ChatNews } from "../providers/provider.ts";
import { listProviders } from "../records/providers/provider-store.ts";
import { registerAdmin } from "../servers/admin/register-admin.ts";
import { registerApi } from "../servers/api/register-api.ts";
import { registerDocuments } from "../servers/downloads/documents.ts";
import { registerUnsubscribe } from "../servers/downloads/unsubscribe.ts";
import { registerChatReports } from "../servers/reports/chat-reports.ts";
import { registerLetterStatus } from "../servers/reports/letter-status.ts";
import { registerReports } from "../servers/reports/register-reports.ts";
import { makeChatReports } from "./make-chat.ts";
import { networkLookupOf } from "./make-network-lookup.ts";
import { makeReports } from "./make-provider.ts";
import { portProblem } from "./port-problem.ts";
import { createWorkshop, type Workshop } from "./workshop.ts";

const KEEP_ALIVE_MS = 65_000;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_MAX_BYTES = 32 * 1024;
const SUPPLIERS_TTL_MS = 2_000;

export interface Role {
  stop(): Promise<void>;
}

export async function startWeb(app: App, config: Config): Promise<Role> {
  const server = createServer(config);
  const workshop = createWorkshop(app, config);
  const receipts = createReceipts(app);
  const intake = createIntake({ ...app, networkLookup: networkLookupOf(app, workshop.outbound) });
  const watch = watchApi(app);
  registerApi(server, { intake, watch });
  const tools = { typesetter: openLetterTypesetter({ geometry: LETTER_GEOMETRY }), inspector: openPdfInspector() };
  const letters = createLetterPreviews(app, tools);
  registerAdmin(server, { app: intake, outbound: workshop.outbound, letters });
  registerUnsubscribe(server, { app });
  registerDocuments(server, { app });
  registerReports(server, {
    app,
    findReports: reportsFinder(workshop),
    onReceipts: async (provider, reports) => {
      await Promise.all(reports.map((receipt) => receipts.take({ provider, receipt })));
    },
    onInbound: (provider, text) => receiveText(app, provider, text),
  });
  registerLetterStatus(server, { app });
  registerChats(server, { app, receipts, findChat: chatFinder(workshop) });
  await listen(server, config);
  return {
    stop: async () => {
      await server.close();
      await Promise.all([tools.typesetter.close(), tools.inspector.close()]);
      await watch.stop();
      await receipts.idle();
      await app.quality.flush();
      await workshop.outbound.close();
    },
  };
}

function createServer(config: Config): FastifyInstance {
  return Fastify({
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { maxHeaderSize: HEADERS_MAX_BYTES },
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true },
  });
}

/** Suppliers that report over HTTP, as configured now. They are only read here; the worker sends through them. */
function reportsFinder(workshop: Workshop): (name: string) => Promise<ReturnType<typeof makeReports> | undefined> {
  const { app } = workshop;
  const suppliers = createTimedCache<"all", Map<string, ReturnType<typeof makeReports>>>({
    ttlMs: SUPPLIERS_TTL_MS,
    maxEntries: 1,
    load: async () => {
      const records = await listProviders(app.db, app.keys.master);
      const http = records.filter((record) => record.kind === "http" && record.isActive);
      return new Map(http.map((record) => [record.name, makeReports(workshop, record)]));
    },
  });
  return async (name) => (await suppliers.get("all")).get(name);
}

type FindChat = (name: string) => Promise<ReturnType<typeof makeChatReports>>;

function registerChats(server: FastifyInstance, chats: { app: App; receipts: Receipts; findChat: FindChat }): void {
  const { app, receipts, findChat } = chats;
  registerChatReports(server, {
    app,
    findChat,
    onNews: async (provider, news: readonly ChatNews[]) => {
      const serviceId = (await findChat(provider))?.serviceId;
      await takeChatNews({ app, receipts }, { provider, serviceId }, news);
    },
  });
}

/** Chat apps that report, as configured now. */
function chatFinder(workshop: Workshop): FindChat {
  const { app } = workshop;
  const chats = createTimedCache<"all", Map<string, ReturnType<typeof makeChatReports>>>({
    ttlMs: SUPPLIERS_TTL_MS,
    maxEntries: 1,
    load: async () => {
      const records = await listProviders(app.db, app.keys.master);
      const active = records.filter((record) => record.channel === "chat" && record.isActive);
      return new Map(active.map((record) => [record.name, makeChatReports(workshop, record)]));
    },
  });
  return async (name) => (await chats.get("all")).get(name);
}

async function listen(server: FastifyInstance, config: Config): Promise<void> {
  try {
    await server.listen({ host: config.host, port: config.ports.web });
  } catch (error) {
    throw portProblem(error, { port: config.ports.web, setting: "PENNYPOST_PORT" });
  }
}
