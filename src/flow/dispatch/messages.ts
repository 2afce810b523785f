/** A notification made into the message that goes over the wire. */
import { textAsSent } from "../../core/channels/sms.ts";
import { encodingOf } from "../../core/sms/fragments.ts";
import { renderEmailDocument } from "../../core/template/email-document.ts";
import { renderEmailParts } from "../../core/template/render-email.ts";
import { open } from "../../platform/sealing.ts";
import type { EmailMessage, InlinePicture, TextMessage } from "../../providers/provider.ts";
import type { EmailBrand } from "../../records/brands/brand.ts";
import { sealedDocument } from "../../records/documents/document.ts";
import type { OutgoingNotification, PersonalContent } from "../../records/notifications/notification.ts";
import type { Service } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { App } from "../app.ts";
import { addKey } from "../files/document-link.ts";
import { fromAddressOf } from "../intake/sender.ts";
import { houseStyleOf, renderTemplate, styleAsAccepted, templateText } from "../rendering.ts";
import { unsubscribeUrl } from "../unsubscribe-link.ts";

/** Of messages, until templates say theirs (BCP 47). */
const LANGUAGE = "en";
/** Names the picture within its own email, and nowhere else (RFC 2392). */
const LOGO_CONTENT_ID = "logo@pennypost";
const LOGO_URL = `cid:${LOGO_CONTENT_ID}`;

export interface Sendable {
  notification: OutgoingNotification;
  service: Service;
  template: TemplateVersion;
  /** Of the files that go with an email, still sealed, by document. */
  documentKeys?: ReadonlyMap<string, Buffer>;
  /** Of an email. */
  brand?: EmailBrand | undefined;
}

export function textMessage({ notification, service, template }: Sendable, content: PersonalContent): TextMessage {
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

export function emailMessage(app: App, sendable: Sendable, content: PersonalContent): EmailMessage {
  const { notification, service, template, brand } = sendable;
  const { recipient, oneClickUnsubscribeUrl } = content;
  const personalisation = withKeys(content, sendable);
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
    html: renderEmailDocument({ ...parts, subject, language: LANGUAGE, brand: brand && { ...brand, src: LOGO_URL } }),
    ...(brand ? { logo: logoOf(brand) } : {}),
    ...(headerUrl ? { oneClickUnsubscribeUrl: headerUrl } : {}),
  };
}

/** The picture goes along, so that it is there whether or not the recipient can reach us. */
function logoOf({ picture }: EmailBrand): InlinePicture {
  return { contentId: LOGO_CONTENT_ID, filename: "logo.png", bytes: picture };
}

/** The links to files as their recipient gets them. A link that opens nothing must not be sent. */
function withKeys({ personalisation, documentIds }: PersonalContent, { service, documentKeys }: Sendable) {
  if (documentIds === undefined) return personalisation;
  const links = Object.entries(documentIds).map(([name, id]) => {
    const [link, sealedKey] = [personalisation[name], documentKeys?.get(id)];
    if (typeof link !== "string" || !sealedKey) throw new Error("the key of a file is gone");
    return [name, addKey(link, open({ key: service.dataKey, belongsTo: sealedDocument.key(id) }, sealedKey))];
  });
  return { ...personalisation, ...Object.fromEntries(links) };
}
