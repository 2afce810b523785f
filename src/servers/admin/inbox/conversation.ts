/** `/services/:sid/inbox/:id`: a conversation, by the id of one of its texts: never by the number, which is somebody's. */
import { answerInOwnWords } from "../../../flow/inbox/answer-in-own-words.ts";
import { readConversation } from "../../../flow/inbox/conversations.ts";
import { senderToAnswerFrom } from "../../../flow/inbox/sender-to-answer-from.ts";
import { assignConversation, setClosed, setRead } from "../../../flow/inbox/work-on-conversation.ts";
import { startOneOff } from "../../../flow/sending/one-off.ts";
import { newRandomId } from "../../../platform/ids.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { formOf, InvalidFields, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { inOurWords, sendPath } from "../send/sending.ts";
import { answerInChat } from "./chat-template.ts";
import { INBOX, inboxPath, MAY_SEE, shownNumber } from "./inbox-paths.ts";
import { CONVERSATION_FIELDS, type ConversationField, showConversation } from "./show-conversation.ts";

const MAY_SEND = { permission: "send_messages" } as const;
/** Never a platform administrator: it is the team that has read it, and that answers. */
const MAY_WORK = { ...MAY_SEE, membersOnly: true } as const;

export const conversationRoutes: readonly Route[] = [
  route({ method: "GET", url: `${INBOX}/:id`, who: MAY_SEE, handler: openConversation }),
  route({ method: "POST", url: `${INBOX}/:id/replies`, who: MAY_SEND, handler: replyWithTemplate }),
  route({ method: "POST", url: `${INBOX}/:id/texts`, who: MAY_SEND, handler: replyInOwnWords }),
  route({ method: "POST", url: `${INBOX}/:id/reading`, who: MAY_WORK, handler: read }),
  route({ method: "POST", url: `${INBOX}/:id/assignment`, who: MAY_WORK, handler: assign }),
  route({ method: "POST", url: `${INBOX}/:id/closing`, who: MAY_WORK, handler: close }),
];

function openConversation(visit: ServiceVisit): Promise<Answer> {
  const empty = { templateId: "", words: "", upTo: "", assignee: "", isClosed: "" };
  return showConversation(visit, formOf<ConversationField>({ ...empty, formId: newRandomId() }));
}

function conversationPath(visit: ServiceVisit): string {
  return `${inboxPath(visit)}/${idIn(visit, "id")}`;
}

type Values = Readonly<Record<ConversationField, string>>;

function submitField(
  visit: ServiceVisit,
  refusedAt: ConversationField,
  act: (values: Values) => Promise<Answer>,
): Promise<Answer> {
  const typed = readFields(visit, CONVERSATION_FIELDS);
  const values = { ...typed, formId: asId(typed.formId) ?? newRandomId() };
  return submit<ConversationField>({
    values,
    refusedAt,
    act: () => act(values),
    showAgain: (form) => showConversation(visit, form),
  });
}

/** Begins a message to whoever wrote, in the app they wrote in, or from the number they wrote to where the service may send from it. */
function replyWithTemplate(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  return submitField(visit, "templateId", async (values) => {
    const templateId = asId(values.templateId);
    refuseIfInvalid({ templateId: templateId === undefined && text("inbox.reply.choose") });
    const { userNumber, notifyNumber, app: chatApp } = await readConversation(app, service, idIn(visit, "id"));
    const template = await app.templates.find(templateId ?? "");
    const isOfThem =
      template?.serviceId === service.id && template.channel === (chatApp === undefined ? "sms" : "chat");
    refuseIfInvalid({ templateId: !isOfThem && text("inbox.reply.choose") });
    if (chatApp !== undefined && template) return answerInChat(visit, template, values.formId);
    const senderId = senderToAnswerFrom(service, notifyNumber);
    const begun = { templateId: values.templateId, recipient: shownNumber(userNumber), senderId };
    const id = await startOneOff(app, { service, userId: visitor.userId }, begun);
    return redirect(sendPath(service.id, values.templateId, id));
  });
}

function replyInOwnWords(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  const textId = idIn(visit, "id");
  return submitField(visit, "words", async ({ words, formId, upTo }) => {
    const person = { ...actorOf(visit), name: visitor.name };
    await answerInOwnWords(app, person, { service, textId, words, formId }).catch((error: unknown) => {
      throw atField("words", inOurWords(error, { text, channel: "sms" }));
    });
    await setRead(app, { serviceId: service.id, textId, upTo: asId(upTo) ?? textId, isRead: true });
    return redirect(conversationPath(visit), { flash: text("inbox.words.sent") });
  });
}

/** Whom it goes to is not asked for here, so whatever is wrong is told at what is sent. */
function atField(field: "words", error: unknown): unknown {
  if (!(error instanceof InvalidFields) || error.errors[field]) return error;
  return new InvalidFields({ [field]: Object.values(error.errors)[0] });
}

/** What is read goes on being looked at; what is made unread again is put away. */
async function read(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { upTo, isRead } = readFields(visit, ["upTo", "isRead"]);
  const textId = idIn(visit, "id");
  const wish = { serviceId: service.id, textId, upTo: asId(upTo) ?? textId, isRead: isRead !== "no" };
  await setRead(app, wish);
  return wish.isRead
    ? redirect(conversationPath(visit))
    : redirect(inboxPath(visit), { flash: text("inbox.reading.unread") });
}

function assign(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  return submitField(visit, "assignee", async ({ assignee }) => {
    const userId = asId(assignee);
    refuseIfInvalid({ assignee: assignee !== "" && userId === undefined && text("inbox.assignee.choose") });
    const wish = { serviceId: service.id, textId: idIn(visit, "id"), userId };
    const name = await assignConversation(app, actorOf(visit), wish);
    const words = () =>
      userId === visitor.userId ? text("inbox.assigned.you") : text("inbox.assigned", { name: name ?? "" });
    return redirect(conversationPath(visit), { flash: userId === undefined ? text("inbox.assigned.nobody") : words() });
  });
}

function close(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  return submitField(visit, "isClosed", async ({ isClosed: choice, upTo }) => {
    const textId = idIn(visit, "id");
    const isClosed = choice !== "no";
    const wish = { serviceId: service.id, textId, upTo: asId(upTo) ?? textId, isClosed };
    await setClosed(app, actorOf(visit), wish);
    return isClosed
      ? redirect(inboxPath(visit), { flash: text("inbox.closing.closed") })
      : redirect(conversationPath(visit), { flash: text("inbox.closing.opened") });
  });
}
