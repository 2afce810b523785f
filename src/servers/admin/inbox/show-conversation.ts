/** A conversation as its page shows it: what was written both ways, how far the team is with it, and what may be done about it. */
import { chatAppName } from "../../../core/chat/chat-app.ts";
import type { Status } from "../../../core/delivery/statuses.ts";
import { ownWordsUntil } from "../../../flow/inbox/answer-in-chat.ts";
import { type Conversation, type ConversationText, readConversation } from "../../../flow/inbox/conversations.ts";
import { listAssignable } from "../../../flow/inbox/work-on-conversation.ts";
import { listVisibleTemplates } from "../../../flow/templates/folders.ts";
import { mayUse } from "../../../records/services/service.ts";
import type { ListedTemplate } from "../../../records/templates/template-page-store.ts";
import type { Answer } from "../http/answer.ts";
import type { Form } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type ShownStatus, shownStatus } from "../messages/status-words.ts";
import { inboxPath, shownNumber } from "./inbox-paths.ts";
import { inboxTopic, knownOfInbox } from "./watch-inbox.ts";

/** Of all the forms of the page, whose errors stand in one summary. */
export const CONVERSATION_FIELDS = ["templateId", "words", "formId", "upTo", "assignee", "isClosed"] as const;
export type ConversationField = (typeof CONVERSATION_FIELDS)[number];

interface Option {
  value: string;
  text: string;
}

interface ShownText {
  isOurs: boolean;
  who: string;
  content: string;
  at: Date;
  href: string | undefined;
  shown: ShownStatus | undefined;
}

interface ConversationPage {
  form: Form<ConversationField>;
  number: string;
  ours: string;
  texts: readonly ShownText[];
  unread: number;
  isClosed: boolean;
  /** In words; undefined for nobody. */
  assignee: string | undefined;
  /** The newest of their texts that is shown. */
  upTo: string | undefined;
  templates: readonly Option[];
  mayReply: boolean;
  /** How an answer goes that does not go by text, in words. */
  writtenIn: string | undefined;
  mayUseOwnWords: boolean;
  isChat: boolean;
  mayWork: boolean;
  /** Whom it may be given to, and nobody. */
  colleagues: readonly Option[];
  url: string;
  inboxUrl: string;
  watched: { topic: string; known: string };
}

const showPage = page<ConversationPage>("inbox/conversation.njk");

export async function showConversation(visit: ServiceVisit, form: Form<ConversationField>): Promise<Answer> {
  const { app, service, visitor, may, isMember } = visit;
  const id = idIn(visit, "id");
  const watched = { topic: inboxTopic(service.id), known: await knownOfInbox(app, service.id) };
  const [conversation, templates, colleagues] = await Promise.all([
    readConversation(app, service, id),
    listVisibleTemplates(app, { serviceId: service.id, userId: visitor.userId }),
    colleaguesOf(visit),
  ]);
  return showPage(visit, {
    ...stateOf(visit, conversation),
    form: { ...form, values: { ...form.values, assignee: form.values.assignee || (conversation.assigneeId ?? "") } },
    number: shownNumber(conversation.userNumber),
    ours: shownNumber(conversation.notifyNumber),
    texts: conversation.texts.map((text) => shownAs(visit, text)),
    templates: optionsOf(conversation, templates),
    mayReply: may("send_messages") && (conversation.app === undefined || mayUse(service, "chat")),
    writtenIn: writtenIn(visit, conversation),
    mayUseOwnWords: may("send_messages") && mayUse(service, "free_text_replies") && !isTooLate(visit, conversation),
    isChat: conversation.app !== undefined,
    mayWork: isMember && may("view_activity"),
    colleagues,
    url: `${inboxPath(visit)}/${id}`,
    inboxUrl: inboxPath(visit),
    watched,
  });
}

/** Whose values are asked for next. */
function optionsOf({ app: chatApp }: Conversation, templates: readonly ListedTemplate[]): Option[] {
  const ofChannel = templates.filter(({ channel }) => channel === (chatApp === undefined ? "sms" : "chat"));
  return ofChannel.map((one) => ({ value: one.id, text: one.name }));
}

function isTooLate({ now }: ServiceVisit, conversation: Conversation): boolean {
  const until = ownWordsUntil(conversation);
  return until !== undefined && until <= now;
}

function writtenIn(visit: ServiceVisit, conversation: Conversation): string | undefined {
  const { text, formats } = visit;
  if (conversation.app === undefined) return undefined;
  const app = chatAppName(conversation.app);
  const until = ownWordsUntil(conversation);
  if (until === undefined) return text("inbox.writtenIn", { app });
  return isTooLate(visit, conversation)
    ? text("inbox.writtenIn.tooLate", { app })
    : text("inbox.writtenIn.until", { app, time: formats.exactTime(until) });
}

function stateOf({ visitor, text }: ServiceVisit, conversation: Conversation) {
  const { unread, closedAt, assigneeId, assigneeName, newestTextId } = conversation;
  const isOwn = assigneeId === visitor.userId;
  return {
    ...{ unread, isClosed: closedAt !== undefined, upTo: newestTextId },
    assignee: isOwn ? text("inbox.assignee.you") : assigneeName,
  };
}

async function colleaguesOf({ app, service, visitor, text }: ServiceVisit): Promise<Option[]> {
  const team = await listAssignable(app, service.id);
  const own = team.find(({ userId }) => userId === visitor.userId);
  return [
    { value: "", text: text("inbox.assignee.nobody") },
    ...(own ? [{ value: own.userId, text: text("inbox.assignee.me", { name: own.name }) }] : []),
    ...team.filter((member) => member !== own).map(({ userId, name }) => ({ value: userId, text: name })),
  ];
}

function theyIn({ text }: ServiceVisit, app: string | undefined): string {
  return app === undefined ? text("inbox.they") : text("inbox.theyIn", { app: chatAppName(app) });
}

function weIn({ text }: ServiceVisit, { createdByName, app }: Extract<ConversationText, { kind: "sent" }>): string {
  const who = createdByName === undefined ? text("inbox.we") : text("inbox.weBy", { name: createdByName });
  return app === undefined ? who : text("inbox.inApp", { who, app: chatAppName(app) });
}

function shownAs(visit: ServiceVisit, one: ConversationText): ShownText {
  const { text, service } = visit;
  const { at } = one;
  if (one.kind === "received")
    return { isOurs: false, who: theyIn(visit, one.app), content: one.content, at, href: undefined, shown: undefined };
  return {
    isOurs: true,
    who: weIn(visit, one),
    content: one.content ?? text("messages.notKept"),
    at,
    href: `/services/${service.id}/messages/${one.id}`,
    shown: shownStatus({ channel: one.channel, status: one.status as Status }, visit),
  };
}
