/** A reply in somebody's own words, to whoever wrote and where they wrote: by text, or in a chat app. Where the service allows that it is counted, priced and kept like all its others. */
import { createHash } from "node:crypto";
import { chatAppName } from "../../core/chat/chat-app.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { mayUse, type Service } from "../../records/services/service.ts";
import { recordDeed } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { accept, type Intake } from "../intake/accept.ts";
import { freeChat, freeText } from "../intake/free-text.ts";
import { answerOnce } from "../intake/idempotency.ts";
import { keyKindOf, type Recipient, type SendRequest } from "../intake/send-request.ts";
import { readRecipient, refuseIfTrial, type SendingPerson } from "../sending/one-off.ts";
import { chatWriter, ownWordsUntil } from "./answer-in-chat.ts";
import { type Conversation, readConversation } from "./conversations.ts";
import { senderToAnswerFrom } from "./sender-to-answer-from.ts";

export interface OwnWords {
  service: Service;
  /** A text of the conversation. */
  textId: string;
  words: string;
  /** The same for every try at sending one form. */
  formId: string;
}

/** Sends the words, once for each form. Answers the notification's id. Throws the same refusals as the API, and those of forms. */
export async function answerInOwnWords(intake: Intake, person: SendingPerson, answer: OwnWords): Promise<string> {
  const { service, textId } = answer;
  if (!mayUse(service, "free_text_replies"))
    throw fieldRefusal("words", "words-not-allowed", "This service answers with templates only");
  if (answer.words.trim() === "") throw fieldRefusal("words", "words-missing", "Enter your reply");
  const conversation = await readConversation(intake, service, textId);
  refuseIfTooLate(conversation, intake.clock.now());
  const recipient = recipientOf(intake, service, conversation);
  const isChat = recipient.channel === "chat";
  const request = {
    ...plainRequest(answer, person),
    recipient,
    ...(await (isChat ? freeChat : freeText)(intake, service.id, answer.words)),
    senderId: isChat ? undefined : senderToAnswerFrom(service, conversation.notifyNumber),
  };
  return sendOnce(intake, person, request);
}

export interface WithTemplate {
  service: Service;
  textId: string;
  templateId: string;
  /** By placeholder. */
  personalisation: Record<string, string>;
  formId: string;
}

/** Sends a chat template in the app they wrote in; once for each form. */
export async function answerWithChatTemplate(
  intake: Intake,
  person: SendingPerson,
  answer: WithTemplate,
): Promise<string> {
  const { service, textId, templateId, personalisation, formId } = answer;
  const recipient = recipientOf(intake, service, await readConversation(intake, service, textId));
  const request = {
    ...plainRequest({ service, formId, words: `${templateId} ${JSON.stringify(personalisation)}` }, person),
    ...{ recipient, templateId, personalisation, senderId: undefined },
  };
  return sendOnce(intake, person, request);
}

async function sendOnce(
  intake: Intake,
  person: SendingPerson,
  request: SendRequest & ReturnType<typeof plainRequest>,
): Promise<string> {
  const { service } = request;
  const once = { service, keyKind: keyKindOf(request), ...request.idempotency };
  const { id } = await answerOnce(intake, once, async () => {
    const accepted = await accept(intake, request);
    const deed = { serviceId: service.id, action: "message.sent", subject: accepted.id };
    await intake.db.transaction((tx) => recordDeed(tx, person, deed));
    return accepted;
  });
  return id;
}

function refuseIfTooLate(conversation: Conversation, now: Date): void {
  const until = ownWordsUntil(conversation);
  if (until === undefined || now < until) return;
  throw fieldRefusal(
    "words",
    "words-too-late",
    `They wrote more than 24 hours ago, and ${chatAppName(conversation.app ?? "")} takes nothing but approved templates from then on`,
  );
}

/** In the app they wrote in last, or by text. */
function recipientOf(intake: Intake, service: Service, { app, userNumber }: Conversation): Recipient {
  if (app === undefined) return readRecipient(intake, service, { channel: "sms", text: inFull(userNumber) });
  const recipient = chatWriter(app, userNumber);
  if (!recipient)
    throw fieldRefusal("words", "words-to-nobody", `Nobody can be written to in ${chatAppName(app)} here`);
  refuseIfTrial(intake, service, recipient);
  return recipient;
}

/** Carriers write numbers without the plus; nobody is to guess a country where it is known. */
function inFull(number: string): string {
  const parsed = parsePhoneNumber(number);
  return typeof parsed === "string" ? number : `+${parsed.digits}`;
}

function plainRequest(
  { service, words, formId }: Pick<OwnWords, "service" | "words" | "formId">,
  { name, userId }: SendingPerson,
) {
  const hash = createHash("sha256").update(`reply ${formId} ${words}`).digest();
  return {
    ...{ service, key: undefined, createdByName: name, sentBy: userId },
    ...{ files: undefined, sanitiseContentFor: [], reference: undefined, oneClickUnsubscribeUrl: undefined },
    ...{ priority: undefined, scheduledFor: undefined, validForSeconds: undefined, callbackUrl: undefined },
    ...{ isFlash: false, idempotency: { keyHash: hash, bodyHash: hash } },
  } satisfies Omit<SendRequest, "recipient" | "templateId" | "personalisation" | "senderId">;
}
