/** Messages opened for those who may see them; values that a template hides after sending stay hidden. */
import type { HouseStyle } from "../../core/channels/channel.ts";
import type { SenderNote } from "../../core/senders/choose-text-sender.ts";
import { listHeldAmong } from "../../records/held/held-message-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import type { Service } from "../../records/services/service.ts";
import { listTemplatesThatHide } from "../../records/templates/redaction-store.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { App } from "../app.ts";
import { openContent, wordsOf } from "../personal-content.ts";
import { styleAsAccepted } from "../rendering.ts";

const PREVIEW_MAX_CHARACTERS = 200;

export interface ListedMessage
  extends Pick<
    Notification,
    "id" | "channel" | "status" | "reference" | "keyKind" | "createdAt" | "sentAt" | "updatedAt" | "scheduledFor"
  > {
  /** As submitted; empty once the message is past its retention, and of a letter that came as a PDF. */
  recipient: string;
  /** It came as a PDF, in which its address is, and has not been forgotten. */
  isSupplied: boolean;
  templateId: string;
  templateName: string;
  /** An email's subject, a text's first words. */
  preview: string;
  /** Its words are not kept, and nobody is shown them. */
  isNotKept: boolean;
  /** For two people to release it. */
  isHeld: boolean;
  apiKeyName: string | undefined;
  createdByName: string | undefined;
}

export interface OpenedMessage {
  recipient: string;
  subject: string | undefined;
  body: string;
  template: TemplateVersion | undefined;
  /** Of a text, when it was accepted. */
  style: HouseStyle;
  senderNote: SenderNote | undefined;
  /** Values are hidden: placeholders stand in the words as typed. */
  isPersonalisationHidden: boolean;
  /** Its words are not kept, and nobody is shown them. */
  isNotKept: boolean;
  contentHash: string | undefined;
  /** It was scheduled for that alone. */
  waitsToBeUndone: boolean;
}

type Opener = Pick<App, "db" | "templates">;

/** In the order given. */
export async function presentMessages(
  app: Opener,
  service: Service,
  notifications: readonly Notification[],
): Promise<ListedMessage[]> {
  const hiding = await listTemplatesThatHide(app.db, [...new Set(notifications.map(({ templateId }) => templateId))]);
  const waiting = notifications.filter(({ status }) => status === "created").map(({ id }) => id);
  const held = await listHeldAmong(app.db, waiting);
  return Promise.all(notifications.map((notification) => present({ app, service, hiding, held }, notification)));
}

export async function openMessage(app: Opener, service: Service, notification: Notification): Promise<OpenedMessage> {
  const hiding = await listTemplatesThatHide(app.db, [notification.templateId]);
  return openWith({ app, service, hiding }, notification);
}

interface Opening {
  app: Opener;
  service: Service;
  hiding: ReadonlySet<string>;
}

async function present(
  opening: Opening & { held: ReadonlySet<string> },
  notification: Notification,
): Promise<ListedMessage> {
  const { recipient, subject, body, template, isNotKept } = await openWith(opening, notification);
  const { id, channel, status, reference, keyKind, templateId } = notification;
  return {
    ...{ id, channel, status, reference, keyKind, templateId, recipient },
    isSupplied: channel === "letter" && recipient === "" && notification.sealedContent !== undefined,
    templateName: template?.name ?? "",
    preview: (subject ?? body).slice(0, PREVIEW_MAX_CHARACTERS),
    isNotKept,
    isHeld: opening.held.has(id),
    apiKeyName: keyNameIn(opening.service, notification),
    createdByName: notification.createdByName,
    createdAt: notification.createdAt,
    sentAt: notification.sentAt,
    updatedAt: notification.updatedAt,
    scheduledFor: notification.scheduledFor,
  };
}

/** An SMPP account is known by its system id. */
function keyNameIn({ keys, smppAccounts }: Service, { apiKeyId }: Notification): string | undefined {
  const key = keys.find(({ id }) => id === apiKeyId);
  return key?.name ?? smppAccounts.find(({ id }) => id === apiKeyId)?.systemId;
}

async function openWith({ app, service, hiding }: Opening, notification: Notification): Promise<OpenedMessage> {
  const { templateId, templateVersion } = notification;
  const template = await app.templates.findVersion(templateId, templateVersion);
  const content = openContent(service, notification);
  const { submittedRecipient, senderNote, keeps, contentHash, waitsToBeUndone = false } = content;
  const style = styleAsAccepted(service, content);
  const isPersonalisationHidden = hiding.has(templateId);
  const isNotKept = keeps !== undefined;
  const opened = {
    ...{ recipient: submittedRecipient, template, style, senderNote, isPersonalisationHidden },
    ...{ isNotKept, contentHash, waitsToBeUndone },
  };
  if (!template || template.channel === "letter" || !notification.sealedContent)
    return { ...opened, subject: undefined, body: "" };
  const shown = isPersonalisationHidden ? { ...content, personalisation: {} } : content;
  return { ...opened, ...wordsOf(template, service, shown) };
}
