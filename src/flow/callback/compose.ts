/** Callbacks made ready to be posted: where to, what, and with which token. */
import { writeJson } from "../../core/json/write-json.ts";
import { impossible } from "../../core/refusal.ts";
import type { Job } from "../../platform/queue.ts";
import { signWebhook } from "../../platform/webhook-signature.ts";
import type { Callbacks } from "../../records/callbacks/callback-cache.ts";
import {
  getInboundMessages,
  openInboundMessage,
  type SealedInboundMessage,
} from "../../records/inbound-messages/inbound-message-store.ts";
import type { ReportedNotification } from "../../records/notifications/notification.ts";
import { getNotifications, getReported } from "../../records/notifications/notification-store.ts";
import { type Callback, type CallbackKind, callbacksFor, type Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { openContent } from "../personal-content.ts";
import { reachAnswer } from "../reach/present-reach.ts";
import { openCallbackUrl } from "../reach/reach-wish.ts";
import { type ReachDetails, readReaches } from "../reach/read-reach.ts";
import type {
  CallbackJob,
  ComplaintJob,
  DeliveryReceiptJob,
  ReceivedTextJob,
  ReturnedLetterJob,
} from "./callback-job.ts";
import {
  presentComplaint,
  presentDeliveryReceipt,
  presentOmnimessageReport,
  presentReceivedText,
  presentReturnedLetter,
} from "./present.ts";

export interface ComposedCallback {
  url: string;
  body: string;
  /** Whose token and secret go with it; undefined when the service has set up none. */
  credentials: Pick<Callback, "bearerToken" | "signingSecret"> | undefined;
  /** Whether the URL is the one the token was made for. */
  sendsToken: boolean;
  /** It is the notification's own, and says nothing of how the service's endpoint does. */
  isOwnUrl: boolean;
}

/** What a batch of jobs tells about, read together. */
export interface Subjects {
  notifications: ReadonlyMap<string, ReportedNotification>;
  texts: ReadonlyMap<string, SealedInboundMessage>;
  reaches: ReadonlyMap<string, ReachDetails>;
}

export async function readSubjects(app: Pick<App, "db">, jobs: readonly Job<CallbackJob>[]): Promise<Subjects> {
  const idsOf = (isWanted: (kind: CallbackKind) => boolean) => [
    ...new Set(jobs.filter(({ payload }) => isWanted(payload.kind)).map(({ payload }) => payload.subjectId)),
  ];
  const textIds = idsOf((kind) => kind === "received-text");
  const notificationIds = idsOf((kind) => kind !== "received-text" && kind !== "reach");
  const [notifications, texts, reaches] = await Promise.all([
    notificationIds.length > 0 ? getReported(app.db, notificationIds) : [],
    textIds.length > 0 ? getInboundMessages(app.db, textIds) : [],
    readReaches(
      app.db,
      idsOf((kind) => kind === "reach"),
    ),
  ]);
  return subjectsOf({ notifications, texts, reaches });
}

/** Subjects that have been read already. */
export function subjectsOf(read: {
  notifications: readonly ReportedNotification[];
  texts?: readonly SealedInboundMessage[];
  reaches?: readonly ReachDetails[];
}): Subjects {
  return {
    notifications: byId(read.notifications),
    texts: byId(read.texts ?? []),
    reaches: new Map((read.reaches ?? []).map((details) => [details.reach.id, details])),
  };
}

/** Undefined when there is nothing to tell any more: the subject is past its retention, or nobody wants to hear of it. */
export async function composeCallback(
  { app, callbacks }: { app: Pick<App, "db" | "services" | "templates">; callbacks: Callbacks },
  job: CallbackJob,
  subjects: Subjects,
): Promise<ComposedCallback | undefined> {
  const service = await app.services.find(job.serviceId);
  if (!service) return undefined;
  const callback = job.callbackId === undefined ? undefined : await callbacks.find(service, job.callbackId);
  if (job.kind === "received-text") return composeReceivedText({ service, job, callback, subjects });
  if (job.kind === "reach") return composeReachResult(service, subjects.reaches.get(job.subjectId), callback);
  const notification = subjects.notifications.get(job.subjectId);
  if (job.kind === "returned-letter") return callback && composeReturnedLetter(app, job, callback);
  return notification && composeAboutNotification({ job, service, notification, callback });
}

/** Headers of one attempt: a bearer token as Notify's API sends it, and a signature by Standard Webhooks. */
export function headersOf(
  { credentials, sendsToken, body }: ComposedCallback,
  attempt: { id: string; at: Date },
): Record<string, string> {
  return {
    "content-type": "application/json",
    "user-agent": "Pennypost",
    ...(credentials && sendsToken ? { authorization: `Bearer ${credentials.bearerToken}` } : {}),
    ...(credentials ? signWebhook([credentials.signingSecret], { ...attempt, body }) : {}),
  };
}

interface AboutNotification {
  job: DeliveryReceiptJob | ComplaintJob;
  service: Service;
  notification: ReportedNotification;
  callback: Callback | undefined;
}

function composeAboutNotification({
  job,
  service,
  notification,
  callback,
}: AboutNotification): ComposedCallback | undefined {
  const { submittedRecipient, recipient, callbackUrl, callbackForm, omnimessage } = openContent(service, notification);
  switch (job.kind) {
    case "delivery-receipt": {
      const url = callbackUrl ?? callback?.url;
      const body =
        callbackForm === "omnimessage"
          ? presentOmnimessageReport(job, notification, { to: recipient, names: omnimessage })
          : presentDeliveryReceipt(job, notification, submittedRecipient);
      return url === undefined
        ? undefined
        : { url, body, isOwnUrl: callbackUrl !== undefined, ...credentialsFor(url, callback) };
    }
    case "complaint":
      return callback && toCallback(callback, presentComplaint(job, notification, submittedRecipient));
    default:
      return impossible(job);
  }
}

async function composeReturnedLetter(
  { db, templates }: Pick<App, "db" | "templates">,
  job: ReturnedLetterJob,
  callback: Callback,
): Promise<ComposedCallback | undefined> {
  const [notification] = await getNotifications(db, [job.subjectId]);
  if (!notification) return undefined;
  const template = await templates.findVersion(notification.templateId, notification.templateVersion);
  return toCallback(
    callback,
    presentReturnedLetter({ notification, template: template?.isHidden ? undefined : template }),
  );
}

function composeReachResult(
  service: Service,
  details: ReachDetails | undefined,
  callback: Callback | undefined,
): ComposedCallback | undefined {
  const ownUrl = details && openCallbackUrl(service, details.reach);
  const url = ownUrl ?? callback?.url;
  if (!details || url === undefined) return undefined;
  const body = writeJson(reachAnswer(details));
  return { url, body, isOwnUrl: ownUrl !== undefined, ...credentialsFor(url, callback) };
}

/** To the endpoint as it is now. Jobs that the version before left in the queue name none: then there was one. */
function composeReceivedText({ service, job, callback, subjects }: AboutText): ComposedCallback | undefined {
  const text = subjects.texts.get(job.subjectId);
  const current = callback
    ? service.callbacks.find(({ endpointId }) => endpointId === callback.endpointId)
    : callbacksFor(service, "received-text")[0];
  return text && current && toCallback(current, presentReceivedText(openInboundMessage(service, text)));
}

interface AboutText {
  service: Service;
  job: ReceivedTextJob;
  callback: Callback | undefined;
  subjects: Subjects;
}

function toCallback(callback: Callback, body: string): ComposedCallback {
  return { url: callback.url, body, credentials: callback, sendsToken: true, isOwnUrl: false };
}

/** Whoever may send with the service may name any address: the service's token goes only where it was meant to go. */
function credentialsFor(
  url: string,
  callback: Callback | undefined,
): Pick<ComposedCallback, "credentials" | "sendsToken"> {
  const isIntended = callback !== undefined && (url === callback.url || originOf(url) === originOf(callback.url));
  return { credentials: callback, sendsToken: isIntended };
}

/** Of a URL that may not be one: then it is like no other. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
