/** Whom a message appears to come from. */
import { chatAppName } from "../../core/chat/chat-app.ts";
import { senderLocalPart } from "../../core/email/sender-local-part.ts";
import { normaliseSender } from "../../core/phone/format-phone-number.ts";
import { listCountries } from "../../core/phone/international-rates.ts";
import type { PhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { Refusal } from "../../core/refusal.ts";
import {
  type CountrySenderRule,
  chooseTextSender,
  type SenderNote,
  type SenderQuestion,
} from "../../core/senders/choose-text-sender.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { defaultReplyTo, type Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import type { Recipient, SendRequest } from "./send-request.ts";

/** For a service that has set up no sender of its own. */
const SENDER_OF_LAST_RESORT = "Pennypost";

export interface Sender {
  /** A text's sender, or the address that replies to an email go to (none: nowhere); a chat message's app. */
  used: string | undefined;
  /** In API answers: a number in international form; an email's from address. */
  shown: string;
  /** Of a text, where it is another than the one that was named, or the default. */
  note?: SenderNote | undefined;
}

/** What the sender depends on. A text may be looked at before it has a recipient. */
export type SenderChoice = Pick<SendRequest, "service" | "senderId"> & {
  recipient: Recipient | { channel: Recipient["channel"]; number?: PhoneNumber };
};

/** The sender the request names by id, else the service's default. */
export function chooseSender(app: Pick<App, "emailDomain">, request: SenderChoice): Sender {
  const { recipient } = request;
  if (recipient.channel === "chat") return chatSender(recipient);
  return recipient.channel === "sms" ? textSender(request) : emailSender(app, request);
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
  if (notification.channel === "chat") return chatAppName(notification.sender ?? "");
  return fromAddressOf(app, service);
}

/** An app's messages come from whoever carries them there: a message's sender is the app. */
function chatSender(recipient: SenderChoice["recipient"]): Sender {
  const app = "person" in recipient ? recipient.person.app : undefined;
  return { used: app, shown: app ?? "" };
}

function textSender({ service, senderId, recipient }: SenderChoice): Sender {
  const number = "number" in recipient ? recipient.number : undefined;
  const choice = chooseTextSender(senderQuestion(service, { senderId, number }));
  switch (choice.kind) {
    case "sender":
      return { used: choice.sender, shown: normaliseSender(choice.sender), note: choice.note };
    case "unknown":
      throw unknownSender("sms_sender_id", senderId ?? "", service);
    case "not-in-country":
      throw new Refusal("bad-request", notInCountry(choice.rule));
  }
}

/** What is known of the choice; a country that asks nothing of senders costs one look into a map. */
export function senderQuestion(
  service: Pick<Service, "textSenders" | "senderPools" | "senderRules">,
  { senderId, number }: { senderId: string | undefined; number: PhoneNumber | undefined },
): SenderQuestion {
  return {
    senders: service.textSenders,
    pools: service.senderPools,
    wantedId: senderId,
    lastResort: SENDER_OF_LAST_RESORT,
    rule: number && service.senderRules.get(number.countryPrefix),
    recipient: number?.digits ?? "",
    draw: Math.random,
  };
}

const TYPE_WORDS = { alphanumeric: "a name", "long-number": "a long number", "short-code": "a short code" } as const;

/** "Texts to Estonia must come from a long number or a short code, and this service has none" */
function notInCountry({ countryPrefix, senderTypes, registeredOnly }: CountrySenderRule): string {
  const country = listCountries().find(({ prefix }) => prefix === countryPrefix)?.names[0] ?? `+${countryPrefix}`;
  const types = senderTypes.map((type) => TYPE_WORDS[type]).join(" or ");
  const registered = registeredOnly ? " that is registered there" : "";
  return `Texts to ${country} must come from ${types}${registered}, and this service has none`;
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
