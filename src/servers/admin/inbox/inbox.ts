/** `/services/:sid/inbox`, and a conversation by the id of one of its texts: never by the number, which is somebody's. */

import type { Status } from "../../../core/delivery/statuses.ts";
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import { parsePhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import {
  type Conversation,
  type ListedConversation,
  readConversation,
  readInbox,
} from "../../../flow/inbox/conversations.ts";
import { startOneOff } from "../../../flow/sending/one-off.ts";
import { listVisibleTemplates } from "../../../flow/templates/folders.ts";
import { listInboundNumbers } from "../../../records/inbound-numbers/inbound-number-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type ShownStatus, shownStatus } from "../messages/status-words.ts";
import { sendPath } from "../send/sending.ts";
import { inboxTopic, knownOfInbox } from "./watch-inbox.ts";

const INBOX = "/services/:sid/inbox";

interface Watched {
  topic: string;
  known: string;
}

interface Inbox {
  isOff: boolean;
  conversations: readonly (ListedConversation & { href: string; from: string })[];
  numbers: readonly string[];
  olderUrl: string | undefined;
  firstUrl: string | undefined;
  watched: Watched;
}

interface ShownConversation {
  form: Form<"templateId">;
  number: string;
  ours: string;
  texts: readonly {
    isOurs: boolean;
    who: string;
    content: string;
    at: Date;
    href: string | undefined;
    shown: ShownStatus | undefined;
  }[];
  templates: readonly { value: string; text: string }[];
  mayReply: boolean;
  action: string;
  inboxUrl: string;
  watched: Watched;
}

const showInbox = page<Inbox>("inbox/inbox.njk");
const showConversation = page<ShownConversation>("inbox/conversation.njk");

export const inboxRoutes: readonly Route[] = [
  route({ method: "GET", url: INBOX, who: { permission: "view_activity" }, handler: openInbox }),
  route({ method: "GET", url: `${INBOX}/:id`, who: { permission: "view_activity" }, handler: openConversation }),
  route({ method: "POST", url: `${INBOX}/:id/replies`, who: { permission: "send_messages" }, handler: reply }),
];

async function openInbox(visit: ServiceVisit): Promise<Answer> {
  const { app, service, query } = visit;
  const olderThan = asId(query.get("older"));
  const watched = await watchedOf(visit);
  const [inbox, numbers] = await Promise.all([
    readInbox(app, service, olderThan),
    listInboundNumbers(app.db, service.id),
  ]);
  const url = inboxPath(visit);
  return showInbox(visit, {
    isOff: !service.permissions.has("inbound_sms"),
    conversations: inbox.conversations.map((one) => ({
      ...one,
      href: `${url}/${one.id}`,
      from: forPeople(one.userNumber),
    })),
    numbers: numbers.filter(({ isActive }) => isActive).map(({ number }) => forPeople(number)),
    olderUrl: inbox.olderThan && `${url}?older=${inbox.olderThan}`,
    firstUrl: olderThan && url,
    watched,
  });
}

function openConversation(visit: ServiceVisit): Promise<Answer> {
  return showWith(visit, formOf({ templateId: "" }));
}

async function showWith(visit: ServiceVisit, form: Form<"templateId">): Promise<Answer> {
  const { app, service, visitor, may } = visit;
  const id = idIn(visit, "id");
  const watched = await watchedOf(visit);
  const [conversation, templates] = await Promise.all([
    readConversation(app, service, id),
    listVisibleTemplates(app, { serviceId: service.id, userId: visitor.userId }),
  ]);
  return showConversation(visit, {
    form,
    number: forPeople(conversation.userNumber),
    ours: forPeople(conversation.notifyNumber),
    texts: conversation.texts.map((text) => shownAs(visit, text)),
    templates: templates.filter(({ channel }) => channel === "sms").map((one) => ({ value: one.id, text: one.name })),
    mayReply: may("send_messages"),
    action: `${inboxPath(visit)}/${id}/replies`,
    inboxUrl: inboxPath(visit),
    watched,
  });
}

function shownAs(visit: ServiceVisit, one: Conversation["texts"][number]): ShownConversation["texts"][number] {
  const { text, service } = visit;
  const { at } = one;
  if (one.kind === "received")
    return { isOurs: false, who: text("inbox.they"), content: one.content, at, href: undefined, shown: undefined };
  return {
    isOurs: true,
    who: one.createdByName === undefined ? text("inbox.we") : text("inbox.weBy", { name: one.createdByName }),
    content: one.content ?? text("messages.notKept"),
    at,
    href: `/services/${service.id}/messages/${one.id}`,
    shown: shownStatus({ channel: "sms", status: one.status as Status }, visit),
  };
}

/** Begins a message to whoever wrote, from the number they wrote to where the service may send from it. */
async function reply(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  const values = readFields(visit, ["templateId"]);
  return submit({
    values,
    refusedAt: "templateId",
    act: async () => {
      const templateId = asId(values.templateId);
      refuseIfInvalid({ templateId: templateId === undefined && text("inbox.reply.choose") });
      const { userNumber, notifyNumber } = await readConversation(app, service, idIn(visit, "id"));
      const template = await app.templates.find(templateId ?? "");
      refuseIfInvalid({ templateId: template?.serviceId !== service.id && text("inbox.reply.choose") });
      const senderId = service.textSenders.find(({ sender }) => digitsOf(sender) === digitsOf(notifyNumber))?.id;
      const begun = { templateId: values.templateId, recipient: forPeople(userNumber), senderId };
      const id = await startOneOff(app, { service, userId: visitor.userId }, begun);
      return redirect(sendPath(service.id, values.templateId, id));
    },
    showAgain: (form) => showWith(visit, form),
  });
}

async function watchedOf({ app, service }: ServiceVisit): Promise<Watched> {
  return { topic: inboxTopic(service.id), known: await knownOfInbox(app, service.id) };
}

function inboxPath({ service }: ServiceVisit): string {
  return `/services/${service.id}/inbox`;
}

/** A number in the spelling it is dialled in; a short code or a name as it is. */
function forPeople(number: string): string {
  const parsed = parsePhoneNumber(number);
  return typeof parsed === "string" ? number : formatForPeople(parsed.digits);
}

function digitsOf(number: string): string {
  const parsed = parsePhoneNumber(number);
  return typeof parsed === "string" ? number : parsed.digits;
}
