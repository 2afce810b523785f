/** A text in somebody's own words, to whoever wrote, where the service allows that: counted, priced and kept like all its others. */
import { createHash } from "node:crypto";
import { chatAppName } from "../../core/chat/chat-app.ts";
import { mayUse, type Service } from "../../records/services/service.ts";
import { recordDeed } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { accept, type Intake } from "../intake/accept.ts";
import { freeText } from "../intake/free-text.ts";
import { answerOnce } from "../intake/idempotency.ts";
import { keyKindOf, type SendRequest } from "../intake/send-request.ts";
import { readRecipient, type SendingPerson } from "../sending/one-off.ts";
import { readConversation } from "./conversations.ts";
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
  const { userNumber, notifyNumber, app } = await readConversation(intake, service, textId);
  if (app !== undefined) throw fieldRefusal("words", "words-not-by-text", writtenInApp(app));
  const request = {
    ...plainRequest(answer, person),
    recipient: readRecipient(intake, service, { channel: "sms", text: userNumber }),
    ...(await freeText(intake, service.id, answer.words)),
    senderId: senderToAnswerFrom(service, notifyNumber),
  };
  const once = { service, keyKind: keyKindOf(request), ...request.idempotency };
  const { id } = await answerOnce(intake, once, async () => {
    const accepted = await accept(intake, request);
    const deed = { serviceId: service.id, action: "message.sent", subject: accepted.id };
    await intake.db.transaction((tx) => recordDeed(tx, person, deed));
    return accepted;
  });
  return id;
}

/** Why nobody is answered by text there. */
export function writtenInApp(app: string): string {
  return `They wrote in ${chatAppName(app)}: answer there, through the API. A text would not be an answer`;
}

function plainRequest({ service, words, formId }: OwnWords, { name, userId }: SendingPerson) {
  const hash = createHash("sha256").update(`reply ${formId} ${words}`).digest();
  return {
    ...{ service, key: undefined, createdByName: name, sentBy: userId },
    ...{ files: undefined, sanitiseContentFor: [], reference: undefined, oneClickUnsubscribeUrl: undefined },
    ...{ priority: undefined, scheduledFor: undefined, validForSeconds: undefined, callbackUrl: undefined },
    ...{ isFlash: false, idempotency: { keyHash: hash, bodyHash: hash } },
  } satisfies Omit<SendRequest, "recipient" | "templateId" | "personalisation" | "senderId">;
}
