/** `/services/:sid/messages/:nid`: what was sent, to whom, what became of it and what that took. */
import { spellingOf } from "../../../core/json/json-value.ts";
import { Refusal } from "../../../core/refusal.ts";
import {
  cancelMessage,
  type MessageDetails,
  readMessage,
  type TimelineEntry,
} from "../../../flow/messages/read-message.ts";
import { replayCallback } from "../../../flow/messages/replay-callback.ts";
import { callbacksFor } from "../../../records/services/service.ts";
import { emailBannerOf } from "../branding/email-banner.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { reachUrl } from "../reach/reach.ts";
import { type ShownFile, shownFiles } from "./message-files.ts";
import { letterRows, type ShownLetter, shownLetter } from "./show-letter.ts";
import { type ShownContent, shownChat, shownSentEmail, shownText } from "./shown-content.ts";
import { type ShownStatus, shownStatus } from "./status-words.ts";
import { type TimelineLine, timelineLine } from "./timeline.ts";
import { knownOf, messageTopic } from "./watch-messages.ts";

interface ShownMessage {
  form: Form<"message">;
  message: MessageDetails;
  status: ShownStatus;
  since: Date;
  rows: readonly { key: string; text: string }[];
  content: ShownContent | undefined;
  letter: ShownLetter | undefined;
  templateUrl: string | undefined;
  cost: string;
  files: readonly ShownFile[];
  timeline: readonly (TimelineLine & { link: { href: string; text: string } | undefined })[];
  isScheduled: boolean;
  /** It waits for that alone. */
  isUndoable: boolean;
  canReplay: boolean;
  listUrl: string;
  url: string;
  watched: { topic: string; known: string };
}

const showPage = page<ShownMessage>("messages/message.njk");

export function showMessage(visit: ServiceVisit): Promise<Answer> {
  return showWith(visit, formOf({ message: "" }));
}

/** Who sends may take back, and so may platform administrators who only look in; whoever only sees may not. */
function mayCancel({ isMember, may }: ServiceVisit): boolean {
  return may("send_messages") || !isMember;
}

/** Takes back a message that was to be sent later. */
export async function cancelScheduledMessage(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, ipAddress: ip, text } = visit;
  if (!mayCancel(visit)) throw new Refusal("not-authorised", "Ask someone who sends messages in this service");
  return act(visit, async (id) => {
    try {
      await cancelMessage(app, { userId: visitor.userId, ip }, { serviceId: service.id, id });
    } catch (error) {
      const isLate = error instanceof Refusal && error.kind === "bad-request";
      throw isLate ? new Refusal("bad-request", text("message.cannotCancel")) : error;
    }
    return text("message.cancelled");
  });
}

/** Tells the service's system once more what became of a message. */
export function replayReceipt(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, ipAddress: ip, text } = visit;
  return act(visit, async (id) => {
    const told = { serviceId: service.id, kind: "delivery-receipt", subjectId: id } as const;
    await replayCallback(app, { userId: visitor.userId, ip }, told);
    return text("message.replayed");
  });
}

function act(visit: ServiceVisit, deed: (id: string) => Promise<string>): Promise<Answer> {
  const id = idIn(visit, "nid");
  return submit({
    values: { message: "" },
    refusedAt: "message",
    act: async () => redirect(messageUrl(visit, id), { flash: await deed(id) }),
    showAgain: (form) => showWith(visit, form),
  });
}

async function showWith(visit: ServiceVisit, form: Form<"message">): Promise<Answer> {
  const { app, service, may } = visit;
  const id = idIn(visit, "nid");
  const topic = messageTopic(service.id, id);
  const known = await knownOf(app, topic); // before the rest, so that nothing is missed between the two
  const message = await readMessage(app, service, id);
  return showPage(visit, {
    form,
    message,
    status: shownStatus(message, visit),
    since: message.timeline.findLast(({ kind }) => kind !== "callback")?.at ?? message.createdAt,
    rows: rowsOf(visit, message),
    content: await contentOf(visit, message),
    letter: message.letter && shownLetter(visit, message, message.letter),
    templateUrl: templateUrl(visit, message),
    cost: costWords(visit, message),
    files: shownFiles(visit, message),
    timeline: message.timeline.map((entry) => lineOf(visit, message, entry)),
    isScheduled: message.isCancellable && mayCancel(visit),
    isUndoable: message.waitsToBeUndone && !message.isHeld,
    canReplay:
      may("manage_api_keys") && message.group !== "sending" && callbacksFor(service, "delivery-receipt").length > 0,
    listUrl: `/services/${service.id}/messages`,
    url: messageUrl(visit, id),
    watched: { topic, known },
  });
}

/** Where it was accepted as a step, that leads to the others. */
function lineOf(visit: ServiceVisit, { channel, reach }: MessageDetails, entry: TimelineEntry) {
  const isStep = entry.kind === "accepted" && reach !== undefined;
  const link = isStep
    ? { href: reachUrl(visit, reach.reachId), text: visit.text("reach.ofMessage", { step: reach.number }) }
    : undefined;
  return { ...timelineLine(visit, channel, entry), link };
}

function messageUrl({ service }: ServiceVisit, id: string): string {
  return `/services/${service.id}/messages/${id}`;
}

function rowsOf({ service, text }: ServiceVisit, message: MessageDetails): ShownMessage["rows"] {
  const { letter, recipient } = message;
  if (letter) return letterRows({ text }, letter, recipient);
  const to = { key: text("message.row.to"), text: recipient };
  if (message.channel === "chat") return [{ key: text("message.row.app"), text: message.from }, to];
  if (message.channel === "sms") return [{ key: text("message.row.from"), text: message.from }, to];
  return [
    { key: text("message.row.from"), text: `${service.name} <${message.from}>` },
    ...(message.replyTo === undefined ? [] : [{ key: text("message.row.replyTo"), text: message.replyTo }]),
    to,
  ];
}

/** Undefined where it is not kept, or no longer. */
async function contentOf(visit: ServiceVisit, message: MessageDetails): Promise<ShownContent | undefined> {
  const { channel, recipient, subject, body, isNotKept, isCancellable, createdAt } = message;
  if (recipient === "" || isNotKept || channel === "letter") return undefined;
  if (channel === "sms") return shownText(body, message.style);
  if (channel === "chat") return shownChat(body);
  const banner = await emailBannerOf(visit, isCancellable ? {} : { acceptedAt: createdAt });
  return shownSentEmail(subject, { body, banner });
}

function templateUrl({ admin, service }: ServiceVisit, { template }: MessageDetails): string | undefined {
  const isThere = [...admin.urls].some((url) => /^\/services\/:\w+\/templates\/:\w+$/.test(url));
  return isThere && !template.isHidden ? `/services/${service.id}/templates/${template.id}` : undefined;
}

function costWords({ text, formats }: ServiceVisit, message: MessageDetails): string {
  const { cost, channel, fragments, keyKind, letter } = message;
  if (channel === "email" || keyKind === "test") return text("message.cost.free");
  if (!cost.isCostDataReady || cost.cost === null) return text("message.cost.unknown");
  const price = formats.money(spellingOf(cost.cost));
  if (channel === "sms") return text("message.cost.sms", { count: fragments, price });
  if (channel === "chat") return text("message.cost.chat", { price });
  return message.group === "delivered" || message.group === "sending"
    ? text("message.cost.letter", { count: letter?.sheets ?? 0, price })
    : text("message.cost.free");
}
