/** A checked body, as the flow asks for it. */
import { addressText } from "../../../core/address/address-text.ts";
import type { JsonObject } from "../../../core/json/json-value.ts";
import type { TemplatedLetter } from "../../../flow/intake/accept-letter.ts";
import type { FileWish, SendRequest, SentFiles } from "../../../flow/intake/send-request.ts";
import type { ApiKey } from "../../../records/services/service.ts";
import { getValid } from "../http/errors.ts";
import { checkFileObject } from "../schema/file-object.ts";
import type { ChatRequest, EmailRequest, LetterRequest, SmsRequest } from "../schema/send-requests.ts";

/** Who sends, under which Idempotency-Key, and where links to files and settings lead. */
export type Sending = Pick<SendRequest, "service" | "idempotency"> & {
  key: ApiKey;
  origins: () => SentFiles["origins"];
};

/** What the channels do not have in common. */
type Particulars = Pick<
  SendRequest,
  "recipient" | "senderId" | "oneClickUnsubscribeUrl" | "sanitiseContentFor" | "isFlash" | "files"
>;

export function smsSend(body: SmsRequest, sending: Sending): SendRequest {
  return sendRequest(body, sending, {
    recipient: { channel: "sms", number: body.to },
    senderId: body.smsSenderId,
    oneClickUnsubscribeUrl: undefined,
    sanitiseContentFor: [],
    isFlash: body.flash,
    // None can be sent by text, whatever they are.
    files: sentFiles(Object.fromEntries(body.personalisation.files.map((name) => [name, {}])), sending),
  });
}

export function emailSend(body: EmailRequest, sending: Sending): SendRequest {
  return sendRequest(body, sending, {
    recipient: { channel: "email", address: body.to },
    senderId: body.emailReplyToId,
    oneClickUnsubscribeUrl: body.oneClickUnsubscribeUrl,
    sanitiseContentFor: body.sanitiseContentFor,
    isFlash: false,
    files: sentFiles(body.fileObjects, sending),
  });
}

export function chatSend(body: ChatRequest, sending: Sending): SendRequest {
  return sendRequest(body, sending, {
    recipient: { channel: "chat", person: body.to },
    senderId: undefined,
    oneClickUnsubscribeUrl: undefined,
    sanitiseContentFor: [],
    isFlash: false,
    // None can be sent by chat, whatever they are.
    files: sentFiles(Object.fromEntries(body.personalisation.files.map((name) => [name, {}])), sending),
  });
}

export function letterSend(body: LetterRequest, { service, key, idempotency }: Sending): TemplatedLetter {
  return {
    service,
    key,
    idempotency,
    reference: body.reference ?? undefined,
    templateId: body.templateId,
    personalisation: body.personalisation.values,
    fileNames: body.personalisation.files,
    addressText: addressText(body.personalisationJson),
  };
}

function sentFiles(fileObjects: EmailRequest["fileObjects"], { origins }: Sending): SentFiles | undefined {
  const names = Object.keys(fileObjects);
  if (names.length === 0) return undefined;
  const read = () => Object.entries(fileObjects).map(([name, json]) => fileWish(name, json));
  return { names, read, origins: origins() };
}

function fileWish(placeholder: string, json: JsonObject): FileWish {
  const { content, filename, isCsv, confirmEmailBeforeDownload, retentionWeeks } = getValid(checkFileObject(json));
  return {
    placeholder,
    base64: content,
    filename: filename ?? undefined,
    isCsv: isCsv ?? false,
    confirmsEmail: confirmEmailBeforeDownload ?? true,
    weeks: retentionWeeks ?? undefined,
  };
}

/** Field by field: spreading objects of this size costs as much as parsing the request. */
function sendRequest(
  body: SmsRequest | EmailRequest | ChatRequest,
  sending: Sending,
  particulars: Particulars,
): SendRequest {
  return {
    service: sending.service,
    key: sending.key,
    recipient: particulars.recipient,
    templateId: body.templateId,
    personalisation: body.personalisation.values,
    files: particulars.files,
    origins: sending.origins,
    sanitiseContentFor: particulars.sanitiseContentFor,
    reference: body.reference ?? undefined,
    senderId: particulars.senderId,
    oneClickUnsubscribeUrl: particulars.oneClickUnsubscribeUrl,
    priority: body.priority,
    scheduledFor: body.scheduledFor,
    validForSeconds: body.validForSeconds,
    undoSeconds: body.undoSeconds,
    callbackUrl: body.callbackUrl,
    isFlash: particulars.isFlash,
    keeps: body.keeps,
    idempotency: sending.idempotency,
  };
}
