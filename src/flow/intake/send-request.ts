/** A request to send one notification, after the door: every field has its form, none has been looked up. */

import type { DispatchedChannel } from "../../core/channels/channels.ts";
import type { ChatRecipient } from "../../core/chat/chat-recipient.ts";
import type { Keeping } from "../../core/content/keeping.ts";
import type { EmailAddress } from "../../core/email/parse-email-address.ts";
import type { Postage } from "../../core/letter/postage.ts";
import type { PhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { ApiKey, KeyKind, Service } from "../../records/services/service.ts";

export type Recipient =
  | { channel: "sms"; number: PhoneNumber }
  | { channel: "email"; address: EmailAddress }
  | { channel: "chat"; person: ChatRecipient };

export interface SendRequest {
  service: Service;
  /** With what a system sends: an API key, or an SMPP account. None where a person sends. */
  key: Pick<ApiKey, "id" | "kind"> | undefined;
  /** Who sends, where it is a person. */
  createdByName?: string;
  /** That is the name of a connection: nobody sits there who could undo it. */
  isOfSystem?: boolean;
  /** By id: nobody releases what they have sent themselves. */
  sentBy?: string;
  recipient: Recipient;
  templateId: string;
  /** Its words are its own: the template is the one that stands for such texts, which nobody can name. */
  isFreeText?: boolean;
  personalisation: Record<string, string | string[]>;
  /** Values that were sent as files; undefined where none was. */
  files: SentFiles | undefined;
  /** Where links to the template's own files lead; for whoever may send with such a template. */
  origins?: () => SentFiles["origins"];
  /** Names of values from an untrusted source, whose links and markdown are to be made harmless. */
  sanitiseContentFor: readonly string[];
  reference: string | undefined;
  /** A text sender or a reply-to address of the service, by id. */
  senderId: string | undefined;
  oneClickUnsubscribeUrl: string | undefined;
  priority: "high" | "normal" | "low" | undefined;
  scheduledFor: Date | undefined;
  validForSeconds: number | undefined;
  /** How long it waits to be undone; undefined: as its service has it. */
  undoSeconds?: number | undefined;
  /** It is scheduled for that alone. */
  waitsToBeUndone?: boolean;
  callbackUrl: string | undefined;
  /** How it is told there: as Notify's API does, unless it came in another API's form. */
  callbackForm?: "omnimessage";
  /** The message of several that this is, by the names they have there. */
  omnimessage?: { id: string; messageId: string } | undefined;
  /** A text that shows at once and is not kept by the phone (3GPP TS 23.038 §4, class 0). */
  isFlash: boolean;
  /** Of its words, once it has been handed over; the template may ask for less. */
  keeps?: Keeping;
  idempotency: { keyHash: Buffer; bodyHash: Buffer } | undefined;
}

export interface SentFiles {
  /** Of the values. */
  names: readonly string[];
  /** What is wrong with one is told when all else is known to be right, as Notify's API does: so they are read then. */
  read(): readonly FileWish[];
  /** Where their links, and the settings of the service, lead. */
  origins: { documents: string; admin: string };
}

export interface FileWish {
  placeholder: string;
  base64: string;
  filename: string | undefined;
  isCsv: boolean;
  /** Its recipient is to give the address before the file is given. */
  confirmsEmail: boolean;
  /** How long it may be downloaded; undefined for as long as usual. */
  weeks: number | undefined;
}

/** What a person sends counts as sent live: to anyone, or to the team and the guest list while the service is in trial. */
export function keyKindOf({ key }: Pick<SendRequest, "key">): KeyKind {
  return key?.kind ?? "live";
}

/** What became of an accepted request, for the answer. */
export interface Accepted {
  id: string;
  channel: DispatchedChannel;
  reference: string | undefined;
  subject: string | undefined;
  body: string;
  /** A text's sender, normalised where it is a number; an email's address; a chat message's app. */
  from: string;
  oneClickUnsubscribeUrl: string | undefined;
  /** The values that were changed to make them harmless, as they were and as they are. */
  sanitisedContent: Record<string, { unsanitised: string; sanitised: string }>;
  templateId: string;
  templateVersion: number;
  serviceId: string;
  scheduledFor: Date | undefined;
  /** Of words that are not kept, where it was asked for. */
  contentHash?: string | undefined;
}

/** A letter from a template. */
export interface AcceptedLetter
  extends Pick<Accepted, "id" | "reference" | "subject" | "body" | "templateId" | "templateVersion" | "serviceId"> {
  channel: "letter";
}

/** A letter that came as a PDF, which is yet to be scanned and checked. */
export interface AcceptedSuppliedLetter {
  channel: "supplied-letter";
  id: string;
  reference: string;
  postage: Postage;
}

export type AnyAccepted = Accepted | AcceptedLetter | AcceptedSuppliedLetter;
