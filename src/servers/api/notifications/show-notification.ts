/** Opens and renders a notification for its service. */
import { openContent } from "../../../flow/personal-content.ts";
import { renderTemplate, styleAsAccepted } from "../../../flow/rendering.ts";
import { unsubscribeUrl } from "../../../flow/unsubscribe-link.ts";
import type { Notification } from "../../../records/notifications/notification.ts";
import { type Call, originOf } from "../http/call.ts";
import { presentNotification } from "./present-notification.ts";

export async function showNotification(call: Call, notification: Notification) {
  const { service } = call;
  const { intake } = call.api;
  const origin = originOf(call);
  const template = await intake.templates.findVersion(notification.templateId, notification.templateVersion);
  if (!template) throw new Error("a notification's template version is missing");
  const content = openContent(service, notification);
  const { subject, body } = renderTemplate(
    template,
    content.personalisation,
    styleAsAccepted(service, content),
  ).content;
  const ownUrl = template.hasUnsubscribeLink
    ? unsubscribeUrl(intake, { service, notification, recipient: content.recipient, origin })
    : undefined;
  const unsubscribe = content.oneClickUnsubscribeUrl ?? ownUrl;
  return presentNotification(
    { notification, content, subject, body, unsubscribeUrl: unsubscribe, letter: undefined },
    origin,
  );
}
