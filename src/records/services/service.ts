/** A service: the customer's unit that owns templates, keys and limits. */
import type { KeyObject } from "node:crypto";
import type { QuietHours } from "../../core/calendar/quiet-hours.ts";
import type { ContentRule } from "../../core/content-rules/content-rule.ts";
import type { UndoLane } from "../../core/delivery/undo-window.ts";
import type { FilesContact } from "../../core/files/files-contact.ts";
import type { FloodRule } from "../../core/floods/flood-rule.ts";
import type { CountrySenderRule, SenderCandidate, SenderPool } from "../../core/senders/choose-text-sender.ts";
import type { SmppAccount } from "../smpp-accounts/smpp-account.ts";

export type KeyKind = "live" | "team" | "test";
export type TextMode = "gsm" | "unicode";
export type Channel = "sms" | "email" | "letter" | "chat";
export type Permission =
  | Channel
  | "international_sms"
  | "international_letters"
  | "sms_to_uk_landlines"
  | "inbound_sms"
  | "free_text_replies";
export const CALLBACK_KINDS = ["delivery-receipt", "received-text", "complaint", "returned-letter", "reach"] as const;
export type CallbackKind = (typeof CALLBACK_KINDS)[number];
export type LimitKind = Channel | "international_sms";

export interface ApiKey {
  id: string;
  name: string;
  kind: KeyKind;
  /** The HMAC key of its tokens, kept as an object: making one for each check would cost more than the check. */
  secret: KeyObject;
  revokedAt: Date | undefined;
  /** It is refused from then on. */
  expiresAt: Date | undefined;
  /** Networks it may be used from, in CIDR notation; none named: from anywhere. */
  allowedNetworks: readonly string[];
}

export interface TextSender extends SenderCandidate {
  /** Its organisation's, for this service to use and not to change. */
  isShared: boolean;
}

export interface ReplyToAddress {
  id: string;
  address: string;
  isDefault: boolean;
}

/** One of a service's endpoints, as it stands. */
export interface Callback {
  /** Of this state of it: a change has another. */
  id: string;
  endpointId: string;
  /** What it is told of. */
  kinds: readonly CallbackKind[];
  url: string;
  bearerToken: string;
  signingSecret: string;
  /** Set while it is told nothing, because it failed for too long. */
  pausedAt: Date | undefined;
}

/** Everything a request to a service needs to know of it, read together and kept for a moment. */
export interface Service {
  id: string;
  /** Whose people may read its templates, its team and its usage. */
  organisationId: string | undefined;
  name: string;
  permissions: ReadonlySet<Permission>;
  isTrial: boolean;
  archivedAt: Date | undefined;
  /** Set while platform administrators let it send nothing. */
  suspendedAt: Date | undefined;
  textMode: TextMode;
  prefixesTexts: boolean;
  /** No texts go to numbers that are known to roam. */
  refusesRoaming: boolean;
  /** Numbers abroad begin with + or 00: no country is guessed. */
  requiresCountry: boolean;
  emailSenderLocalPart: string | undefined;
  /** What its emails show at their top. */
  emailBrandId: string | undefined;
  /** Its own, else the installation's default; none while no domain is set up. */
  emailSendingDomain: string | undefined;
  /** Shown to recipients of its files. Without one it sends no files. */
  filesContact: FilesContact | undefined;
  rateLimitPerMinute: number;
  dailyLimits: Readonly<Record<LimitKind, number>>;
  retentionDays: Readonly<Record<Channel, number>>;
  /** A template of which a larger share than this fails is shown as failing. */
  failingPercent: number;
  /** What it means to spend on texts in a month, a whole amount; undefined: it has not said. */
  monthlyBudget: number | undefined;
  /** A whole amount at which its texts stop, in a month and in a day; undefined: they do not. */
  spendLimits: Readonly<Record<"month" | "day", number | undefined>>;
  /** Its organisation's texts are paid from a balance. */
  hasBalance: boolean;
  /** Texts to one number within an hour, of the same words and of any; 0: as many as it likes. */
  repeatLimits: Readonly<Record<"same" | "any", number>>;
  /** What its messages may not say: those of the installation come first. */
  contentRules: readonly ContentRule[];
  /** Guards against floods: those of the installation come first. */
  floodRules: readonly ServiceFloodRule[];
  /** What these have stopped, by `floodKey`, and until when. */
  floodStops: ReadonlyMap<string, Date | "never">;
  /** When its texts wait for the morning of whoever gets them. */
  quietHours: QuietHours | undefined;
  /** How long messages of its people, and of systems in these lanes, wait to be undone; 0: they go at once. */
  undo: Readonly<{ seconds: number; lanes: readonly UndoLane[] }>;
  /** Above so many messages of one template in an hour, or so much, they are held for two people to release; 0: never. */
  release: Readonly<{ above: number; abovePounds: number; withinHours: number }>;
  /** Somebody is on its suppression list: only then is anybody looked up there. */
  hasSuppressions: boolean;
  /** Suppresses whom so many messages in a row did not reach for good; undefined: never. */
  suppressAfterFailures: number | undefined;
  /** Suppresses who marks an email as spam, or unsubscribes. */
  suppressesObjectors: boolean;
  /** Opens and seals this service's personal data. */
  dataKey: Buffer;
  keys: readonly ApiKey[];
  textSenders: readonly TextSender[];
  senderPools: readonly SenderPool[];
  /** Of countries that ask something of senders, by prefix. */
  senderRules: ReadonlyMap<string, CountrySenderRule>;
  replyToAddresses: readonly ReplyToAddress[];
  callbacks: readonly Callback[];
  /** Those in use. */
  smppAccounts: readonly SmppAccount[];
  /** Blind indexes (hex) of its team's own addresses and numbers and of its guest list. */
  allowedRecipients: ReadonlySet<string>;
}

/** A guard against floods, as it holds for a service. */
export interface ServiceFloodRule extends FloodRule {
  id: string;
  isPlatform: boolean;
}

export function floodKey(ruleId: string, subject: string): string {
  return `${ruleId} ${subject}`;
}

export function mayUse(service: Service, permission: Permission): boolean {
  return service.permissions.has(permission);
}

/** The sender a text comes from unless the request names another. */
export function defaultTextSender(service: Service): string | undefined {
  return (service.textSenders.find((sender) => sender.isDefault) ?? service.textSenders[0])?.sender;
}

export function defaultReplyTo(service: Service): string | undefined {
  return service.replyToAddresses.find((address) => address.isDefault)?.address;
}

/** Who is to be told of something now. */
export function callbacksFor(service: Service, kind: CallbackKind): readonly Callback[] {
  return service.callbacks.filter(({ kinds, pausedAt }) => pausedAt === undefined && kinds.includes(kind));
}
