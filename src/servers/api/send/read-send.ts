/** A checked body, as the flow asks for it. */
import { addressText } from "../../../core/address/address-text.ts";
import type { LetterRequest as LetterToDecide } from "../../../flow/intake/decide-letter.ts";
import type { SendRequest } from "../../../flow/intake/send-request.ts";
import type { ApiKey } from "../../../records/services/service.ts";
import { getValid } from "../http/errors.ts";
import { checkFileObject } from "../schema/file-object.ts";
import type { EmailRequest, LetterRequest, SmsRequest } from "../schema/send-requests.ts";

/** Who sends, and under which Idempotency-Key. */
export type Sending = Pick<SendRequest, "service" | "idempotency"> & { key: ApiKey };

/** What the channels do not have in common. */
type Particulars = Pick<
  SendRequest,
  "recipient" | "senderId" | "oneClickUnsubscribeUrl" | "sanitiseContentFor" | "isFlash"
>;

export function smsSend(body: SmsRequest, sending: Sending): SendRequest {
  return sendRequest(body, sending, {
    recipient: { channel: "sms", number: body.to },
    senderId: body.smsSenderId,
    oneClickUnsubscribeUrl: undefined,
    sanitiseContentFor: [],
    isFlash: body.flash,
  });
}

export function emailSend(body: EmailRequest, sending: Sending): SendRequest {
  for (const file of Object.values(body.fileObjects)) getValid(checkFileObject(file));
  return sendRequest(body, sending, {
    recipient: { channel: "email", address: body.to },
    senderId: body.emailReplyToId,
    oneClickUnsubscribeUrl: body.oneClickUnsubscribeUrl,
    sanitiseContentFor: body.sanitiseContentFor,
    isFlash: false,
  });
}

export function letterSend(body: LetterRequest, { service, key }: Sending): LetterToDecide {
  return {
    service,
    key,
    templateId: body.templateId,
    personalisation: body.personalisation.values,
    fileNames: body.personalisation.files,
    addressText: addressText(body.personalisationJson),
  };
}

/** Field by field: spreading objects of this size costs as much as parsing the request. */
function sendRequest(body: SmsRequest | EmailRequest, sending: Sending, particulars: Particulars): SendRequest {
  return {
    service: sending.service,
    key: sending.key,
    recipient: particulars.recipient,
    templateId: body.templateId,
    personalisation: body.personalisation.values,
    fileNames: body.personalisation.files,
    sanitiseContentFor: particulars.sanitiseContentFor,
    reference: body.reference ?? undefined,
    senderId: particulars.senderId,
    oneClickUnsubscribeUrl: particulars.oneClickUnsubscribeUrl,
    priority: body.priority,
    scheduledFor: body.scheduledFor,
    validForSeconds: body.validForSeconds,
    callbackUrl: body.callbackUrl,
    isFlash: particulars.isFlash,
    idempotency: sending.idempotency,
  };
}
