/** Answers STOP, START or HELP with the service's words: in the app it was written in, or from the number where texts may come from it. */
import { createHash } from "node:crypto";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { Asked } from "../../core/replies/reply-words.ts";
import type { InboundMessage } from "../../records/inbound-messages/inbound-message.ts";
import { getReplySettings } from "../../records/replies/reply-settings-store.ts";
import type { Service } from "../../records/services/service.ts";
import { chatWriter } from "../inbox/answer-in-chat.ts";
import { senderToAnswerFrom } from "../inbox/sender-to-answer-from.ts";
import { acceptWith, type Intake } from "../intake/accept.ts";
import { freeChat, freeText } from "../intake/free-text.ts";
import { answerOnce } from "../intake/idempotency.ts";
import { refuseIfMayNotSend } from "../intake/permissions.ts";
import { keyKindOf, type SendRequest } from "../intake/send-request.ts";
import { getSendableTemplate } from "../intake/sendable-template.ts";

/** In conversations, for whose words these are. */
const ANSWERED_BY = "Automatic answer";

const USUAL_ANSWERS: Readonly<Record<Asked, string>> = {
  stop: "You will get no more texts from us. Reply START to get them again.",
  start: "You will get texts from us again. Reply STOP to get no more.",
  help: "Reply STOP to get no more texts from us, or START to get them again.",
};

const USUAL_CHAT_ANSWERS: Readonly<Record<Asked, string>> = {
  stop: "You will get no more messages from us here. Reply START to get them again.",
  start: "You will get messages from us here again. Reply STOP to get no more.",
  help: "Reply STOP to get no more messages from us here, or START to get them again.",
};

/** As a service that has not said otherwise answers: who "us" is stands in front, as in its other texts. */
export function usualAnswer({ name, prefixesTexts }: Pick<Service, "name" | "prefixesTexts">, asked: Asked): string {
  return prefixesTexts ? USUAL_ANSWERS[asked] : `${name}: ${USUAL_ANSWERS[asked]}`;
}

export async function sendAnswer(
  intake: Intake,
  { service, text, asked }: { service: Service; text: InboundMessage; asked: Asked },
): Promise<void> {
  const { answers } = await getReplySettings(intake.db, service.id);
  const recipient = writerOf(text);
  const usual =
    recipient?.channel === "chat" ? `${service.name}: ${USUAL_CHAT_ANSWERS[asked]}` : usualAnswer(service, asked);
  const words = answers[asked] ?? usual;
  if (words === "" || !recipient) return;
  const { channel } = recipient;
  refuseIfMayNotSend(service, channel);
  const request: SendRequest = {
    ...plainRequest(service, text),
    ...(await (channel === "chat" ? freeChat : freeText)(intake, service.id, words)),
    recipient,
    senderId: channel === "chat" ? undefined : senderToAnswerFrom(service, text.notifyNumber),
  };
  const { templateId } = request;
  const wanted = { service, templateId, channel, isFreeText: true } as const;
  const template = await getSendableTemplate(intake.templates, wanted);
  const once = { service, keyKind: keyKindOf(request), ...idempotencyOf(text) };
  await answerOnce(intake, once, () => acceptWith(intake, request, { template, purpose: "confirmation" }));
}

/** Undefined for who cannot be written to. */
function writerOf({ app, userNumber }: InboundMessage) {
  if (app !== undefined) return chatWriter(app, userNumber);
  const number = parsePhoneNumber(`+${userNumber}`);
  return typeof number === "string" ? undefined : ({ channel: "sms", number } as const);
}

function plainRequest(service: Service, text: InboundMessage) {
  return {
    ...{ service, key: undefined, createdByName: ANSWERED_BY },
    ...{ files: undefined, sanitiseContentFor: [], reference: undefined, oneClickUnsubscribeUrl: undefined },
    ...{ priority: "high", scheduledFor: undefined, validForSeconds: undefined, callbackUrl: undefined },
    ...{ isFlash: false, idempotency: idempotencyOf(text) },
  } satisfies Partial<SendRequest>;
}

/** One answer for each text, however often the job is worked on. */
function idempotencyOf({ id }: InboundMessage): { keyHash: Buffer; bodyHash: Buffer } {
  const hash = createHash("sha256").update(`automatic answer ${id}`).digest();
  return { keyHash: hash, bodyHash: hash };
}
