/**
 * WhatsApp's Cloud API. Words of our own go to whoever has written to the number within a day; to anybody else only a template that
 * WhatsApp has approved (https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages). News come signed with the app's
 * secret, after one request that asks for a word agreed upon (…/webhooks).
 */
import { timingSafeEqual } from "node:crypto";
import type { ChatMessage, ChatNews, ChatReports, Outcome, ReportedStatus, SupplierRequest } from "../provider.ts";
import { type Answered, type ChatCall, type ChatSupplier, told } from "./chat-supplier.ts";
import { refuseUnsigned, TAKEN, unreadable } from "./proof.ts";
import { type Json, listAt, momentAt, readJson, textAt } from "./read-json.ts";
import { retryAfterMs, type Throttled } from "./throttling.ts";

const BASE_URL = "https://graph.facebook.com/v23.0";
const SIGNATURE_HEADER = "x-hub-signature-256";
const SIGNATURE_SCHEME = "sha256=";
/** To one person: a message every six seconds (…/cloud-api/overview#pair-rate-limits). */
const PAIR_MS = 6_000;

export interface WhatsAppOptions {
  /** Of the number that messages come from, as Meta counts it. */
  phoneNumberId: string;
  baseUrl?: string | undefined;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
}

export function whatsapp(options: WhatsAppOptions): ChatSupplier {
  return {
    apps: ["whatsapp"],
    compose: (message) => compose(options, message),
    readAnswer,
    reports: reportsOf(options),
  };
}

function compose({ phoneNumberId, accessToken, baseUrl = BASE_URL }: WhatsAppOptions, message: ChatMessage) {
  const content = contentOf(message);
  if (!content) return NEEDS_TEMPLATE;
  const body = { messaging_product: "whatsapp", recipient_type: "individual", to: message.to, ...content };
  return {
    url: `${baseUrl}/${phoneNumberId}/messages`,
    headers: { "content-type": "application/json", authorization: `Bearer ${accessToken}` },
    body: JSON.stringify(body),
  } satisfies ChatCall;
}

const NEEDS_TEMPLATE: Outcome = {
  kind: "refused",
  reason: "the recipient has not written within a day, and the template names none that WhatsApp has approved",
  code: "no-approved-template",
  dueTo: "us",
};

function contentOf({ isAnswer, template, text }: ChatMessage) {
  if (isAnswer) return { type: "text", text: { body: text, preview_url: false } };
  if (!template) return undefined;
  const { name, language, values } = template;
  const parameters = values.map((value) => ({ type: "text", text: value }));
  const components = parameters.length > 0 ? { components: [{ type: "body", parameters }] } : {};
  return { type: "template", template: { name, language: { code: language }, ...components } };
}

/** About us, our number or the moment (…/support/error-codes); any other code is about this message. */
const OURS: ReadonlySet<string> = new Set([
  "0",
  "3",
  "10",
  "190",
  "200",
  "368",
  "131005",
  "131031",
  "131042",
  "133010",
]);
const ITS: ReadonlySet<string> = new Set(["1", "2", "131000", "131016", "131057"]);
const THROTTLED: ReadonlySet<string> = new Set(["4", "80007", "130429", "131048"]);
/** Too much to this one person: the next may be written to. */
const PAIR_THROTTLED = "131056";
const SERVER_ERRORS_FROM = 500;

function readAnswer(answered: Answered): Outcome | Throttled {
  const { status } = answered;
  const json = readJson(answered.body);
  const reference = textAt(listAt(json, "messages")[0], "id");
  if (status < 300 && reference !== undefined) return { kind: "accepted", references: [reference] };
  const code = textAt(json, "error.code");
  const why = told("WhatsApp", status, code);
  if (code === PAIR_THROTTLED)
    return { kind: "unavailable", ...why, dueTo: "message", retryAfterMs: retryAfterMs(answered) ?? PAIR_MS };
  if (status === 429 || (code !== undefined && THROTTLED.has(code)))
    return { kind: "throttled", ...why, afterMs: retryAfterMs(answered) };
  const isLater = code === undefined || status >= SERVER_ERRORS_FROM || OURS.has(code) || ITS.has(code);
  return isLater ? { kind: "unavailable", ...why } : { kind: "refused", ...why, dueTo: "message" };
}

function reportsOf(options: WhatsAppOptions): ChatReports {
  return {
    answerHandshake: (query) => answerHandshake(options.verifyToken, query),
    parse: (request) =>
      refuseUnsigned(signatureOf(request), { ...request, secret: options.appSecret }) ?? read(options, request),
  };
}

function signatureOf({ headers }: SupplierRequest): string | undefined {
  const header = headers[SIGNATURE_HEADER];
  return header?.startsWith(SIGNATURE_SCHEME) ? header.slice(SIGNATURE_SCHEME.length) : header;
}

/** The challenge goes back as it came, as plain text. */
function answerHandshake(verifyToken: string, query: Readonly<Record<string, string>>) {
  const given = Buffer.from(query["hub.verify_token"] ?? "");
  const expected = Buffer.from(verifyToken);
  const isRight = given.length === expected.length && expected.length > 0 && timingSafeEqual(given, expected);
  if (query["hub.mode"] !== "subscribe" || !isRight)
    return { status: 403, contentType: "text/plain", body: "Forbidden: the verify token is wrong" };
  return { status: 200, contentType: "text/plain", body: query["hub.challenge"] ?? "" };
}

/** One address hears of all the numbers of a business: only ours is for us. */
function read({ phoneNumberId }: WhatsAppOptions, { body }: SupplierRequest): ReturnType<ChatReports["parse"]> {
  const json = readJson(body);
  if (textAt(json, "object") === undefined) return unreadable();
  const values = listAt(json, "entry")
    .flatMap((entry) => listAt(entry, "changes"))
    .filter((change) => textAt(change, "value.metadata.phone_number_id") === phoneNumberId);
  const news = values.flatMap((change) => [
    ...listAt(change, "value.statuses").flatMap(receiptIn),
    ...listAt(change, "value.messages").flatMap(textIn),
  ]);
  return { kind: "news", news, reply: TAKEN };
}

/** `sent` means no more than that WhatsApp has it, which we know. */
function receiptIn(report: Json): ChatNews[] {
  const [reference, reported] = [textAt(report, "id"), textAt(report, "status")];
  if (reference === undefined) return [];
  const common = { reference, ...momentAt(report, "timestamp") };
  if (reported === "delivered")
    return [{ kind: "receipt", receipt: { ...common, status: "delivered", code: "delivered" } }];
  if (reported === "read")
    return [{ kind: "receipt", receipt: { ...common, status: "delivered", code: "read", isSeen: true } }];
  if (reported !== "failed") return [];
  const code = textAt(listAt(report, "errors")[0], "code") ?? "failed";
  return [{ kind: "receipt", receipt: { ...common, status: failureOf(code), code } }];
}

/** WhatsApp held it back to spare the person (131049), or was not able to: later it may go. */
const PASSING: ReadonlySet<string> = new Set(["130429", "131000", "131016", "131048", "131049", "131053", "131056"]);

function failureOf(code: string): ReportedStatus {
  return PASSING.has(code) ? "temporary-failure" : "permanent-failure";
}

function textIn(message: Json): ChatNews[] {
  const [reference, from, type = "unknown"] = ["id", "from", "type"].map((name) => textAt(message, name));
  if (reference === undefined || from === undefined || type === "system") return [];
  const words = ["text.body", "button.text", "interactive.button_reply.title", "interactive.list_reply.title"];
  const captions = [`${type}.caption`, "reaction.emoji"];
  const text = [...words, ...captions].map((path) => textAt(message, path)).find((found) => found !== undefined);
  const moment = momentAt(message, "timestamp");
  const sentAt = moment ? { sentAt: moment.at } : {};
  return [{ kind: "inbound", text: { app: "whatsapp", from, text: text ?? `[${type}]`, reference, ...sentAt } }];
}
