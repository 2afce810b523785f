/** `/platform/sandbox`: the demonstration's phones and mailbox as they would look. Whoever looks may write on a phone. */

import { normaliseSender } from "../../../core/phone/format-phone-number.ts";
import { escapeHtml } from "../../../platform/views.ts";
import { listReceivingNumbers } from "../../../records/inbound-numbers/number-owner-store.ts";
import { orderSandbox } from "../../../records/sandbox-outbox/sandbox-order.ts";
import {
  findSandboxMessage,
  type KeptSandboxMessage,
  listSandboxMessages,
  sandboxKeys,
} from "../../../records/sandbox-outbox/sandbox-outbox-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { answerChat, CHAT_MAX_CHARACTERS, type ChatPerson, chatsOf } from "./chats.ts";
import { letterboxRoutes, lettersOf, type ShownLetter } from "./letterbox.ts";
import { type Phone, phonesOf, phoneWith, showSender, unusedPhone } from "./phones.ts";
import { SANDBOX_TOPIC } from "./watch-sandbox.ts";

const HERE = "/platform/sandbox";
const TEXTS_MAX = 300;
const EMAILS_MAX = 30;
const CALLBACKS_MAX = 10;
const PHONES_SHOWN_MAX = 8;
/** Ten parts: more than anybody writes on a phone. */
const TEXT_MAX_CHARACTERS = 1_530;
/** On which a newcomer can write before anything was sent (Ofcom keeps 07700 900000 to 900999 for drama). */
const FIRST_PHONE = "447700900123";
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/**
 * An email may look as it likes and do nothing: no scripts, no forms, nothing from elsewhere, in a frame of ours alone. Its links open
 * elsewhere.
 */
const EMAIL_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "sandbox allow-popups allow-popups-to-escape-sandbox",
].join(";");

/** Written on a phone, or in one of the apps: then `chat` is a message that is answered. */
type PhoneForm = Form<"phone" | "to" | "text" | "chat" | "words">;

interface SandboxPage {
  topic: string;
  phones: readonly (Phone & { href: string; isOpen: boolean })[];
  phone: Phone;
  /** Numbers that somebody reads. */
  destinations: readonly { value: string; text: string }[];
  form: PhoneForm;
  textMax: number;
  chats: readonly ChatPerson[];
  chatMax: number;
  emails: readonly (KeptSandboxMessage & { href: string; isOpen: boolean })[];
  email: (KeptSandboxMessage & { frame: string }) | undefined;
  letters: readonly ShownLetter[];
  callbacks: readonly { id: string; path: string; at: Date; body: string }[];
}

const showSandbox = page<SandboxPage>("sandbox/sandbox.njk");

export const sandboxRoutes: readonly Route[] = [
  route({ method: "GET", url: HERE, who: "platform-admin", handler: openSandbox }),
  route({ method: "GET", url: `${HERE}/emails/:eid`, who: "platform-admin", handler: openEmail }),
  route({ method: "POST", url: `${HERE}/texts`, who: "platform-admin", handler: writeText }),
  route({ method: "POST", url: `${HERE}/chats/:cid/answers`, who: "platform-admin", handler: writeChat }),
  ...letterboxRoutes,
];

async function openSandbox(visit: UserVisit): Promise<Answer> {
  const chosen = { phone: visit.query.get("phone") ?? "", email: visit.query.get("email") ?? "" };
  return showSandbox(visit, await sandboxOf(visit, chosen));
}

async function writeText(visit: UserVisit): Promise<Answer> {
  const values = { ...readFields(visit, ["phone", "to", "text"]), chat: "", words: "" };
  const { app, text } = visit;
  return submit({
    values,
    refusedAt: "text",
    act: async () => {
      const isTooLong = values.text.length > TEXT_MAX_CHARACTERS;
      const destinations = await destinationsOf(visit);
      refuseIfInvalid({
        to: !destinations.some(({ value }) => value === values.to) && text("sandbox.to.wrong"),
        text:
          (values.text.trim() === "" && text("sandbox.text.empty")) ||
          (isTooLong && text("sandbox.text.tooLong", { max: TEXT_MAX_CHARACTERS })),
      });
      const { number, id } = await phoneFor(visit, values.phone);
      await orderSandbox(app.db, { kind: "reply", from: number, to: values.to, text: values.text.trim() });
      return redirect(id ? `${HERE}?phone=${id}` : HERE, { flash: text("sandbox.text.sent") });
    },
    showAgain: async (form) => showSandbox(visit, await sandboxOf(visit, { phone: values.phone, email: "" }, form)),
  });
}

async function writeChat(visit: UserVisit): Promise<Answer> {
  const chat = idIn(visit, "cid");
  const values = { phone: "", to: "", text: "", chat, ...readFields(visit, ["words"]) };
  return submit({
    values,
    refusedAt: "words",
    act: async () => {
      await answerChat(visit, chat, values.words);
      return redirect(HERE, { flash: visit.text("sandbox.chat.sent") });
    },
    showAgain: async (form) => showSandbox(visit, await sandboxOf(visit, { phone: "", email: "" }, form)),
  });
}

/** One email as its sender made it, for a frame. */
async function openEmail(visit: UserVisit): Promise<Answer> {
  const id = visit.params["eid"] ?? "";
  const email = UUID.test(id) ? await findSandboxMessage(visit.app.db, keysOf(visit), id) : undefined;
  if (email?.channel !== "email") return errorPage(visit, "notFound");
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": EMAIL_POLICY,
      "x-frame-options": "SAMEORIGIN",
    },
    body: linksOpenElsewhere(email.html ?? `<pre>${escapeHtml(email.text)}</pre>`),
  };
}

function linksOpenElsewhere(html: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, `$&${base}`) : `${base}${html}`;
}

async function sandboxOf(
  visit: UserVisit,
  chosen: { phone: string; email: string },
  form?: PhoneForm,
): Promise<SandboxPage> {
  const { db } = visit.app;
  const keys = keysOf(visit);
  const [texts, emails, letters, chats, callbacks, destinations] = await Promise.all([
    listSandboxMessages(db, keys, { channel: "sms", limit: TEXTS_MAX }),
    listSandboxMessages(db, keys, { channel: "email", limit: EMAILS_MAX }),
    lettersOf(visit),
    chatsOf(visit),
    listSandboxMessages(db, keys, { channel: "callback", limit: CALLBACKS_MAX }),
    destinationsOf(visit),
  ]);
  const phones = phonesOf(texts);
  const phone = phoneWith(phones, texts, chosen.phone) ?? phones[0] ?? unusedPhone(FIRST_PHONE);
  const email = emails.find(({ id }) => id === chosen.email) ?? emails[0];
  const hrefOf = (other: Partial<typeof chosen>) => addressOf({ ...chosen, ...other });
  return {
    topic: SANDBOX_TOPIC,
    phones: phones
      .slice(0, PHONES_SHOWN_MAX)
      .map((one) => ({ ...one, href: hrefOf({ phone: one.id }), isOpen: one.number === phone.number })),
    phone,
    destinations,
    form: form ?? formOf({ phone: phone.id, to: destinations[0]?.value ?? "", text: "", chat: "", words: "" }),
    textMax: TEXT_MAX_CHARACTERS,
    chats,
    chatMax: CHAT_MAX_CHARACTERS,
    emails: emails.map((one) => ({ ...one, href: hrefOf({ email: one.id }), isOpen: one.id === email?.id })),
    email: email && { ...email, frame: `${HERE}/emails/${email.id}` },
    letters,
    callbacks: callbacks.map(({ id, to, at, text }) => ({ id, path: to, at, body: indented(text) })),
  };
}

/** Ids alone: a number or an address has no place in an address of a page. */
function addressOf(chosen: { phone: string; email: string }): string {
  const query = new URLSearchParams(Object.entries(chosen).filter(([, id]) => id !== ""));
  return query.size > 0 ? `${HERE}?${query}` : HERE;
}

async function phoneFor(visit: UserVisit, textId: string): Promise<Phone> {
  const texts = await listSandboxMessages(visit.app.db, keysOf(visit), { channel: "sms", limit: TEXTS_MAX });
  return phoneWith(phonesOf(texts), texts, textId) ?? unusedPhone(FIRST_PHONE);
}

async function destinationsOf({ app, text }: UserVisit): Promise<SandboxPage["destinations"]> {
  const numbers = await listReceivingNumbers(app.db);
  return numbers.map(({ number, serviceName: service }) => ({
    value: normaliseSender(number),
    text: text("sandbox.destination", { number: showSender(number), service }),
  }));
}

/** A body that is JSON, as people read it. */
function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function keysOf({ app }: UserVisit) {
  return sandboxKeys(app.keys.master);
}
