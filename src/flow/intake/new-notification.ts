/** The record of an accepted request: everything decided once, the personal part sealed. */
import type { HouseStyle } from "../../core/channels/channel.ts";
import { channels } from "../../core/channels/channels.ts";
import { chatAppFacts } from "../../core/chat/chat-app.ts";
import type { Keeping } from "../../core/content/keeping.ts";
import { timeOfId } from "../../platform/ids.ts";
import { LANES, type Lane } from "../../platform/queue.ts";
import { blindIndex, seal } from "../../platform/sealing.ts";
import type { NewNotification, PersonalContent } from "../../records/notifications/notification.ts";
import { sealedAt } from "../../records/services/service-store.ts";
import type { AppKeys } from "../app.ts";
import type { RenderedTemplate } from "../rendering.ts";
import type { AttachedFiles } from "./attach-files.ts";
import { normalisedRecipient, recipientAsSent, recipientAsSubmitted } from "./recipient.ts";
import { type Accepted, keyKindOf, type SendRequest } from "./send-request.ts";
import type { Sender } from "./sender.ts";

export const LANE_OF_PRIORITY = { high: LANES.high, normal: LANES.normal, low: LANES.bulk } as const satisfies Record<
  string,
  Lane
>;
const MS_PER_SECOND = 1_000;

/** What intake has decided about a request. */
export interface Decided {
  id: string;
  request: SendRequest;
  rendered: RenderedTemplate;
  /** How a text looks: its prefix and its characters. */
  style: HouseStyle;
  sender: Sender;
  personalisation: SendRequest["personalisation"];
  sanitisedContent: Accepted["sanitisedContent"];
  files: AttachedFiles;
  keeps: Keeping;
  contentHash: string | undefined;
  /** Where the number was lately, as far as that is known. */
  network: string | undefined;
  /** Of one fragment, or of a chat message, as the price list has it. */
  unitPrice: string | undefined;
}

export function newNotification({ keys }: { keys: AppKeys }, decided: Decided): NewNotification {
  const { id, request, rendered, style, sender, network, unitPrice } = decided;
  const { service, key, recipient } = request;
  const createdAt = timeOfId(id);
  const belongsTo = sealedAt.notification(id);
  return {
    id,
    serviceId: service.id,
    apiKeyId: key?.id,
    keyKind: keyKindOf(request),
    createdByName: request.createdByName,
    channel: recipient.channel,
    status: "created",
    templateId: rendered.template.templateId,
    templateVersion: rendered.template.version,
    reference: request.reference,
    sealedContent: seal({ key: service.dataKey, belongsTo }, JSON.stringify(personalContent(decided))),
    recipientIndex: blindIndex(keys.searchIndex, normalisedRecipient(recipient)),
    sender: sender.used,
    lane: LANE_OF_PRIORITY[request.priority ?? "normal"],
    ...destination(request),
    fragments: channels[recipient.channel].units(rendered.content, style),
    network,
    unitPrice,
    createdAt,
    scheduledFor: request.scheduledFor,
    validUntil: validUntil(request, createdAt),
  };
}

/** Where and how this one is told of, where that is not as its service has it. */
function ownCallback({ callbackUrl, callbackForm, omnimessage }: SendRequest): Partial<PersonalContent> {
  if (callbackUrl === undefined) return {};
  return { callbackUrl, ...(callbackForm ? { callbackForm } : {}), ...(omnimessage ? { omnimessage } : {}) };
}

function personalContent({
  request,
  style,
  sender,
  personalisation,
  sanitisedContent,
  files,
  keeps,
  contentHash,
}: Decided): PersonalContent {
  const { recipient, oneClickUnsubscribeUrl, isFlash, waitsToBeUndone } = request;
  return {
    submittedRecipient: recipientAsSubmitted(recipient),
    recipient: recipientAsSent(recipient),
    personalisation,
    ...(files.sealed.length === 0 ? {} : linksWithoutKeys(personalisation, files)),
    ...(oneClickUnsubscribeUrl === undefined ? {} : { oneClickUnsubscribeUrl }),
    ...ownCallback(request),
    ...(isFlash ? { isFlash } : {}),
    ...(waitsToBeUndone ? { waitsToBeUndone } : {}),
    ...(recipient.channel === "sms" ? { style } : {}),
    ...(sender.note ? { senderNote: sender.note } : {}),
    ...(Object.keys(sanitisedContent).length === 0 ? {} : { sanitisedContent }),
    ...(keeps === "everything" ? {} : { keeps, contentHash }),
  };
}

/** The keys are kept apart, and are gone once the email is sent. */
function linksWithoutKeys(personalisation: SendRequest["personalisation"], { keptLinks, documentIds }: AttachedFiles) {
  return { personalisation: { ...personalisation, ...keptLinks }, documentIds };
}

const NOWHERE = { isInternational: false, hasReceipts: true, countryPrefix: undefined, rateMultiplier: 1 };

function destination({ recipient }: SendRequest) {
  if (recipient.channel === "email") return NOWHERE;
  if (recipient.channel === "chat") return { ...NOWHERE, hasReceipts: chatAppFacts(recipient.person.app).hasReceipts };
  const { international, hasDeliveryReceipts, countryPrefix, rateMultiplier } = recipient.number;
  return {
    isInternational: international,
    hasReceipts: !international || hasDeliveryReceipts,
    countryPrefix,
    rateMultiplier,
  };
}

/** Undefined for as long as it takes. */
export function validUntil(
  { validForSeconds, scheduledFor }: Pick<SendRequest, "validForSeconds" | "scheduledFor">,
  createdAt: Date,
): Date | undefined {
  if (validForSeconds === undefined) return undefined;
  return new Date((scheduledFor ?? createdAt).getTime() + validForSeconds * MS_PER_SECOND);
}
