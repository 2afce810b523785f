/** The bodies of the requests that send one text, email, letter or chat message. */
import type { ChatRecipient } from "../../../core/chat/chat-recipient.ts";
import type { Keeping } from "../../../core/content/keeping.ts";
import { UNDO_MAX_SECONDS } from "../../../core/delivery/undo-window.ts";
import type { EmailAddress } from "../../../core/email/parse-email-address.ts";
import {
  isJsonNumber,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  spellingOf,
} from "../../../core/json/json-value.ts";
import { isFileObject, type Personalisation, toPersonalisation } from "../../../core/json/personalisation.ts";
import { DEFAULT_POSTAGE, HOME_POSTAGES, type HomePostage } from "../../../core/letter/postage.ts";
import type { PhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import {
  type Checked,
  checkObject,
  fits,
  type Judged,
  optional,
  required,
  schema,
  shown,
  valid,
  wrong,
} from "./checker.ts";
import {
  chatRecipient,
  emailAddress,
  httpsUri,
  httpsUrl,
  noStore,
  object,
  oneOf,
  phoneNumber,
  reference,
  storableText,
  text,
  textsOrNull,
  truth,
  uuid,
  wholeNumber,
} from "./rules.ts";
import { scheduledTime } from "./scheduled-time.ts";

export const PRIORITIES = ["high", "normal", "low"] as const;
type Priority = (typeof PRIORITIES)[number];

interface TemplatedRequest {
  templateId: string;
  reference: string | null;
  personalisation: Personalisation;
}

/** What our API can be asked beyond Notify's. */
interface SendingOptions {
  /** Undefined for at once. */
  scheduledFor: Date | undefined;
  priority: Priority | undefined;
  /** The message is not to be sent later than this after it was accepted. */
  validForSeconds: number | undefined;
  /** How long it waits to be undone; undefined: as its service has it. */
  undoSeconds: number | undefined;
  callbackUrl: string | undefined;
  /** Of its words, once it has been handed over. */
  keeps: Keeping;
}

export interface SmsRequest extends TemplatedRequest, SendingOptions {
  channel: "sms";
  to: PhoneNumber;
  smsSenderId: string | undefined;
  flash: boolean;
}

export interface EmailRequest extends TemplatedRequest, SendingOptions {
  channel: "email";
  to: EmailAddress;
  emailReplyToId: string | undefined;
  oneClickUnsubscribeUrl: string | undefined;
  sanitiseContentFor: string[];
  /** The files of the personalisation, not yet looked into; see `checkFileObject`. */
  fileObjects: Record<string, JsonObject>;
}

export interface ChatRequest extends TemplatedRequest, SendingOptions {
  channel: "chat";
  to: ChatRecipient;
}

export interface LetterRequest extends TemplatedRequest {
  channel: "letter";
  /** As sent: addresses are read from its exact keys. */
  personalisationJson: JsonObject;
}

export interface PrecompiledLetterRequest {
  channel: "precompiled-letter";
  reference: string;
  /** A PDF in base64, not yet decoded. */
  content: string;
  postage: HomePostage;
}

export const VALID_FOR_MAX_SECONDS = 259_200;

const templateFields = { template_id: required(uuid), personalisation: optional(object) };

const optionFields = {
  priority: optional(oneOf(PRIORITIES)),
  valid_for_seconds: optional(wholeNumber({ min: 1, max: VALID_FOR_MAX_SECONDS })),
  undo_seconds: optional(wholeNumber({ min: 0, max: UNDO_MAX_SECONDS })),
  callback_url: optional(httpsUrl),
  no_store: optional(noStore),
};

const smsSchema = schema({
  reference: optional(reference),
  phone_number: required(phoneNumber),
  ...templateFields,
  scheduled_for: optional(scheduledTime),
  sms_sender_id: optional(uuid),
  ...optionFields,
  flash: optional(truth),
});

const emailSchema = schema({
  reference: optional(reference),
  email_address: required(emailAddress),
  ...templateFields,
  scheduled_for: optional(scheduledTime),
  email_reply_to_id: optional(uuid),
  one_click_unsubscribe_url: optional(httpsUri),
  sanitise_content_for: optional(textsOrNull),
  ...optionFields,
});

const chatSchema = schema({
  reference: optional(reference),
  recipient: required(chatRecipient),
  ...templateFields,
  scheduled_for: optional(scheduledTime),
  ...optionFields,
});

const letterSchema = schema({
  reference: optional(reference),
  ...templateFields,
  personalisation: required(object),
});

const precompiledSchema = schema({
  reference: required(storableText),
  content: required(text),
  postage: optional(postage),
});

/** The body of a request to send a text; `now` is what `scheduled_for` is held against. */
export function checkSmsRequest(body: JsonValue, now: Date): Checked<SmsRequest> {
  const checked = checkObject(emptyIfFalsy(body), smsSchema, now);
  if (checked.kind === "invalid") return checked;
  const fields = checked.value;
  return valid({
    channel: "sms",
    to: fields.phone_number,
    smsSenderId: fields.sms_sender_id,
    flash: fields.flash ?? false,
    ...templated(fields),
    ...options(fields),
  });
}

/** The body of a request to send an email; `now` is what `scheduled_for` is held against. */
export function checkEmailRequest(body: JsonValue, now: Date): Checked<EmailRequest> {
  const checked = checkObject(emptyIfFalsy(body), emailSchema, now);
  if (checked.kind === "invalid") return checked;
  const fields = checked.value;
  return valid({
    channel: "email",
    to: fields.email_address,
    emailReplyToId: fields.email_reply_to_id,
    oneClickUnsubscribeUrl: fields.one_click_unsubscribe_url,
    sanitiseContentFor: fields.sanitise_content_for ?? [],
    fileObjects: fileObjects(fields.personalisation ?? {}),
    ...templated(fields),
    ...options(fields),
  });
}

/** The body of a request to send a chat message; `now` is what `scheduled_for` is held against. */
export function checkChatRequest(body: JsonValue, now: Date): Checked<ChatRequest> {
  const checked = checkObject(emptyIfFalsy(body), chatSchema, now);
  if (checked.kind === "invalid") return checked;
  const fields = checked.value;
  return valid({ channel: "chat", to: fields.recipient, ...templated(fields), ...options(fields) });
}

/** The body of a request to send a letter: with a PDF in `content`, or from a template. */
export function checkLetterRequest(body: JsonValue): Checked<LetterRequest | PrecompiledLetterRequest> {
  const json = emptyIfFalsy(body);
  return isJsonObject(json) && Object.hasOwn(json, "content") ? checkPrecompiled(json) : checkTemplatedLetter(json);
}

function checkTemplatedLetter(json: JsonValue): Checked<LetterRequest> {
  const checked = checkObject(json, letterSchema);
  if (checked.kind === "invalid") return checked;
  const fields = checked.value;
  return valid({ channel: "letter", personalisationJson: fields.personalisation, ...templated(fields) });
}

function checkPrecompiled(json: JsonObject): Checked<PrecompiledLetterRequest> {
  const checked = checkObject(json, precompiledSchema);
  if (checked.kind === "invalid") return checked;
  const { postage: chosen = DEFAULT_POSTAGE, ...fields } = checked.value;
  return valid({ channel: "precompiled-letter", ...fields, postage: chosen });
}

function postage(value: JsonValue): Judged<HomePostage> {
  if (typeof value !== "string") return wrong(`${shown(value)} is not of type string`);
  const chosen = HOME_POSTAGES.find((candidate) => candidate === value);
  return chosen !== undefined ? fits(chosen) : wrong("invalid. It must be either first, second or economy.");
}

function templated(fields: {
  template_id: string;
  reference: string | undefined;
  personalisation: JsonObject | undefined;
}): TemplatedRequest {
  return {
    templateId: fields.template_id,
    reference: fields.reference ?? null,
    personalisation: toPersonalisation(fields.personalisation ?? {}),
  };
}

function options(fields: {
  scheduled_for: Date | null | undefined;
  priority: Priority | undefined;
  valid_for_seconds: number | undefined;
  undo_seconds: number | undefined;
  callback_url: string | undefined;
  no_store: Keeping | undefined;
}): SendingOptions {
  return {
    scheduledFor: fields.scheduled_for ?? undefined,
    priority: fields.priority,
    validForSeconds: fields.valid_for_seconds,
    undoSeconds: fields.undo_seconds,
    callbackUrl: fields.callback_url,
    keeps: fields.no_store ?? "everything",
  };
}

function fileObjects(personalisation: JsonObject): Record<string, JsonObject> {
  const entries = Object.entries(personalisation).flatMap(([key, value]) =>
    isFileObject(value) ? ([[key, value]] as const) : [],
  );
  return Object.fromEntries(entries);
}

/** Notify's API takes `null`, `[]`, `0`, `""` and `false` for a body without properties. */
export function emptyIfFalsy(body: JsonValue): JsonValue {
  const isFalsy =
    !body || (Array.isArray(body) && body.length === 0) || (isJsonNumber(body) && Number(spellingOf(body)) === 0);
  return isFalsy ? {} : body;
}
