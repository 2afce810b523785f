/** One code on its way: made, put into its message, and committed with it. Nobody sees it but its recipient. */
import type { TypedChannel } from "../../core/channels/channels.ts";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { lifeInWords } from "../../core/verification/code.ts";
import type { ApiKey, Service } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { NewVerification, VerificationWish } from "../../records/verifications/verification.ts";
import { acceptWith, decide, type Intake } from "../intake/accept.ts";
import { refuseIfMayNotSend } from "../intake/permissions.ts";
import type { Recipient, SendRequest } from "../intake/send-request.ts";
import { hashCode, makeCode } from "./codes.ts";
import { CODE_KEY, getCodeTemplate, LIFE_KEY } from "./wording.ts";

export interface CodeToSend {
  service: Service;
  key: ApiKey;
  wish: VerificationWish;
  verificationId: string;
  /** Its place among the codes of its verification. */
  number: number;
  channel: TypedChannel;
  at: Date;
  reference: string | undefined;
  idempotency?: SendRequest["idempotency"];
  /** With its first code. */
  made?: NewVerification;
}

/** Sends a new code; refuses, as any send does, what cannot be sent. */
export async function sendCode(intake: Intake, send: CodeToSend): Promise<void> {
  const { service, wish, verificationId, number, channel, at, made } = send;
  const template = await getCodeTemplate(intake, templateOf(send));
  const code = makeCode({ length: wish.codeLength, characters: wish.codeCharacters });
  const expiresAt = new Date(at.getTime() + wish.lifeSeconds * 1_000);
  const codeHash = hashCode(service, verificationId, code);
  await acceptWith(intake, sendRequest(send, template, code), {
    template,
    purpose: "code",
    alongside: (notificationId) => ({
      verification: {
        made,
        code: { verificationId, number, channel, codeHash, notificationId, sentAt: at, expiresAt },
        fallbackAt: wish.fallbackAfterSeconds === undefined ? undefined : at,
      },
    }),
  });
}

/** Refuses now what could not be sent later. */
export async function refuseIfNotSendable(intake: Intake, send: CodeToSend): Promise<void> {
  refuseIfMayNotSend(send.service, send.channel);
  const template = await getCodeTemplate(intake, templateOf(send));
  await decide(intake, sendRequest(send, template, ""), template);
}

function templateOf({ service, wish, channel }: CodeToSend) {
  const templateId = channel === "sms" ? wish.smsTemplateId : wish.emailTemplateId;
  return { serviceId: service.id, channel, templateId };
}

function sendRequest(send: CodeToSend, { templateId }: TemplateVersion, code: string): SendRequest {
  const { service, key, wish, channel, reference, idempotency } = send;
  return {
    ...{ service, key, templateId, reference, idempotency },
    recipient: recipientOf(wish, channel),
    personalisation: { [LIFE_KEY]: lifeInWords(wish.lifeSeconds), ...wish.personalisation, [CODE_KEY]: code },
    files: undefined,
    sanitiseContentFor: [],
    senderId: channel === "sms" ? wish.smsSenderId : wish.emailReplyToId,
    oneClickUnsubscribeUrl: undefined,
    priority: "high",
    scheduledFor: undefined,
    validForSeconds: wish.lifeSeconds,
    callbackUrl: undefined,
    isFlash: false,
    keeps: "nothing",
  };
}

/** As it was submitted, which has been read before. */
export function recipientOf(
  { phoneNumber = "", emailAddress = "" }: VerificationWish,
  channel: TypedChannel,
): Recipient {
  if (channel === "sms") {
    const number = parsePhoneNumber(phoneNumber);
    if (typeof number === "string") throw new Error("the number of a verification cannot be read");
    return { channel, number };
  }
  const address = parseEmailAddress(emailAddress);
  if (typeof address === "string") throw new Error("the address of a verification cannot be read");
  return { channel, address };
}
