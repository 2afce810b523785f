/** Answers STOP, START or HELP with the service's words, from the number that was written to where texts may come from it. */
import { createHash } from "node:crypto";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { Asked } from "../../core/replies/reply-words.ts";
import type { InboundMessage } from "../../records/inbound-messages/inbound-message.ts";
import { getReplySettings } from "../../records/replies/reply-settings-store.ts";
import type { Service } from "../../records/services/service.ts";
import { senderToAnswerFrom } from "../inbox/sender-to-answer-from.ts";
import { acceptWith, type Intake } from "../intake/accept.ts";
import { freeText } from "../intake/free-text.ts";
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

/** As a service that has not said otherwise answers: who "us" is stands in front, as in its other texts. */
export function usualAnswer({ name, prefixesTexts }: Pick<Service, "name" | "prefixesTexts">, asked: Asked): string {
  return prefixesTexts ? USUAL_ANSWERS[asked] : `${name}: ${USUAL_ANSWERS[asked]}`;
}

export async function sendAnswer(
  intake: Intake,
  { service, text, asked }: { service: Service; text: InboundMessage; asked: Asked },
): Promise<void> {
  const { answers } = await getReplySettings(intake.db, service.id);
  const words = answers[asked] ?? usualAnswer(service, asked);
  const number = parsePhoneNumber(`+${text.userNumber}`);
  if (words === "" || typeof number === "string") return;
  refuseIfMayNotSend(service, "sms");
  const request: SendRequest = {
    ...plainRequest(service, text),
    ...(await freeText(intake, service.id, words)),
    recipient: { channel: "sms", number },
    senderId: senderToAnswerFrom(service, text.notifyNumber),
  };
  const { templateId } = request;
  const wanted = { service, templateId, channel: "sms", isFreeText: true } as const;
  const template = await getSendableTemplate(intake.templates, wanted);
  const once = { service, keyKind: keyKindOf(request), ...idempotencyOf(text) };
  await answerOnce(intake, once, () => acceptWith(intake, request, { template, purpose: "confirmation" }));
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
