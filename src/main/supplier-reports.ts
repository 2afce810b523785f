/**
 * What suppliers and chat apps tell us over HTTP, as they are configured now. Here they are only read, and their receipts counted for those who
 * send through them, who judge by it how the supplier fares.
 */
import type { FastifyInstance } from "fastify";
import { watchHealth } from "../flow/health/health-watch.ts";
import { receiveText } from "../flow/inbound/receive-text.ts";
import { takeChatNews } from "../flow/inbound/take-chat-news.ts";
import { createReceipts } from "../flow/receipt/receipts.ts";
import { createTimedCache } from "../platform/timed-cache.ts";
import type { ChatNews } from "../providers/provider.ts";
import { listProviders } from "../records/providers/provider-store.ts";
import { registerChatReports } from "../servers/reports/chat-reports.ts";
import { registerReports } from "../servers/reports/register-reports.ts";
import { makeChatReports } from "./make-chat.ts";
import { makeReports } from "./make-provider.ts";
import type { Workshop } from "./workshop.ts";

const SUPPLIERS_TTL_MS = 2_000;

interface Suppliers {
  texts: ReadonlyMap<string, ReturnType<typeof makeReports>>;
  chats: ReadonlyMap<string, ReturnType<typeof makeChatReports>>;
}

export interface SupplierReports {
  register(server: FastifyInstance): void;
  /** Once the server takes no more: resolves when what it took is durable. */
  stop(): Promise<void>;
}

export function createSupplierReports(workshop: Workshop): SupplierReports {
  const { app } = workshop;
  const health = watchHealth({ app, onChange: () => {}, countsOnly: true });
  const receipts = createReceipts(app, { health });
  const suppliers = createTimedCache<"all", Suppliers>({
    ttlMs: SUPPLIERS_TTL_MS,
    maxEntries: 1,
    load: async () => {
      const active = (await listProviders(app.db, app.keys.master)).filter(({ isActive }) => isActive);
      const [texts, chats] = [
        active.filter(({ kind }) => kind === "http"),
        active.filter(({ channel }) => channel === "chat"),
      ];
      health.follow([...texts, ...chats]);
      return {
        texts: new Map(texts.map((record) => [record.name, makeReports(workshop, record)])),
        chats: new Map(chats.map((record) => [record.name, makeChatReports(workshop, record)])),
      };
    },
  });
  const findChat = async (name: string) => (await suppliers.get("all")).chats.get(name);
  return {
    register: (server) => {
      registerReports(server, {
        app,
        findReports: async (name) => (await suppliers.get("all")).texts.get(name),
        onReceipts: async (provider, reports) => {
          await Promise.all(reports.map((receipt) => receipts.take({ provider, receipt })));
        },
        onInbound: (provider, text) => receiveText(app, provider, text),
      });
      registerChatReports(server, {
        app,
        findChat,
        onNews: async (provider, news: readonly ChatNews[]) => {
          const serviceId = (await findChat(provider))?.serviceId;
          await takeChatNews({ app, receipts }, { provider, serviceId }, news);
        },
      });
    },
    stop: async () => {
      await receipts.idle();
      await health.stop();
    },
  };
}
