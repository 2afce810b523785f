/**
 * Whom a chat message is for: an app, and who it is there.
 *
 *     parseChatRecipient({ app: "whatsapp", phone_number: "07700 900123" })  → { app: "whatsapp", address: "447700900123", … }
 *     parseChatRecipient({ app: "telegram", chat_id: "x" })                  → "chat_id must be a whole number"
 */
import { parsePhoneNumber } from "../phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../phone/phone-problem-message.ts";
import { type ChatApp, chatAppFacts, chatAppName } from "./chat-app.ts";
import { checkPushSubscription, type PushSubscription } from "./push-subscription.ts";

export interface ChatRecipient {
  app: ChatApp;
  /** Who it is to the app: a number's digits, an id, or a push subscription as JSON. */
  address: string;
  /** As it was given; of a push subscription, its endpoint. */
  asSubmitted: string;
  /** The same for all spellings of one person. A telephone number is what it is for texts, too: so the guest list and the team hold. */
  normalised: string;
}

/** What can be asked for, by the words that requests use. Viber has two ways in: an id is a bot's, a number a business's. */
const REQUESTED_APPS = ["whatsapp", "telegram", "viber", "web-push"] as const;
type RequestedApp = (typeof REQUESTED_APPS)[number];

const FIELDS: Readonly<Record<RequestedApp, readonly string[]>> = {
  whatsapp: ["phone_number"],
  telegram: ["chat_id"],
  viber: ["user_id", "phone_number"],
  "web-push": ["subscription"],
};

/** A user, a group (negative) or a channel; Telegram promises fewer than 52 bits. */
const TELEGRAM_CHAT = /^-?[1-9]\d{0,15}$/;
const VIBER_USER = /^[A-Za-z0-9+/=_-]{8,64}$/;

/** The fields of a request, with numbers as they were spelled; what is wrong is told in one line. */
export function parseChatRecipient(given: Readonly<Record<string, unknown>>): ChatRecipient | string {
  const app = REQUESTED_APPS.find((known) => known === given["app"]);
  if (app === undefined) return `app must be one of ${REQUESTED_APPS.join(", ")}`;
  const names = FIELDS[app];
  const unknown = Object.keys(given).find((name) => name !== "app" && !names.includes(name));
  if (unknown !== undefined) return `${unknown} is not of a recipient in ${app}: ${names.join(" or ")} is`;
  const [name, second] = names.filter((known) => given[known] !== undefined);
  if (name === undefined) return `${names.join(" or ")} is a required property`;
  if (second !== undefined) return `must have ${names.join(" or ")}, not both`;
  return PARSERS[name]?.(given[name], app) ?? "cannot be read";
}

type Parser = (value: unknown, app: RequestedApp) => ChatRecipient | string;

const PARSERS: Readonly<Record<string, Parser>> = {
  phone_number: (value, app) => byNumber(value, app === "viber" ? "viber-business" : "whatsapp"),
  chat_id: (value) => byId(value, { app: "telegram", form: TELEGRAM_CHAT, problem: "chat_id must be a whole number" }),
  user_id: (value) => byId(value, { app: "viber", form: VIBER_USER, problem: "user_id must be an id that Viber gave" }),
  subscription: (value) => {
    const subscription = checkPushSubscription(value);
    return typeof subscription === "string" ? `subscription ${subscription}` : bySubscription(subscription);
  },
};

function byNumber(value: unknown, app: ChatApp): ChatRecipient | string {
  if (typeof value !== "string") return "phone_number must be a text";
  const number = parsePhoneNumber(value);
  if (typeof number === "string") return `phone_number ${phoneProblemMessage(number)}`;
  return { app, address: number.digits, asSubmitted: number.asSubmitted, normalised: number.digits };
}

function byId(value: unknown, { app, form, problem }: { app: ChatApp; form: RegExp; problem: string }) {
  const id = typeof value === "number" ? String(value) : value;
  if (typeof id !== "string" || !form.test(id)) return problem;
  return { app, address: id, asSubmitted: id, normalised: `${app} ${id}` };
}

function bySubscription(subscription: PushSubscription): ChatRecipient {
  const { endpoint } = subscription;
  return {
    app: "web-push",
    address: JSON.stringify(subscription),
    asSubmitted: endpoint,
    normalised: `web-push ${endpoint}`,
  };
}

/** Somebody who has written to us in an app, as the app names them; undefined for what cannot be written to. */
export function chatRecipientFrom(app: ChatApp, address: string): ChatRecipient | undefined {
  if (app === "web-push") return undefined;
  const parsed = chatAppFacts(app).isByNumber
    ? byNumber(`+${address}`, app)
    : parseChatRecipient({ app, [app === "telegram" ? "chat_id" : "user_id"]: address });
  return typeof parsed === "string" ? undefined : parsed;
}

/** As people are shown it.  shownInApp("telegram", "1234") → "Telegram: 1234" */
export function shownInApp(app: string, asSubmitted: string): string {
  return `${chatAppName(app)}: ${asSubmitted}`;
}

/** The field of a request in which a recipient of an app was given. */
const SHOWN_AS: Readonly<Record<ChatApp, string>> = {
  whatsapp: "phone_number",
  telegram: "chat_id",
  viber: "user_id",
  "viber-business": "phone_number",
  "web-push": "endpoint",
};

/** As answers show it: like it was asked for, but for the keys of a push subscription, which nobody is shown again. */
export function presentChatRecipient(app: ChatApp, asSubmitted: string): Record<string, string> {
  return { app: requestedApp(app), [SHOWN_AS[app]]: asSubmitted };
}

/** An app by the word that requests have for it.  requestedApp("viber-business") → "viber" */
export function requestedApp(app: string | undefined): string {
  return app === "viber-business" ? "viber" : (app ?? "");
}
