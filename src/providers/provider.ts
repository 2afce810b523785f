/**
 * The contract between us and whoever carries our messages. A provider is one folder: their words on the left, ours on the
 * right. It holds no SQL, retries nothing and chooses nothing; it says what became of one message at the moment it was handed over
 * (an Outcome), and reports later news (receipts, replies, complaints) through the events it was started with.
 */
import type { ChatApp } from "../core/chat/chat-app.ts";
import type { Postage } from "../core/letter/postage.ts";
import type { NetworkFacts } from "../core/phone/network-facts.ts";

/** A text as it goes over the air: already in the characters the recipient's phone will show. */
export interface TextMessage {
  notificationId: string;
  /** International number, digits only: `447700900123`. */
  to: string;
  /** Alphanumeric sender, long number or short code, as the recipient sees it. */
  from: string;
  text: string;
  encoding: "gsm7" | "ucs2";
  /** Class 0: shown at once, not kept (3GPP TS 23.038 §4). */
  flash?: boolean;
  /** The carrier should stop trying after this moment. */
  validUntil?: Date;
}

/** A picture that goes along in an email and is shown in its HTML, where `cid:` and its id stand (RFC 2392). */
export interface InlinePicture {
  contentId: string;
  filename: string;
  /** PNG. */
  bytes: Buffer;
}

export interface EmailMessage {
  notificationId: string;
  to: string;
  from: { name: string; address: string };
  replyTo?: string;
  subject: string;
  plainText: string;
  html: string;
  logo?: InlinePicture;
  /** Where a mail program can unsubscribe the recipient with one click (RFC 8058). */
  oneClickUnsubscribeUrl?: string;
}

/** A chat message as its app takes it. */
export interface ChatMessage {
  notificationId: string;
  app: ChatApp;
  /** Who it is to the app; of a push subscription, the whole of it as JSON. */
  to: string;
  /** From whom it is, where the app shows it. */
  title: string;
  text: string;
  /** By which it may be sent to somebody who has not written lately. */
  template?: ApprovedMessage;
  /** Its recipient has written to this provider within a day. */
  isAnswer: boolean;
  /** It is of no use after this moment. */
  validUntil?: Date;
}

/** A template that WhatsApp has approved, and its values in their order. */
export interface ApprovedMessage {
  name: string;
  /** As WhatsApp has it: `en_GB`. */
  language: string;
  values: readonly string[];
}

/** A letter as it goes to print. */
export interface LetterMessage {
  notificationId: string;
  /** The run it is printed in, by its name. */
  run: string;
  pdf: Buffer;
  /** As printed in the window, the recipient's name first. */
  addressLines: readonly string[];
  postage: Postage;
  pages: number;
  sheets: number;
  createdAt: Date;
}

/** What a provider says at the moment a message is handed over. What can go wrong is a value; `send` never rejects. */
export type Outcome =
  | Accepted
  | Refused // never try this again
  | Unavailable; // later, or elsewhere

/**
 * Where it is not the provider that is to blame, so that it says nothing against its health. `message`: the provider has answered, and
 * would take another message; `us`: it was not even asked.
 */
type NotItsFault = "message" | "us";

interface Refused {
  kind: "refused";
  reason: string;
  code?: string;
  dueTo?: NotItsFault;
  /** There is nobody to send to any more, and will not be: not with another message either. */
  isGone?: boolean;
}

export interface Accepted {
  kind: "accepted";
  /** The provider's own ids, one for each part of a text. */
  references: string[];
  /** Nothing more will be heard of it: as far as can be known, it is delivered. */
  isDelivered?: boolean;
}

export interface Unavailable {
  kind: "unavailable";
  reason: string;
  code?: string;
  dueTo?: NotItsFault;
  retryAfterMs?: number;
  /** It was handed over and no answer came: trying again may send it twice. */
  mayHaveBeenSent?: boolean;
}

export type ReportedStatus = "pending" | "delivered" | "temporary-failure" | "permanent-failure" | "technical-failure";

/** A provider's later word on one message it had accepted. */
export interface Receipt {
  /** The provider's id of the message (or of one part of it). */
  reference: string;
  status: ReportedStatus;
  /** What it means instead for a message that was reported pending before. */
  statusIfPending?: ReportedStatus;
  /** The carrier's own code or words, kept for the timeline. */
  code?: string;
  at?: Date;
  /** Where the recipient was, as the carrier says: country and network code (ITU-T E.212). */
  network?: string;
  /** Of a chat message: its recipient has looked at it. It is delivered, then, and nothing more is to be heard of it. */
  isSeen?: boolean;
}

/** Someone wrote to us in a chat app. */
export interface InboundChat {
  app: ChatApp;
  /** Who it is to the app. */
  from: string;
  text: string;
  sentAt?: Date;
  /** The app's own id of it, by which it is known when it comes again. */
  reference: string;
}

/** Someone wrote to one of our numbers. A long text may arrive in parts. */
export interface InboundText {
  from: string;
  to: string;
  text: string;
  /** When the carrier says it was sent. */
  sentAt?: Date;
  reference?: string;
  part?: { reference: number; number: number; total: number };
}

/** A recipient marked an email of ours as spam. */
export interface Complaint {
  reference: string;
  at?: Date;
}

/** A printer's word on one letter: it is in the post, it cannot be printed, or it came back. */
export interface LetterReport {
  notificationId: string;
  status: "despatched" | "rejected" | "returned";
  at?: Date;
  /** The printer's own words. */
  code?: string;
}

/**
 * Where a provider takes its news. Each promise resolves when the news is durable: only then may the provider acknowledge it
 * to the carrier. A rejection means: do not acknowledge, it must come again.
 */
export interface ProviderEvents {
  receipt(receipt: Receipt): Promise<void>;
  inbound(text: InboundText): Promise<void>;
  complaint(complaint: Complaint): Promise<void>;
  /** The provider can, or can no longer, take messages. */
  availability(isAvailable: boolean, reason: string): void;
}

export interface Provider<Message> {
  readonly name: string;
  /** Begins connecting and keeps at it; resolves at once, and never fails because the carrier is away. */
  start(events: ProviderEvents): Promise<void>;
  /** Lets what is under way finish (bounded), then disconnects. */
  stop(): Promise<void>;
  /** How many messages it could take right now; 0 while it is not connected. */
  capacity(): number;
  send(message: Message): Promise<Outcome>;
}

export type SmsProvider = Provider<TextMessage>;
export type EmailProvider = Provider<EmailMessage>;

export interface ChatProvider extends Provider<ChatMessage> {
  /** By which it can be sent. */
  readonly apps: readonly ChatApp[];
}

/** The letters of one run, as the printer is told of them. */
export interface PrintRun {
  /** Names the run for ever: `2026-11-30-1750-0199a8f0`. */
  name: string;
  letters: readonly PrintedLetter[];
}

export interface PrintedLetter extends Omit<LetterMessage, "pdf" | "run" | "addressLines"> {
  bytes: number;
  sha256: string;
}

/** How a step of a print run went; one that was unavailable is taken again. */
export type RunOutcome = { kind: "done" } | Unavailable;

/** Where a printer takes its news: durable when the promise resolves, to come again when it rejects. */
export interface PrinterEvents extends Pick<ProviderEvents, "availability"> {
  letterReports(reports: readonly LetterReport[]): Promise<void>;
}

/**
 * Prints letters. Every letter of a run is sent first, as often as it takes: the same letter sent twice is one letter. A printer that
 * takes letters one by one prints them as they come. One that prints what was handed over together has `release`: nothing is
 * printed before it, and it happens once, whatever was killed in between:
 *
 *     prepare(run)      the list of letters lies ready, where the printer does not look yet
 *     (the run is noted as prepared: from here on it is only released, never prepared again)
 *     release(run.name) the list is put where the printer looks, in one step; when it is no longer lying ready, that has been done
 */
export interface LetterProvider extends Omit<Provider<LetterMessage>, "start"> {
  start(events: PrinterEvents): Promise<void>;
  readonly runs?: {
    prepare(run: PrintRun): Promise<RunOutcome>;
    release(runName: string): Promise<RunOutcome>;
  };
}

/** A supplier's HTTP request to us, as the reports server received it. */
export interface SupplierRequest {
  headers: Record<string, string | undefined>;
  query: Record<string, string>;
  /** Raw body, as received. */
  body: Buffer;
}

/** Asks networks about numbers. It carries no messages. */
export interface NetworkLookup {
  readonly name: string;
  /** An international number, digits only. Never rejects. */
  lookUp(digits: string): Promise<LookupOutcome>;
}

/** How networks may be asked: what comes with the product, and the check of anything else. */
export interface LookupKinds {
  /** The sandbox's is not among them. */
  presets: readonly { name: string; settings: readonly LookupSetting[] }[];
  /** Undefined where it could be asked with. */
  problemOf(supplier: {
    name: string;
    settings: Record<string, unknown>;
    secrets: Record<string, string>;
  }): string | undefined;
}

export interface LookupSetting {
  name: string;
  /** Undefined of a credential. */
  usual: string | undefined;
}

export type LookupOutcome =
  | { kind: "answered"; facts: NetworkFacts }
  /** Nothing of what the supplier wrote: it may name the number. */
  | { kind: "unavailable"; reason: string };

/** What we answer to a supplier's request, and what it told us. */
export type SupplierReport<News> =
  | { kind: "news"; news: News[]; reply: SupplierReply }
  | { kind: "refused"; reply: SupplierReply };

export interface SupplierReply {
  status: number;
  contentType: string;
  body: string;
}

/** A provider that reports by calling us over HTTP. Pure: parsing needs no connection. */
export interface HttpReports {
  /** Texts it brings are proved to be the supplier's by their signature; without one, whoever brings them must log in. */
  readonly inboundIsSigned: boolean;
  parseReceipts(request: SupplierRequest): SupplierReport<Receipt>;
  parseInbound(request: SupplierRequest): SupplierReport<InboundText>;
}

export type ChatNews = { kind: "receipt"; receipt: Receipt } | { kind: "inbound"; text: InboundChat };

/** A chat provider that reports by calling us over HTTP. A report that does not prove whose it is is refused. */
export interface ChatReports {
  parse(request: SupplierRequest): SupplierReport<ChatNews>;
  /** Answers an app that asks whether it has the right address, before it reports anything. */
  answerHandshake?(query: Readonly<Record<string, string>>): SupplierReply;
}
