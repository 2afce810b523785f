/** What the pages of sending share: where they are, what is sent, and the words for what cannot be. */
import type { TypedChannel } from "../../../core/channels/channels.ts";
import { Refusal } from "../../../core/refusal.ts";
import { normaliseKey } from "../../../core/template/personalisation.ts";
import { FormRefusal } from "../../../flow/form-refusal.ts";
import { DailyLimitReached } from "../../../flow/intake/daily-limit.ts";
import { type OneOffDraft, readOneOff, type SendingPerson } from "../../../flow/sending/one-off.ts";
import type { Channel } from "../../../records/services/service.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";
import { listExcludedFolderIds } from "../../../records/templates/template-folder-store.ts";
import { findTemplatePage } from "../../../records/templates/template-page-store.ts";
import type { Text, TextKey } from "../catalogue/text.ts";
import { InvalidFields } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import type { ServiceVisit } from "../http/visit.ts";

/** Asked for once, as the recipient, whatever its spelling. */
const RECIPIENT_KEYS: Record<WritableChannel, readonly string[]> = {
  sms: ["phone number"].map(normaliseKey),
  email: ["email address"].map(normaliseKey),
  letter: [1, 2, 3, 4, 5, 6, 7].map((line) => normaliseKey(`address line ${line}`)).concat(normaliseKey("postcode")),
};

/** What a person can send one of from here. Whom a chat message is for, only a system knows. */
type WritableChannel = Exclude<Channel, "chat">;

export interface WritableTemplate extends TemplateVersion {
  channel: WritableChannel;
}

export function isWritable(template: TemplateVersion): template is WritableTemplate {
  return template.channel !== "chat";
}

/** One whose words can be shown while they are filled in, without setting them on paper. */
export interface DispatchedTemplate extends TemplateVersion {
  channel: TypedChannel;
}

export function isDispatched(template: WritableTemplate): template is DispatchedTemplate {
  return template.channel !== "letter";
}

/** Names no template, or a draft of it: "/services/…/send/…" */
export function sendPath(serviceId: string, ...parts: readonly string[]): string {
  return ["/services", serviceId, "send", ...parts].join("/");
}

export function isForRecipient(channel: WritableChannel, name: string): boolean {
  return RECIPIENT_KEYS[channel].includes(normaliseKey(name));
}

/** The template that the address names, if its visitor sees the folder it is in. It may still be one that cannot be sent with. */
export async function getTemplate(visit: ServiceVisit): Promise<TemplateVersion> {
  const { app, service, visitor } = visit;
  const id = idIn(visit, "tid");
  const [shown, excluded, template] = await Promise.all([
    findTemplatePage(app.db, service.id, id),
    listExcludedFolderIds(app.db, service.id, visitor.userId),
    app.templates.find(id),
  ]);
  const isHidden = shown?.folderId !== undefined && excluded.has(shown.folderId);
  if (!shown || !template || shown.archivedAt || isHidden) throw new Refusal("not-found", "There is no such template");
  return template;
}

/** Whether this service can send with it, by hand. */
export function canSend(visit: ServiceVisit, template: TemplateVersion): template is WritableTemplate {
  if (!isWritable(template)) return false;
  const { channel } = template;
  return channel === "letter" ? canSendLetters(visit) : visit.service.permissions.has(channel);
}

/** In trial mode nobody's printer is asked for anything. */
export function canSendLetters({ service }: ServiceVisit): boolean {
  return service.permissions.has("letter") && !service.isTrial;
}

export function senderOf({ visitor, ipAddress: ip }: ServiceVisit): SendingPerson {
  return { userId: visitor.userId, ip, name: visitor.name };
}

export async function getDraft(visit: ServiceVisit, template: TemplateVersion): Promise<OneOffDraft> {
  const { app, service, visitor } = visit;
  const draft = await readOneOff(app, { service, userId: visitor.userId }, idIn(visit, "did"));
  if (draft.templateId !== template.templateId) throw new Refusal("not-found", "There is no such draft");
  return draft;
}

const RECIPIENT_WORDS = {
  "number-too-short": "send.recipient.number-too-short",
  "number-too-long": "send.recipient.number-too-long",
  "number-unknown-character": "send.recipient.number-unknown-character",
  "number-unsupported-country": "send.recipient.number-unsupported-country",
  "number-invalid": "send.recipient.number-invalid",
  "number-abroad": "send.recipient.number-abroad",
  "number-without-country": "send.recipient.number-without-country",
  "number-landline": "send.recipient.number-landline",
  "address-wrong": "send.recipient.address-wrong",
  simulated: "send.recipient.simulated",
  "address-is-empty": "send.address.not-enough-address-lines",
  "not-enough-address-lines": "send.address.not-enough-address-lines",
  "too-many-address-lines": "send.address.too-many-address-lines",
  "invalid-address-line-1-or-2": "send.address.invalid-address-line-1-or-2",
  "has-country-for-bfpo-address": "send.address.has-country-for-bfpo-address",
  "not-a-real-uk-postcode-or-country": "send.address.not-a-real-uk-postcode-or-country",
  "cant-send-international-letters": "send.address.cant-send-international-letters",
  "not-a-real-uk-postcode": "send.address.not-a-real-uk-postcode",
  "invalid-char-in-address": "send.address.invalid-char-in-address",
  "no-fixed-abode-address": "send.address.no-fixed-abode-address",
} as const satisfies Record<string, TextKey>;

/** Says a refusal to send in the words of the page. What has no words of its own passes as it is. */
export function inOurWords(error: unknown, { text, channel }: { text: Text; channel: Channel }): unknown {
  if (error instanceof DailyLimitReached)
    return new InvalidFields({ send: text(`send.limit.${error.limitKind}`, { count: error.limit }) });
  const problem = error instanceof FormRefusal ? error.problems[0] : undefined;
  if (problem?.field !== "recipient") return error;
  if (problem.problem === "trial")
    return new InvalidFields({ recipient: text(`send.recipient.trial.${channel === "email" ? "email" : "sms"}`) });
  const key = RECIPIENT_WORDS[problem.problem as keyof typeof RECIPIENT_WORDS];
  return new InvalidFields({ recipient: key ? text(key) : problem.message });
}
