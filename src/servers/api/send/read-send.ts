/** A checked body, as the flow asks for it. */
import type { SendRequest } from "../../../flow/intake/send-request.ts";
import { getValid } from "../http/errors.ts";
import { checkFileObject } from "../schema/file-object.ts";
import type { EmailRequest, SmsRequest } from "../schema/send-requests.ts";

/** All of a request but who sent it. */
export type Send = Omit<SendRequest, "service" | "key" | "idempotency">;

export function smsSend(body: SmsRequest): Send {
  return {
    ...common(body),
    recipient: { channel: "sms", number: body.to },
    senderId: body.smsSenderId,
    oneClickUnsubscribeUrl: undefined,
    sanitiseContentFor: [],
    isFlash: body.flash,
  };
}

export function emailSend(body: EmailRequest): Send {
  for (const file of Object.values(body.fileObjects)) getValid(checkFileObject(file));
  return {
    ...common(body),
    recipient: { channel: "email", address: body.to },
    senderId: body.emailReplyToId,
    oneClickUnsubscribeUrl: body.oneClickUnsubscribeUrl,
    sanitiseContentFor: body.sanitiseContentFor,
    isFlash: false,
  };
}

function common(body: SmsRequest | EmailRequest) {
  return {
    templateId: body.templateId,
    personalisation: body.personalisation.values,
    fileNames: body.personalisation.files,
    reference: body.reference ?? undefined,
    priority: body.priority,
    scheduledFor: body.scheduledFor,
    validForSeconds: body.validForSeconds,
    callbackUrl: body.callbackUrl,
  };
}
