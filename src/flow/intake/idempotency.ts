/**
 * The same Idempotency-Key and the same body get the same answer for 24 hours, on every process; the same key and another body are
 * refused. A twin that comes while the first is being accepted waits for it. Refusals are not remembered: the next try is a new one.
 */
import type { Content } from "../../core/channels/channel.ts";
import { Refusal } from "../../core/refusal.ts";
import { findRememberedSend, type RememberedSend } from "../../records/idempotency/idempotency-store.ts";
import { findLetter } from "../../records/letters/letter-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { findNotification } from "../../records/notifications/notification-store.ts";
import type { KeyKind, Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { openContent, wordsOf } from "../personal-content.ts";
import type { AnyAccepted } from "./send-request.ts";
import { shownSenderOf } from "./sender.ts";

const OTHER_BODY = "This Idempotency-Key has been used with a different request";
const KEY_IN_USE = "This Idempotency-Key is in use by another request; try again";
const RETRY_AFTER_SECONDS = 1;

export interface IdempotentRequest {
  service: Service;
  keyKind: KeyKind;
  keyHash: Buffer;
  bodyHash: Buffer;
}

interface UnderWay {
  bodyHash: Buffer;
  answer: Promise<unknown>;
}

/** Of each app its own: what another process has under way is settled by the database. */
const underWayIn = new WeakMap<App, Map<string, UnderWay>>();

/** Thrown by intake when a twin on another process was committed first. */
export function twinWentFirst(): Refusal {
  return new Refusal("conflict", KEY_IN_USE, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** How a request is answered: for the first time, and again from what it made. */
export interface Answering<Answer> {
  makeNew(): Promise<Answer>;
  /** Undefined where what was made is gone. */
  again(send: RememberedSend): Promise<Answer | undefined>;
}

/** The answer to a send: that remembered for this request, or that of a twin under way, or a new one. */
export function answerOnce(
  app: App,
  request: IdempotentRequest,
  makeNew: () => Promise<AnyAccepted>,
): Promise<AnyAccepted> {
  return onlyOnce(app, request, { makeNew, again: (send) => answerFor(app, request.service, send) });
}

/** The same for whatever is remembered as a notification that it made. */
export async function onlyOnce<Answer>(
  app: App,
  request: IdempotentRequest,
  answering: Answering<Answer>,
): Promise<Answer> {
  const scope = `${request.service.id} ${request.keyKind} ${request.keyHash.toString("base64")}`;
  const underWay = sendsUnderWay(app);
  const twin = underWay.get(scope);
  if (twin) {
    refuseOtherBody(twin, request);
    // What is asked for is part of the hash, so a twin asked for the same.
    return (await twin.answer.catch(() => onlyOnce(app, request, answering))) as Answer;
  }
  const answer = answerRememberedOrNew(app, request, answering);
  underWay.set(scope, { bodyHash: request.bodyHash, answer });
  return await answer.finally(() => underWay.delete(scope));
}

function sendsUnderWay(app: App): Map<string, UnderWay> {
  const known = underWayIn.get(app) ?? new Map<string, UnderWay>();
  underWayIn.set(app, known);
  return known;
}

async function answerRememberedOrNew<Answer>(
  app: App,
  request: IdempotentRequest,
  answering: Answering<Answer>,
): Promise<Answer> {
  const remembered = await answerRemembered(app, request, answering);
  if (remembered !== undefined) return remembered;
  try {
    return await answering.makeNew();
  } catch (error) {
    if (!(error instanceof Refusal && error.message === KEY_IN_USE)) throw error;
    const made = await answerRemembered(app, request, answering);
    if (!made) throw error;
    return made;
  }
}

async function answerRemembered<Answer>(
  app: App,
  request: IdempotentRequest,
  { again }: Answering<Answer>,
): Promise<Answer | undefined> {
  const { service, keyKind, keyHash } = request;
  const send = await findRememberedSend(app.db, { serviceId: service.id, keyKind, keyHash });
  if (!send) return undefined;
  refuseOtherBody(send, request);
  return await again(send);
}

function refuseOtherBody(first: { bodyHash: Buffer }, request: IdempotentRequest): void {
  if (!first.bodyHash.equals(request.bodyHash)) throw new Refusal("conflict", OTHER_BODY);
}

/** The answer as it was first given, made anew from the notification. */
async function answerFor(app: App, service: Service, send: RememberedSend): Promise<AnyAccepted | undefined> {
  const notification = await findNotification(app.db, service.id, send.notificationId);
  const template =
    notification && (await app.templates.findVersion(notification.templateId, notification.templateVersion));
  if (!notification || !template) return undefined;
  const content = openContent(service, notification);
  const words = wordsOf(template, service, content);
  if (notification.channel === "letter") return answerForLetter(app, notification, words);
  return {
    id: notification.id,
    channel: notification.channel,
    reference: notification.reference,
    ...words,
    from: shownSenderOf(app, service, notification),
    oneClickUnsubscribeUrl: content.oneClickUnsubscribeUrl,
    sanitisedContent: content.sanitisedContent ?? {},
    templateId: notification.templateId,
    templateVersion: notification.templateVersion,
    serviceId: service.id,
    scheduledFor: notification.scheduledFor,
    contentHash: content.contentHash,
  };
}

async function answerForLetter(
  { db }: Pick<App, "db">,
  { id, reference, serviceId, templateId, templateVersion }: Notification,
  { subject, body }: Content,
): Promise<AnyAccepted | undefined> {
  const letter = await findLetter(db, id);
  if (letter?.isPrecompiled)
    return { channel: "supplied-letter", id, reference: reference ?? "", postage: letter.postage };
  return letter && { channel: "letter", id, reference, subject, body, templateId, templateVersion, serviceId };
}
