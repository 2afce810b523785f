/** The personal part of a notification, opened with its service's key. */
import type { Content } from "../core/channels/channel.ts";
import { shownInApp } from "../core/chat/chat-recipient.ts";
import { open, seal } from "../platform/sealing.ts";
import type { Notification, PersonalContent } from "../records/notifications/notification.ts";
import type { Service } from "../records/services/service.ts";
import { sealedAt } from "../records/services/service-store.ts";
import type { TemplateVersion } from "../records/templates/template.ts";
import { renderTemplate, styleAsAccepted } from "./rendering.ts";

/** What is left when retention has scrubbed a notification. */
const SCRUBBED: PersonalContent = { submittedRecipient: "", recipient: "", personalisation: {} };
/** In the place of words that are not kept. */
const NO_WORDS: Content = { subject: undefined, body: "" };

export function openContent(
  service: Pick<Service, "dataKey">,
  notification: Pick<Notification, "id" | "sealedContent">,
): PersonalContent {
  if (!notification.sealedContent) return SCRUBBED;
  const opened = open(
    { key: service.dataKey, belongsTo: sealedAt.notification(notification.id) },
    notification.sealedContent,
  );
  return JSON.parse(opened.toString()) as PersonalContent;
}

/** Whom it was for, as people are shown it: of a chat message, the app as well. */
export function shownRecipientOf(
  service: Pick<Service, "dataKey">,
  notification: Pick<Notification, "id" | "sealedContent" | "channel" | "sender">,
): string {
  const { recipient, submittedRecipient } = openContent(service, notification);
  return notification.channel === "chat" ? shownInApp(notification.sender ?? "", submittedRecipient) : recipient;
}

/** A notification's words, for whoever may read them: nobody may, from the first, where they are not kept. */
export function wordsOf(template: TemplateVersion, service: Service, content: PersonalContent): Content {
  if (content.keeps !== undefined) return NO_WORDS;
  return renderTemplate(template, content.personalisation, styleAsAccepted(service, content)).content;
}

/** What is left, sealed, of a notification whose words are not kept, once nobody has to send it any more. Undefined for any other. */
export function remainsOf(
  service: Pick<Service, "dataKey">,
  notificationId: string,
  content: PersonalContent,
): Buffer | undefined {
  if (content.keeps === undefined) return undefined;
  const { submittedRecipient, recipient, callbackUrl, callbackForm, omnimessage, isFlash, style } = content;
  const { senderNote, keeps, contentHash } = content;
  const remains = {
    submittedRecipient,
    recipient,
    personalisation: {},
    callbackUrl,
    callbackForm,
    omnimessage,
    isFlash,
    style,
    senderNote,
    keeps,
    contentHash,
  };
  return seal({ key: service.dataKey, belongsTo: sealedAt.notification(notificationId) }, JSON.stringify(remains));
}
