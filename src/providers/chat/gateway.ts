/**
 * A gateway of the operator's own, for apps that have no public API or are reached through somebody else: it takes each message as JSON of
 * ours, and reports in JSON of ours. The sandbox's chat app is one (docs/chat.md).
 */
import { type ChatApp, isChatApp } from "../../core/chat/chat-app.ts";
import type { ChatMessage, ChatNews, ChatReports, Outcome, ReportedStatus, SupplierRequest } from "../provider.ts";
import { type Answered, type ChatCall, type ChatSupplier, told } from "./chat-supplier.ts";
import { refuseStranger, TAKEN, unreadable } from "./proof.ts";
import { type Json, readJson, textAt } from "./read-json.ts";
import { retryAfterMs, type Throttled } from "./throttling.ts";

const BEARER = /^Bearer /i;
/** About us or the moment, not about this message. */
const RETRYABLE: ReadonlySet<number> = new Set([401, 403, 408, 425]);
const SERVER_ERRORS_FROM = 500;

export interface GatewayOptions {
  url: string;
  apps: readonly ChatApp[];
  /** Goes with every message, and comes with every report. */
  token: string;
  /** Where it is to report; undefined: we do not know where we are reached. */
  reportUrl?: string | undefined;
}

export function gateway(options: GatewayOptions): ChatSupplier {
  return {
    apps: options.apps,
    compose: (message) => compose(options, message),
    readAnswer,
    reports: { parse: (request) => refuseStranger(bearerOf(request), options.token) ?? read(request) },
  };
}

function compose({ url, token, reportUrl }: GatewayOptions, message: ChatMessage): ChatCall {
  const { notificationId: id, app, to, title, text, isAnswer, template, validUntil } = message;
  const common = { id, app, to, title, text, is_answer: isAnswer, template, valid_until: validUntil };
  return {
    url,
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, "idempotency-key": id },
    body: JSON.stringify({ ...common, report_url: reportUrl }),
  };
}

function readAnswer(answered: Answered, { notificationId }: ChatMessage): Outcome | Throttled {
  const { status } = answered;
  if (status >= 200 && status < 300) return { kind: "accepted", references: [notificationId] };
  const why = told("The gateway", status);
  if (status === 429) return { kind: "throttled", ...why, afterMs: retryAfterMs(answered) };
  const isLater = RETRYABLE.has(status) || status >= SERVER_ERRORS_FROM || status < 400;
  return isLater ? { kind: "unavailable", ...why } : { kind: "refused", ...why, dueTo: "message" };
}

function bearerOf({ headers }: SupplierRequest): string | undefined {
  return headers["authorization"]?.replace(BEARER, "");
}

function read({ body }: SupplierRequest): ReturnType<ChatReports["parse"]> {
  const json = readJson(body);
  const news = receiptOf(json) ?? textOf(json);
  return news ? { kind: "news", news: [news], reply: TAKEN } : unreadable();
}

const STATUSES: Readonly<Record<string, ReportedStatus>> = {
  delivered: "delivered",
  seen: "delivered",
  "temporary-failure": "temporary-failure",
  "permanent-failure": "permanent-failure",
};

function receiptOf(json: Json): ChatNews | undefined {
  const [reference, reported] = [textAt(json, "id"), textAt(json, "status")];
  if (reference === undefined || reported === undefined || !Object.hasOwn(STATUSES, reported)) return undefined;
  const status = STATUSES[reported] ?? "delivered";
  const code = textAt(json, "code") ?? reported;
  return { kind: "receipt", receipt: { reference, status, code, ...(reported === "seen" ? { isSeen: true } : {}) } };
}

function textOf(json: Json): ChatNews | undefined {
  const [reference, app, from, text] = ["id", "app", "from", "text"].map((name) => textAt(json, name));
  if (reference === undefined || from === undefined || text === undefined || !isChatApp(app)) return undefined;
  return { kind: "inbound", text: { app, from, text, reference } };
}
