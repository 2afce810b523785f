/** One message with everything that happened to it, for the people of its service. */

import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { midnightDaysAgo } from "../../core/calendar/midnight.ts";
import type { HouseStyle } from "../../core/channels/channel.ts";
import { type StatusGroup, statusGroupOf } from "../../core/delivery/status-groups.ts";
import { COMPLETED_STATUSES, type Status } from "../../core/delivery/statuses.ts";
import type { Cost } from "../../core/price/cost-of.ts";
import { costOfNotification } from "../../core/price/cost-of-notification.ts";
import { Refusal } from "../../core/refusal.ts";
import { type RouteNote, readRouteNote } from "../../core/routing/route-note.ts";
import type { SenderNote } from "../../core/senders/choose-text-sender.ts";
import { findKeyName } from "../../records/api-keys/api-key-page-store.ts";
import { type LoggedAttempt, listAttemptsAbout } from "../../records/callbacks/callback-log-store.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import type { SentDocument } from "../../records/documents/document.ts";
import { listDocumentsOf } from "../../records/documents/document-page-store.ts";
import { isHeld } from "../../records/held/held-message-store.ts";
import { listEvents, type NotificationEvent } from "../../records/notifications/event-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { findNotification } from "../../records/notifications/notification-store.ts";
import type { ReachStep } from "../../records/reaches/reach.ts";
import { findStepOf } from "../../records/reaches/reach-store.ts";
import type { Service } from "../../records/services/service.ts";
import { findSmppAccount } from "../../records/smpp-accounts/smpp-account-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { cancelScheduled } from "../intake/cancel-scheduled.ts";
import { shownSenderOf } from "../intake/sender.ts";
import { cancelLetter } from "../letters/cancel-letter.ts";
import { openMessage } from "./present-messages.ts";
import { type LetterDetails, readLetter } from "./read-letter.ts";

const DAY_MS = 86_400_000;

export interface MessageDetails {
  id: string;
  channel: Notification["channel"];
  status: Status;
  group: StatusGroup;
  keyKind: Notification["keyKind"];
  reference: string | undefined;
  /** As submitted; empty once past retention. */
  recipient: string;
  /** A text's sender, or the address an email comes from. */
  from: string;
  /** Where replies to an email go. */
  replyTo: string | undefined;
  subject: string | undefined;
  body: string;
  /** Of a text: what stood in front of it, and which characters it had. */
  style: HouseStyle;
  isPersonalisationHidden: boolean;
  /** Its words are not kept, and nobody is shown them. */
  isNotKept: boolean;
  contentHash: string | undefined;
  /** A hidden one has no page. */
  template: { id: string; version: number; name: string; isHidden: boolean };
  createdAt: Date;
  scheduledFor: Date | undefined;
  /** It is scheduled for that alone. */
  waitsToBeUndone: boolean;
  /** For two people to release it: no time is set at which it goes. */
  isHeld: boolean;
  /** It can still be taken back. */
  isCancellable: boolean;
  fragments: number;
  countryPrefix: string | undefined;
  isInternational: boolean;
  cost: Cost;
  letter: LetterDetails | undefined;
  /** It is a step by which somebody is reached. */
  reach: Pick<ReachStep, "reachId" | "number"> | undefined;
  /** That went with an email as links. */
  files: SentDocument[];
  timeline: TimelineEntry[];
  /** It is deleted when this day begins. */
  keptUntil: Date;
}

/** What happened, oldest first. Codes and reasons are the carrier's own. */
export type TimelineEntry =
  | {
      kind: "accepted";
      at: Date;
      by: { kind: "key"; name: string | undefined } | { kind: "person"; name: string };
      /** Of a text that comes from another sender than usual. */
      sender?: SenderNote & { used: string };
    }
  | { kind: "scheduled"; at: Date; for: Date }
  | {
      kind: "attempt-failed";
      at: Date;
      provider: string | undefined;
      code: string | undefined;
      reason: string | undefined;
      isFinal: boolean;
    }
  /** `mayBeRepeated`: an earlier try never reported back, so it may have gone twice. */
  | {
      kind: "handed-over";
      at: Date;
      provider: string;
      /** Which way, and why that one. */
      route: RouteNote | undefined;
      attempts: number;
      mayBeRepeated: boolean;
    }
  | {
      kind: "receipt";
      at: Date;
      provider: string | undefined;
      code: string | undefined;
      reason: string | undefined;
      isLate: boolean;
    }
  | { kind: "gave-up"; at: Date; reason: string | undefined }
  /** For the recipient's quiet hours. */
  | { kind: "held"; at: Date; until: Date }
  /** While it waited. */
  | { kind: "suppressed"; at: Date }
  /** `code`: why, and of what rule. */
  | { kind: "held-for-release"; at: Date; code: string | undefined; reason: string | undefined }
  | { kind: "released" | "release-rejected" | "release-expired"; at: Date }
  | { kind: "cancelled"; at: Date }
  /** By whoever got it in a chat. */
  | { kind: "seen"; at: Date; provider: string | undefined }
  | { kind: "status"; at: Date; status: Status; code: string | undefined }
  | { kind: "callback"; at: Date; attempt: LoggedAttempt }
  /** `file` is the name of the placeholder that holds its link. */
  | { kind: "file-downloaded"; at: Date; file: string; downloads: number }
  | { kind: "file-blocked"; at: Date; file: string };

type Reader = Pick<App, "db" | "templates" | "emailDomain" | "clock">;

/** Refuses an id that is not one of the service's. */
export async function readMessage(app: Reader, service: Service, id: string): Promise<MessageDetails> {
  const notification = await getMessage(app, service.id, id);
  const [opened, letter, events, attempts, keyName, reach, files, isHeldNow, home] = await Promise.all([
    openMessage(app, service, notification),
    readLetter(app, service, notification),
    listEvents(app.db, id),
    listAttemptsAbout(app.db, service.id, id),
    nameOfKey(app, service.id, notification),
    findStepOf(app.db, id),
    notification.channel === "email" ? listDocumentsOf(app.db, service.id, id) : [],
    isHeld(app.db, id),
    getHomeMoney(app.db),
  ]);
  const status = notification.status as Status;
  const { channel, keyKind, reference } = notification;
  return {
    ...{ id, channel, status, keyKind, reference },
    group: statusGroupOf(status),
    recipient: opened.recipient,
    from: shownSenderOf(app, service, notification),
    replyTo: channel === "email" ? notification.sender : undefined,
    subject: opened.subject,
    body: opened.body,
    style: opened.style,
    isPersonalisationHidden: opened.isPersonalisationHidden,
    isNotKept: opened.isNotKept,
    contentHash: opened.contentHash,
    template: templateOf(notification, opened.template),
    createdAt: notification.createdAt,
    scheduledFor: notification.scheduledFor,
    waitsToBeUndone: opened.waitsToBeUndone,
    isHeld: isHeldNow,
    isCancellable: isTakeable(app, notification, { isHeldNow, letter }),
    fragments: notification.fragments,
    countryPrefix: notification.countryPrefix,
    isInternational: notification.isInternational,
    cost: costOfNotification({ ...notification, status, isTest: keyKind === "test", letter }, home),
    ...{ letter, reach },
    timeline: timelineOf(notification, { events, attempts, keyName, files, senderNote: opened.senderNote }),
    files,
    keptUntil: keptUntil(notification, service),
  };
}

/** The version that was used; its name is gone with it. */
function templateOf(
  { templateId: id, templateVersion: version }: Notification,
  template: { name: string; isHidden: boolean } | undefined,
): MessageDetails["template"] {
  return { id, version, name: template?.name ?? "", isHidden: template?.isHidden ?? false };
}

/** To be sent later. */
function isWaiting({ clock }: Pick<App, "clock">, { status, scheduledFor }: Notification): boolean {
  return status === "created" && scheduledFor !== undefined && scheduledFor > clock.now();
}

/** A letter can be until its cut-off, which has come and gone for one that is held overnight. */
function isTakeable(
  app: Pick<App, "clock">,
  notification: Notification,
  { isHeldNow, letter }: { isHeldNow: boolean; letter: LetterDetails | undefined },
): boolean {
  if (notification.channel === "letter") return letter?.cancellable !== undefined;
  return isWaiting(app, notification) || isHeldNow;
}

/** Of an API key, or of an SMPP account: whatever became of it. */
async function nameOfKey(
  { db }: Pick<App, "db">,
  serviceId: string,
  { apiKeyId }: Notification,
): Promise<string | undefined> {
  if (apiKeyId === undefined) return undefined;
  const name = await findKeyName(db, serviceId, apiKeyId);
  return name ?? (await findSmppAccount(db, serviceId, apiKeyId))?.systemId;
}

/** Takes back a message that was to be sent later, or a letter before it is printed. Refuses one that is on its way. */
export async function cancelMessage(
  app: Pick<App, "db" | "clock" | "services">,
  actor: Actor,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<void> {
  const notification = await getMessage(app, serviceId, id);
  if (notification.status === "cancelled") return;
  if (notification.channel === "letter") return cancelLetter(app, actor, { serviceId, notificationId: id });
  const deed = { serviceId, action: "message.cancelled", subject: id };
  await cancelScheduled(app, notification, (tx) => recordDeed(tx, actor, deed));
}

export async function getMessage(app: Pick<App, "db">, serviceId: string, id: string): Promise<Notification> {
  const notification = await findNotification(app.db, serviceId, id);
  if (!notification) throw new Refusal("not-found", "There is no such message, or it has been deleted");
  return notification;
}

interface Happened {
  events: readonly NotificationEvent[];
  attempts: readonly LoggedAttempt[];
  keyName: string | undefined;
  files: readonly SentDocument[];
  senderNote: SenderNote | undefined;
}

function timelineOf(notification: Notification, happened: Happened): TimelineEntry[] {
  const { events, attempts, files } = happened;
  const entries: TimelineEntry[] = [
    ...beginning(notification, happened),
    ...events.map(entryOf),
    ...handOver(notification),
    ...ending(notification, events),
    ...attempts.map((attempt) => ({ kind: "callback", at: attempt.at, attempt }) as const),
    ...files.flatMap(filesEntries),
  ];
  return entries.sort((a, b) => a.at.getTime() - b.at.getTime());
}

function beginning(
  { createdAt: at, createdByName, scheduledFor, sender: used }: Notification,
  { keyName, senderNote }: Happened,
): TimelineEntry[] {
  const by =
    createdByName === undefined
      ? ({ kind: "key", name: keyName } as const)
      : ({ kind: "person", name: createdByName } as const);
  const sender = senderNote && used !== undefined ? { sender: { ...senderNote, used } } : {};
  const accepted = { kind: "accepted", at, by, ...sender } as const;
  return scheduledFor ? [accepted, { kind: "scheduled", at, for: scheduledFor }] : [accepted];
}

function handOver({ sentAt, provider, attempts, mayBeRepeated, routeNote }: Notification): TimelineEntry[] {
  if (!sentAt || provider === undefined) return [];
  const route = routeNote === undefined ? undefined : readRouteNote(routeNote);
  return [{ kind: "handed-over", at: sentAt, provider, route, attempts, mayBeRepeated }];
}

/** Where it stands, unless an event of the same moment says so in more words. */
function ending(notification: Notification, events: readonly NotificationEvent[]): TimelineEntry[] {
  const status = notification.status as Status;
  const { updatedAt, reportedCode: code } = notification;
  const isTold = status === "cancelled" && events.some(({ kind }) => kind === "cancelled");
  const isEnd = updatedAt !== undefined && (COMPLETED_STATUSES.includes(status) || status === "pending");
  return isEnd && !isTold ? [{ kind: "status", at: updatedAt, status, code }] : [];
}

/** How often a file was downloaded stands where it was last. */
function filesEntries({ placeholder: file, downloads, lastDownloadedAt, blockedAt }: SentDocument): TimelineEntry[] {
  return [
    ...(lastDownloadedAt ? [{ kind: "file-downloaded", at: lastDownloadedAt, file, downloads } as const] : []),
    ...(blockedAt ? [{ kind: "file-blocked", at: blockedAt, file } as const] : []),
  ];
}

function entryOf({ kind, at, provider, code, reason }: NotificationEvent): TimelineEntry {
  switch (kind) {
    case "attempt-refused":
      return { kind: "attempt-failed", at, provider, code, reason, isFinal: true };
    case "attempt-unavailable":
      return { kind: "attempt-failed", at, provider, code, reason, isFinal: false };
    case "receipt":
      return { kind: "receipt", at, provider, code, reason, isLate: false };
    case "late-receipt":
      return { kind: "receipt", at, provider, code, reason, isLate: true };
    case "gave-up":
      return { kind: "gave-up", at, reason };
    case "held":
      return { kind: "held", at, until: new Date(reason ?? at) };
    case "suppressed":
      return { kind: "suppressed", at };
    case "held-for-release":
      return { kind, at, code, reason };
    case "released":
    case "release-rejected":
    case "release-expired":
    case "cancelled":
      return { kind, at };
    case "seen":
      return { kind: "seen", at, provider };
  }
}

/** Retention counts days of the deployment's home: what was made on a day goes when so many days have passed after it. */
function keptUntil({ createdAt, channel }: Notification, service: Service): Date {
  const days = service.retentionDays[channel];
  return midnightDaysAgo(new Date(createdAt.getTime() + (days + 1) * DAY_MS), 0, HOME_TIME_ZONE);
}
