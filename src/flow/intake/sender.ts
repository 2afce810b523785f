/** Whom a message appears to come from. */
import { senderLocalPart } from "../../core/email/sender-local-part.ts";
import { normaliseSender } from "../../core/phone/format-phone-number.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { defaultReplyTo, defaultTextSender, type Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import type { Recipient, SendRequest } from "./send-request.ts";

/** For a service that has set up no sender of its own. */
const SENDER_OF_LAST_RESORT = "Pennypost";

export interface Sender {
  /** A text's sender, or the address that replies to an email go to (none: nowhere). */
  used: string | undefined;
  /** In API answers: a number in international form; an email's from address. */
  shown: string;
}

/** What the sender depends on. */
export type SenderChoice = Pick<SendRequest, "service" | "senderId"> & { recipient: Pick<Recipient, "channel"> };

/** The sender the request names by id, else the service's default. */
export function chooseSender(app: Pick<App, "emailDomain">, request: SenderChoice): Sender {
  return request.recipient.channel === "sms" ? textSender(request) : emailSender(app, request);
}

/** The address a service's emails come from. */
export function fromAddressOf(app: Pick<App, "emailDomain">, service: Service): string {
  const localPart = service.emailSenderLocalPart ?? senderLocalPart(service.name);
  return `${localPart}@${service.emailSendingDomain ?? app.emailDomain}`;
}

/** The sender of a notification as API answers show it. */
export function shownSenderOf(
  app: Pick<App, "emailDomain">,
  service: Service,
  notification: Pick<Notification, "channel" | "sender">,
): string {
  if (notification.channel === "sms") return normaliseSender(notification.sender ?? SENDER_OF_LAST_RESORT);
  return fromAddressOf(app, service);
}

function textSender({ service, senderId }: SenderChoice): Sender {
  if (senderId === undefined) {
    const used = defaultTextSender(service) ?? SENDER_OF_LAST_RESORT;
    return { used, shown: normaliseSender(used) };
  }
  const named = service.textSenders.find((sender) => sender.id === senderId);
  if (!named) throw unknownSender("sms_sender_id", senderId, service);
  return { used: named.sender, shown: normaliseSender(named.sender) };
}

function emailSender(app: Pick<App, "emailDomain">, { service, senderId }: SenderChoice): Sender {
  const shown = fromAddressOf(app, service);
  if (senderId === undefined) return { used: defaultReplyTo(service), shown };
  const named = service.replyToAddresses.find((address) => address.id === senderId);
  if (!named) throw unknownSender("email_reply_to_id", senderId, service);
  return { used: named.address, shown };
}

function unknownSender(field: string, id: string, service: Service): Refusal {
  return new Refusal("bad-request", `${field} ${id} does not exist in database for service id ${service.id}`);
}
