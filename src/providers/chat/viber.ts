/**
 * Viber's REST Bot API (https://developers.viber.com/docs/api/rest-bot-api). It answers everything with 200 and says in the body what it
 * meant; its message tokens have more digits than a number of JavaScript holds.
 */
import type { ChatMessage, ChatNews, ChatReports, Outcome, SupplierRequest } from "../provider.ts";
import { type Answered, type ChatCall, type ChatSupplier, told } from "./chat-supplier.ts";
import { refuseUnsigned, TAKEN, unreadable } from "./proof.ts";
import { type Json, momentAt, readJson, textAt } from "./read-json.ts";
import { retryAfterMs, type Throttled } from "./throttling.ts";

const BASE_URL = "https://chatapi.viber.com";
const SIGNATURE_HEADER = "x-viber-content-signature";
const SENDER_MAX_CHARACTERS = 28;

export interface ViberOptions {
  baseUrl?: string | undefined;
  /** Whom messages show as their sender; the service's name when left out. */
  senderName?: string | undefined;
  token: string;
}

export function viber(options: ViberOptions): ChatSupplier {
  return {
    apps: ["viber"],
    compose: (message) => call(options, "send_message", bodyOf(options, message)),
    readAnswer,
    reports: {
      parse: (request) =>
        refuseUnsigned(request.headers[SIGNATURE_HEADER], { ...request, secret: options.token }) ?? read(request),
    },
    webhook: {
      compose: (url) => call(options, "set_webhook", { url, event_types: ["delivered", "seen", "failed"] }),
      isSet: ({ body }) => textAt(readJson(body), "status") === "0",
    },
  };
}

function call({ token, baseUrl = BASE_URL }: ViberOptions, method: string, fields: object): ChatCall {
  return {
    url: `${baseUrl}/pa/${method}`,
    headers: { "content-type": "application/json", "x-viber-auth-token": token },
    body: JSON.stringify(fields),
  };
}

function bodyOf({ senderName }: ViberOptions, { to, title, text, notificationId }: ChatMessage) {
  const name = [...(senderName ?? title)].slice(0, SENDER_MAX_CHARACTERS).join("");
  return { receiver: to, type: "text", min_api_version: 1, sender: { name }, tracking_data: notificationId, text };
}

/** About this message or its recipient: bad data, nobody of that id, not subscribed, no device that can show it, not in that country. */
const REFUSED: ReadonlySet<string> = new Set(["3", "4", "5", "6", "11", "14", "21"]);
const TOO_MANY = "12";

function readAnswer(answered: Answered): Outcome | Throttled {
  const { status } = answered;
  const json = readJson(answered.body);
  const said = textAt(json, "status");
  const reference = textAt(json, "message_token");
  if (said === "0" && reference !== undefined) return { kind: "accepted", references: [reference] };
  const why = told("Viber", status, said);
  if (said !== undefined && REFUSED.has(said)) return { kind: "refused", ...why, dueTo: "message" };
  if (said === TOO_MANY || status === 429) return { kind: "throttled", ...why, afterMs: retryAfterMs(answered) };
  return { kind: "unavailable", ...why };
}

function read({ body }: SupplierRequest): ReturnType<ChatReports["parse"]> {
  const json = readJson(body);
  const event = textAt(json, "event");
  if (event === undefined) return unreadable();
  const reference = textAt(json, "message_token");
  const news =
    reference === undefined ? undefined : (receiptOf(json, event, reference) ?? textOf(json, event, reference));
  return { kind: "news", news: news ? [news] : [], reply: TAKEN };
}

function receiptOf(json: Json, event: string, reference: string): ChatNews | undefined {
  const common = { reference, code: event, ...momentAt(json, "timestamp", 1) };
  if (event === "delivered") return { kind: "receipt", receipt: { ...common, status: "delivered" } };
  if (event === "seen") return { kind: "receipt", receipt: { ...common, status: "delivered", isSeen: true } };
  return event === "failed" ? { kind: "receipt", receipt: { ...common, status: "permanent-failure" } } : undefined;
}

function textOf(json: Json, event: string, reference: string): ChatNews | undefined {
  const from = textAt(json, "sender.id");
  if (event !== "message" || from === undefined) return undefined;
  const text = textAt(json, "message.text") ?? `[${textAt(json, "message.type") ?? "message"}]`;
  const moment = momentAt(json, "timestamp", 1);
  return { kind: "inbound", text: { app: "viber", from, text, reference, ...(moment ? { sentAt: moment.at } : {}) } };
}
