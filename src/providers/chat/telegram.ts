/**
 * Telegram's Bot API (https://core.telegram.org/bots/api). Its token is part of the address, so no address of it is ever logged. A bot is
 * not told what becomes of a message: what Telegram has taken is sent, and there it ends.
 */
import type { ChatMessage, ChatNews, ChatReports, Outcome, SupplierRequest } from "../provider.ts";
import { type Answered, type ChatCall, type ChatSupplier, told } from "./chat-supplier.ts";
import { refuseStranger, TAKEN, unreadable } from "./proof.ts";
import { listAt, momentAt, numberAt, readJson, textAt, valueAt } from "./read-json.ts";
import { askedMs, retryAfterMs, type Throttled } from "./throttling.ts";

const BASE_URL = "https://api.telegram.org";
const SECRET_HEADER = "x-telegram-bot-api-secret-token";

export interface TelegramOptions {
  baseUrl?: string | undefined;
  token: string;
  /** Comes with every report: 1 to 256 letters, digits, _ and -. */
  webhookSecret: string;
}

export function telegram(options: TelegramOptions): ChatSupplier {
  return {
    apps: ["telegram"],
    compose: ({ to, text }: ChatMessage) => call(options, "sendMessage", { chat_id: to, text }),
    readAnswer,
    reports: {
      parse: (request) => refuseStranger(request.headers[SECRET_HEADER], options.webhookSecret) ?? read(request),
    },
    webhook: {
      compose: (url) =>
        call(options, "setWebhook", { url, secret_token: options.webhookSecret, allowed_updates: ["message"] }),
      isSet: ({ body }) => valueAt(readJson(body), "ok") === true,
    },
  };
}

function call({ token, baseUrl = BASE_URL }: TelegramOptions, method: string, fields: object): ChatCall {
  return {
    url: `${baseUrl}/bot${token}/${method}`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(fields),
  };
}

/** 401 and 404 say that our token is wrong; 400 and 403 are about the chat: there is none, or its owner has blocked the bot. */
function readAnswer(answered: Answered): Outcome | Throttled {
  const { status } = answered;
  const json = readJson(answered.body);
  if (valueAt(json, "ok") === true) return { kind: "accepted", references: [] };
  const code = numberAt(json, "error_code") ?? status;
  const why = told("Telegram", status, code);
  if (code === 400 || code === 403) return { kind: "refused", ...why, dueTo: "message" };
  if (code !== 429) return { kind: "unavailable", ...why };
  return {
    kind: "throttled",
    ...why,
    afterMs: askedMs(numberAt(json, "parameters.retry_after")) ?? retryAfterMs(answered),
  };
}

function read({ body }: SupplierRequest): ReturnType<ChatReports["parse"]> {
  const update = readJson(body);
  const reference = textAt(update, "update_id");
  if (reference === undefined) return unreadable();
  const from = textAt(update, "message.chat.id");
  if (from === undefined) return { kind: "news", news: [], reply: TAKEN };
  const text = textAt(update, "message.text") ?? textAt(update, "message.caption") ?? `[${mediumIn(update)}]`;
  const moment = momentAt(update, "message.date");
  const sentAt = moment ? { sentAt: moment.at } : {};
  const news: ChatNews = { kind: "inbound", text: { app: "telegram", from, text, reference, ...sentAt } };
  return { kind: "news", news: [news], reply: TAKEN };
}

const MEDIA = ["photo", "video", "voice", "audio", "document", "sticker", "location", "contact", "animation"] as const;

function mediumIn(update: Parameters<typeof valueAt>[0]): string {
  const isThere = (name: string) =>
    valueAt(update, `message.${name}`) !== undefined || listAt(update, `message.${name}`).length > 0;
  return MEDIA.find(isThere) ?? "message";
}
