/**
 * The client: a method for everything the API does.
 *
 *     const client = new PennypostClient("https://texts.example.gov.uk", apiKey);
 *     const { id } = await client.sendSms(templateId, "+447700900123", { personalisation: { name: "Amala" } });
 */
import type {
  Balance,
  Notification,
  NotificationPage,
  NotificationStatus,
  NotificationType,
  NumberLookup,
  PriceEstimate,
  Quality,
  QualityBy,
  ReceivedTextPage,
  SentChat,
  SentEmail,
  SentLetter,
  SentPrecompiledLetter,
  SentSms,
  Suppression,
  SuppressionPage,
  SuppressionReason,
  Template,
  TemplateList,
  TemplatePreview,
  Verification,
} from "./answers.ts";
import { parseApiKey } from "./api-key.ts";
import { type Call, type Connection, callForBytes, callForJson } from "./call-api.ts";
import type { ChatRecipient } from "./chat-recipient.ts";
import { invalidArgument } from "./pennypost-error.ts";
import type { Personalisation } from "./personalisation.ts";
import { type Phonebook, phonebookOf } from "./phonebook.ts";
import { prepareUpload, type Upload, type UploadOptions } from "./prepare-upload.ts";
import type { Reach, ReachFilter, ReachPage } from "./reach-answers.ts";
import { type ReachOptions, type ReachStepWish, reachBody } from "./reach-request.ts";
import { fieldsOf } from "./request-fields.ts";
import {
  EMAIL_FIELDS,
  type EmailOptions,
  LETTER_FIELDS,
  type LetterOptions,
  SEND_FIELDS,
  type SendOptions,
  SMS_FIELDS,
  type SmsOptions,
} from "./send-options.ts";
import { named, type ToContact } from "./to-contact.ts";

/** Where `npm start` listens. */
export const DEFAULT_BASE_URL = "http://127.0.0.1:6080";
const DEFAULT_TIMEOUT_MS = 30_000;

export interface ClientOptions {
  apiKey: string;
  baseUrl?: string;
  /** For each attempt, from the call to the end of the answer. */
  timeoutMs?: number;
  /** To go through a proxy, say. */
  fetch?: typeof globalThis.fetch;
}

/** Where a code goes: to a number, to an address, or to the number and then, should that fail, to the address. */
export type CodeRecipient =
  | { phoneNumber: string; emailAddress?: string }
  | { phoneNumber?: string; emailAddress: string };

/** One recipient, on one channel. */
export type SuppressedRecipient = { phoneNumber: string } | { emailAddress: string };

export interface VerificationOptions {
  /** A template with ((code)) in it; words of Pennypost's if left out. */
  smsTemplateId?: string;
  emailTemplateId?: string;
  personalisation?: Personalisation;
  reference?: string;
  smsSenderId?: string;
  emailReplyToId?: string;
  /** 4 to 16; 6 if left out. */
  codeLength?: number;
  codeCharacters?: "digits" | "letters";
  /** Up to 1,800; 300 if left out. */
  validForSeconds?: number;
  /** Up to 10; 5 if left out. */
  maxAttempts?: number;
  /** How long a text may take before an email follows it; 60 if left out. */
  fallbackAfterSeconds?: number;
  idempotencyKey?: string;
}

export type PricedWords = { templateId: string; personalisation?: Personalisation } | { body: string };
/** A number, or one with values of its own. */
export type PricedRecipient = string | { phoneNumber: string; personalisation?: Personalisation };

/** How each option is called in a request; an option that is not here is refused, since it is likely misspelt. */
const ESTIMATE_FIELDS = { templateId: "template_id", personalisation: "personalisation", body: "body" } as const;
const PRICED_FIELDS = { phoneNumber: "phone_number", personalisation: "personalisation" } as const;
const RECIPIENT_FIELDS = { phoneNumber: "phone_number", emailAddress: "email_address" } as const;

const VERIFICATION_FIELDS = {
  phoneNumber: "phone_number",
  emailAddress: "email_address",
  smsTemplateId: "sms_template_id",
  emailTemplateId: "email_template_id",
  personalisation: "personalisation",
  reference: "reference",
  smsSenderId: "sms_sender_id",
  emailReplyToId: "email_reply_to_id",
  codeLength: "code_length",
  codeCharacters: "code_characters",
  validForSeconds: "valid_for_seconds",
  maxAttempts: "max_attempts",
  fallbackAfterSeconds: "fallback_after_seconds",
} as const;

/** Every method resolves with the body of the answer, and rejects with a `PennypostError`. */
export class PennypostClient {
  readonly #connection: Connection;
  /** Contacts, groups of them, and messages to groups. */
  readonly phonebook: Phonebook;

  /** Throws `InvalidArgumentError` when the API key or the base URL cannot be right. */
  constructor(options: ClientOptions);
  constructor(apiKey: string);
  constructor(baseUrl: string, apiKey: string);
  constructor(first: ClientOptions | string, apiKey?: string) {
    this.#connection = connect(optionsOf(first, apiKey));
    this.phonebook = phonebookOf(this.#connection);
  }

  /** To a number, or to a contact. */
  sendSms(templateId: string, recipient: string | ToContact, options: SmsOptions = {}): Promise<SentSms> {
    const body = { template_id: templateId, ...named(recipient, "phone_number") };
    return this.#send("sms", body, { options, fields: SMS_FIELDS });
  }

  /** To an address, or to a contact. */
  sendEmail(templateId: string, recipient: string | ToContact, options: EmailOptions = {}): Promise<SentEmail> {
    const body = { template_id: templateId, ...named(recipient, "email_address") };
    return this.#send("email", body, { options, fields: EMAIL_FIELDS });
  }

  /** To somebody in a chat app, or to a browser that has subscribed. */
  sendChat(templateId: string, recipient: ChatRecipient, options: SendOptions = {}): Promise<SentChat> {
    return this.#send("chat", { template_id: templateId, recipient }, { options, fields: SEND_FIELDS });
  }

  /** The address is in the personalisation, `address_line_1` to `address_line_7`, at least three lines. */
  sendLetter(templateId: string, options: LetterOptions & { personalisation: Personalisation }): Promise<SentLetter> {
    return this.#send("letter", { template_id: templateId }, { options, fields: LETTER_FIELDS });
  }

  /** The PDF is printed as it is. Second class when no postage is named. */
  sendPrecompiledLetter(
    reference: string,
    pdfFile: Uint8Array,
    postage?: "first" | "second" | "economy",
  ): Promise<SentPrecompiledLetter> {
    const content = Buffer.from(pdfFile).toString("base64");
    return this.#post("/v2/notifications/letter", {
      reference,
      content,
      ...(postage === undefined ? {} : { postage }),
    });
  }

  /** Sends a code that proves a number or an address. It stands in no answer: ask the person for it, and then `checkCode`. */
  async startVerification(recipient: CodeRecipient, options: VerificationOptions = {}): Promise<Verification> {
    const { idempotencyKey, ...chosen } = options;
    const body = fieldsOf({ ...recipient, ...chosen }, VERIFICATION_FIELDS);
    return callForJson(this.#connection, { method: "POST", path: "/v2/verifications", body, idempotencyKey });
  }

  /** Resolves when the code is right, once; rejects with a `VerificationError` that has its `reason` when it is not. */
  async checkCode(verificationId: string, code: string): Promise<Verification> {
    return this.#post(`/v2/verifications/${segment(verificationId)}/check`, { code });
  }

  /** Sends another code: once, and not before `resend_after`. */
  async resendCode(verificationId: string): Promise<Verification> {
    return this.#post(`/v2/verifications/${segment(verificationId)}/resend`, {});
  }

  async getVerification(verificationId: string): Promise<Verification> {
    return this.#get(`/v2/verifications/${segment(verificationId)}`);
  }

  /** Reaches one person by up to five steps, each a message of its own, until one of them has reached. */
  async startReach(steps: readonly ReachStepWish[], options: ReachOptions = {}): Promise<Reach> {
    const { idempotencyKey, ...chosen } = options;
    const body = reachBody(steps, chosen);
    return callForJson(this.#connection, { method: "POST", path: "/v2/reach", body, idempotencyKey });
  }

  async getReach(reachId: string): Promise<Reach> {
    return this.#get(`/v2/reach/${segment(reachId)}`);
  }

  /** A page of up to 50, newest first. */
  getReaches({ reference, status, olderThan }: ReachFilter = {}): Promise<ReachPage> {
    return this.#get("/v2/reach", { reference, status, older_than: olderThan });
  }

  /** The person was reached, as you know: no further step is taken. */
  async confirmReach(reachId: string): Promise<Reach> {
    return this.#post(`/v2/reach/${segment(reachId)}/confirmation`, {});
  }

  async cancelReach(reachId: string): Promise<Reach> {
    return this.#post(`/v2/reach/${segment(reachId)}/cancellation`, {});
  }

  /** What is known of up to 100 numbers, in their order; `network` asks their networks, which costs. */
  async lookUpNumbers(
    phoneNumbers: readonly string[],
    source: "number-data" | "network" = "number-data",
  ): Promise<{ lookups: NumberLookup[] }> {
    return this.#post("/v2/number-lookups", { phone_numbers: phoneNumbers, source });
  }

  /** Sends these nothing more; who is on the list already stays there. Up to 1,000 at once: all of them, or none. */
  async suppress(
    recipients: SuppressedRecipient | readonly SuppressedRecipient[],
    reason: SuppressionReason = "by-hand",
  ): Promise<{ added: number; suppressions: Suppression[] }> {
    const suppressions = [recipients].flat().map((one) => ({ ...fieldsOf(one, RECIPIENT_FIELDS), reason }));
    return this.#post("/v2/suppressions", { suppressions });
  }

  async checkSuppressed(
    recipient: SuppressedRecipient,
  ): Promise<{ is_suppressed: boolean; suppression: Suppression | null }> {
    return this.#post("/v2/suppressions/check", fieldsOf(recipient, RECIPIENT_FIELDS));
  }

  /** A page of up to 250, newest first; `olderThan` gives the page after that entry. */
  getSuppressions(channel?: "sms" | "email", olderThan?: string): Promise<SuppressionPage> {
    return this.#get("/v2/suppressions", { channel, older_than: olderThan });
  }

  /** Whoever it is may be sent to again. */
  async releaseSuppression(suppressionId: string): Promise<void> {
    await callForBytes(this.#connection, { method: "DELETE", path: `/v2/suppressions/${segment(suppressionId)}` });
  }

  /** What texts would cost, for up to 1,000 recipients: words of a template, or words alone. Nothing is sent. */
  async estimatePrices(words: PricedWords, recipients: readonly PricedRecipient[]): Promise<PriceEstimate> {
    return this.#post("/v2/price-estimates", {
      ...fieldsOf({ ...words }, ESTIMATE_FIELDS),
      recipients: recipients.map((one) => (typeof one === "string" ? one : fieldsOf({ ...one }, PRICED_FIELDS))),
    });
  }

  /** How messages fared: days are "2026-06-01"; the last week by country, unless something else is asked for. */
  async getQuality(wish: { from?: string; to?: string; by?: QualityBy } = {}): Promise<Quality> {
    return this.#get("/v2/quality", wish);
  }

  /** What the service's organisation has left to pay for texts; rejects with 404 where it does not pay from a balance. */
  async getBalance(): Promise<Balance> {
    return this.#get("/v2/balance");
  }

  /** Cancels a notification that is scheduled for later; refused once it is on its way. */
  async cancelNotification(notificationId: string): Promise<Notification> {
    return this.#post(`/v2/notifications/${segment(notificationId)}/cancellation`, {});
  }

  async getNotificationById(notificationId: string): Promise<Notification> {
    return this.#get(`/v2/notifications/${segment(notificationId)}`);
  }

  /** Whether these are exactly the words that were sent, also where only their hash is kept. */
  async checkContent(notificationId: string, words: { body: string; subject?: string }): Promise<{ is_same: boolean }> {
    return this.#post(`/v2/notifications/${segment(notificationId)}/content-check`, words);
  }

  /** A page of up to 250, newest first; `olderThanId` gives the page after that notification. */
  // biome-ignore lint/complexity/useMaxParams: the arguments the other clients of this API have
  getNotifications(
    templateType?: NotificationType | readonly NotificationType[],
    status?: NotificationStatus | readonly NotificationStatus[],
    reference?: string,
    olderThanId?: string,
  ): Promise<NotificationPage> {
    return this.#get("/v2/notifications", { template_type: templateType, status, reference, older_than: olderThanId });
  }

  /** Until the letter is made this is refused with `PDFNotReadyError`. */
  async getPdfForLetterNotification(notificationId: string): Promise<Buffer> {
    return callForBytes(this.#connection, { method: "GET", path: `/v2/notifications/${segment(notificationId)}/pdf` });
  }

  async getTemplateById(templateId: string): Promise<Template> {
    return this.#get(`/v2/template/${segment(templateId)}`);
  }

  async getTemplateByIdAndVersion(templateId: string, version: number): Promise<Template> {
    return this.#get(`/v2/template/${segment(templateId)}/version/${segment(String(version))}`);
  }

  getAllTemplates(templateType?: NotificationType): Promise<TemplateList> {
    return this.#get("/v2/templates", { type: templateType });
  }

  async previewTemplateById(templateId: string, personalisation: Personalisation = {}): Promise<TemplatePreview> {
    return this.#post(`/v2/template/${segment(templateId)}/preview`, { personalisation });
  }

  /** A page of up to 250, newest first; `olderThan` gives the page after that text. */
  getReceivedTexts(olderThan?: string): Promise<ReceivedTextPage> {
    return this.#get("/v2/received-text-messages", { older_than: olderThan });
  }

  /** Makes a file ready to be a value of `sendEmail`'s personalisation; throws when it is larger than 2 MB. */
  prepareUpload(file: Uint8Array | string, options?: UploadOptions): Upload {
    return prepareUpload(file, options);
  }

  async #send<Body>(
    channel: NotificationType,
    recipient: Record<string, unknown>,
    chosen: { options: object; fields: Record<string, string> },
  ): Promise<Body> {
    const { idempotencyKey, ...options } = chosen.options as Record<string, unknown>;
    const body = { ...recipient, ...fieldsOf(options, chosen.fields) };
    const path = `/v2/notifications/${channel}`;
    return callForJson(this.#connection, { method: "POST", path, body, idempotencyKey: idempotencyKey as string });
  }

  #post<Body>(path: string, body: object): Promise<Body> {
    return callForJson(this.#connection, { method: "POST", path, body });
  }

  #get<Body>(path: string, query?: Call["query"]): Promise<Body> {
    return callForJson(this.#connection, { method: "GET", path, ...(query === undefined ? {} : { query }) });
  }
}

function optionsOf(first: ClientOptions | string, apiKey: string | undefined): ClientOptions {
  if (typeof first !== "string") return first;
  return apiKey === undefined ? { apiKey: first } : { baseUrl: first, apiKey };
}

function connect(options: ClientOptions): Connection {
  const baseUrl = (options.baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, "");
  if (!/^https?:\/\/[^/]/.test(baseUrl)) throw invalidArgument("The base URL must start with https:// or http://");
  return {
    baseUrl,
    key: parseApiKey(options.apiKey),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    fetch: options.fetch ?? globalThis.fetch,
  };
}

/** An id is one part of a path, whatever is in it. */
function segment(id: string): string {
  if (typeof id !== "string" || id === "" || id === "." || id === "..") throw invalidArgument("An id is missing");
  return encodeURIComponent(id);
}
