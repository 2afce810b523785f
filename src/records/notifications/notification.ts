/** A notification: our record of one thing to one recipient. */
import type { HouseStyle } from "../../core/channels/channel.ts";
import type { Keeping } from "../../core/content/keeping.ts";
import type { Status } from "../../core/delivery/statuses.ts";
import type { SenderNote } from "../../core/senders/choose-text-sender.ts";
import type { Lane } from "../../platform/queue.ts";
import type { Channel, KeyKind } from "../services/service.ts";

/** What is personal in a notification; kept sealed, opened only to send it or to show it to its service. */
export interface PersonalContent {
  /** The recipient as submitted, and as we send to it. */
  submittedRecipient: string;
  recipient: string;
  personalisation: Record<string, string | string[]>;
  /** The files that values are links to, by the values' names. The links want their keys before they go out. */
  documentIds?: Record<string, string>;
  oneClickUnsubscribeUrl?: string;
  /** Told instead of the service's own address, for this notification only. */
  callbackUrl?: string;
  /** In another form than that of Notify's API. */
  callbackForm?: "omnimessage";
  /** By the names that it has there, where they are others than its own. */
  omnimessage?: { id: string; messageId: string };
  /** Shown at once and not kept by the phone. */
  isFlash?: boolean;
  /** It was scheduled for a moment later so that it could be undone, not to be sent at a time. */
  waitsToBeUndone?: boolean;
  /** How texts of the service looked when this one was accepted: its name in front of them, and their characters. */
  style?: HouseStyle;
  /** Of a text, where it comes from another sender than usual: why. */
  senderNote?: SenderNote;
  /** Values that were made harmless, as they were and as they are: for the same answer to the same request. */
  sanitisedContent?: Record<string, { unsanitised: string; sanitised: string }>;
  /** Its words are for its recipient alone: nobody is shown them, and they are destroyed once it has been handed over. */
  keeps?: Exclude<Keeping, "everything">;
  /** Of words that are not kept, for whoever wants to know later whether they were these. */
  contentHash?: string;
}

/** What intake decides, once, about a notification. */
export interface NewNotification {
  id: string;
  serviceId: string;
  apiKeyId: string | undefined;
  keyKind: KeyKind;
  channel: Channel;
  status: Status;
  templateId: string;
  templateVersion: number;
  reference: string | undefined;
  /** Who sent it, where that was a person: then it has no key. */
  createdByName: string | undefined;
  sealedContent: Buffer;
  recipientIndex: Buffer;
  sender: string | undefined;
  lane: Lane;
  isInternational: boolean;
  /** Whether the network it goes to ever reports back. */
  hasReceipts: boolean;
  countryPrefix: string | undefined;
  rateMultiplier: number;
  fragments: number;
  /** Country and network code (ITU-T E.212), as far as it is known. */
  network?: string | undefined;
  /** Of one fragment, as the price list had it when the text was accepted; undefined: the house rate. */
  unitPrice?: string | undefined;
  createdAt: Date;
  scheduledFor: Date | undefined;
  validUntil: Date | undefined;
}

/** A notification as the database keeps it. */
export interface Notification extends Omit<NewNotification, "sealedContent" | "status"> {
  /** Gone once retention has scrubbed it. */
  sealedContent: Buffer | undefined;
  status: string;
  attempts: number;
  provider: string | undefined;
  reportedCode: string | undefined;
  mayBeRepeated: boolean;
  sentAt: Date | undefined;
  updatedAt: Date | undefined;
  /** By which route it went and why, as `core/routing/route-note.ts` writes it. */
  routeNote: string | undefined;
}

/** What it takes to send one: every column that is read costs, and dispatch reads each message once. */
export type OutgoingNotification = Pick<
  Notification,
  | "id"
  | "serviceId"
  | "keyKind"
  | "channel"
  | "templateId"
  | "templateVersion"
  | "status"
  | "sealedContent"
  | "sender"
  | "isInternational"
  | "countryPrefix"
  | "network"
  | "attempts"
  | "provider"
  | "createdAt"
  | "scheduledFor"
  | "validUntil"
>;

/** What its service is told of one. */
export type ReportedNotification = Pick<
  Notification,
  | "id"
  | "serviceId"
  | "channel"
  | "templateId"
  | "templateVersion"
  | "reference"
  | "status"
  | "sealedContent"
  | "lane"
  | "createdAt"
  | "sentAt"
  | "updatedAt"
  | "keyKind"
  | "sender"
  | "countryPrefix"
  | "network"
  | "provider"
>;
