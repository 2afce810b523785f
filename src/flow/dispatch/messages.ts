/** A notification made into the message that goes over the wire. */
import { textAsSent } from "../../core/channels/sms.ts";
import { encodingOf } from "../../core/sms/fragments.ts";
import { renderEmailDocument } from "../../core/template/email-document.ts";
import { renderEmailParts } from "../../core/template/render-email.ts";
import type { EmailMessage, TextMessage } from "../../providers/provider.ts";
import type { OutgoingNotification } from "../../records/notifications/notification.ts";
import type { Service } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { App } from "../app.ts";
import { fromAddressOf } from "../intake/sender.ts";
import { openContent } from "../personal-content.ts";
import { houseStyleOf, renderTemplate, styleAsAccepted, templateText } from "../rendering.ts";
import { unsubscribeUrl } from "../unsubscribe-link.ts";

/** Of messages, until templates say theirs (BCP 47). */
const LANGUAGE = "en";

export interface Sendable {
  notification: OutgoingNotification;
  service: Service;
  template: TemplateVersion;
}

export function textMessage({ notification, service, template }: Sendable): TextMessage {
  const content = openContent(service, notification);
  const { recipient, personalisation, isFlash } = content;
  const style = styleAsAccepted(service, content);
  const text = textAsSent(renderTemplate(template, personalisation, style).content.body, style);
  return {
    notificationId: notification.id,
    to: recipient,
    from: notification.sender ?? service.name,
    text,
    encoding: encodingOf(text),
    ...(isFlash ? { flash: true } : {}),
    ...(notification.validUntil ? { validUntil: notification.validUntil } : {}),
  };
}

export function emailMessage(app: App, { notification, service, template }: Sendable): EmailMessage {
  const { recipient, personalisation, oneClickUnsubscribeUrl } = openContent(service, notification);
  const { subject = "" } = renderTemplate(template, personalisation, houseStyleOf(service)).content;
  const ownUnsubscribeUrl = template.hasUnsubscribeLink
    ? unsubscribeUrl(app, { service, notification, recipient })
    : undefined;
  const parts = renderEmailParts({
    body: templateText(template).body,
    personalisation,
    unsubscribeUrl: ownUnsubscribeUrl,
  });
  const headerUrl = oneClickUnsubscribeUrl ?? ownUnsubscribeUrl;
  return {
    notificationId: notification.id,
    to: recipient,
    from: { name: service.name, address: fromAddressOf(app, service) },
    ...(notification.sender ? { replyTo: notification.sender } : {}),
    subject,
    plainText: parts.plainText,
    html: renderEmailDocument({ ...parts, subject, language: LANGUAGE }),
    ...(headerUrl ? { oneClickUnsubscribeUrl: headerUrl } : {}),
  };
}
