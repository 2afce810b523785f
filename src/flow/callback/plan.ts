/** Which callbacks something calls for. The jobs are for the transaction of what they tell about. */
import { SEEN } from "../../core/delivery/omnimessage-states.ts";
import { newId } from "../../platform/ids.ts";
import { LANES, type Lane, type NewJob } from "../../platform/queue.ts";
import type { ReportedNotification } from "../../records/notifications/notification.ts";
import type { Reach } from "../../records/reaches/reach.ts";
import { type Callback, type CallbackKind, callbacksFor, type Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { openContent } from "../personal-content.ts";
import type {
  CallbackJob,
  ComplaintJob,
  DeliveryReceiptJob,
  ReachResultJob,
  ReceivedTextJob,
  ReturnedLetterJob,
} from "./callback-job.ts";

type Services = Pick<App, "services">;

/** Tells services what became of texts and emails. `pending` is not told: it says only that the network is still trying. */
export async function deliveryReceiptJobs(app: Services, moved: readonly ReportedNotification[]): Promise<NewJob[]> {
  const told = moved.filter(({ channel, status }) => channel !== "letter" && status !== "pending");
  const services = await servicesOf(app, told);
  return told.flatMap((notification) => {
    const service = services.get(notification.serviceId);
    return service ? deliveryReceiptJob(service, notification) : [];
  });
}

/** Tells of omnimessages that they were seen. What came in another form has no word for it, and is not told. */
export async function seenJobs(
  app: Services,
  { notifications, at }: { notifications: readonly ReportedNotification[]; at: Date },
): Promise<NewJob[]> {
  const services = await servicesOf(app, notifications);
  return notifications.flatMap((notification) => {
    const service = services.get(notification.serviceId);
    if (!service || openContent(service, notification).callbackForm !== "omnimessage") return [];
    const [callback] = callbacksFor(service, "delivery-receipt");
    return [receiptJob({ ...notification, status: SEEN, updatedAt: at }, callback)];
  });
}

export interface KeptComplaint {
  id: string;
  notificationId: string;
  serviceId: string;
  complainedAt: Date;
}

/** Tells services that recipients have marked their emails as spam. */
export async function complaintJobs(app: Services, complaints: readonly KeptComplaint[]): Promise<NewJob[]> {
  const services = await servicesOf(app, complaints);
  return complaints.flatMap(({ id, notificationId, serviceId, complainedAt }) =>
    callbacksOf(services, serviceId, "complaint").map((callback) => {
      const told = {
        kind: "complaint",
        serviceId,
        subjectId: notificationId,
        callbackId: callback.id,
        made: 0,
      } as const;
      return newJob<ComplaintJob>({ ...told, complaintId: id, complainedAt: complainedAt.toISOString() }, LANES.normal);
    }),
  );
}

/** Tells services whose letters have come back. */
export async function returnedLetterJobs(
  app: Services,
  letters: readonly { id: string; serviceId: string }[],
): Promise<NewJob[]> {
  const services = await servicesOf(app, letters);
  return letters.flatMap(({ id, serviceId }) =>
    callbacksOf(services, serviceId, "returned-letter").map((callback) => {
      const told = { kind: "returned-letter", serviceId, subjectId: id, callbackId: callback.id, made: 0 } as const;
      return newJob<ReturnedLetterJob>(told, LANES.normal);
    }),
  );
}

/** Tells services what the public wrote to them. */
export async function receivedTextJobs(
  app: Services,
  texts: readonly { id: string; serviceId: string }[],
): Promise<NewJob[]> {
  const services = await servicesOf(app, texts);
  return texts.flatMap(({ id, serviceId }) =>
    callbacksOf(services, serviceId, "received-text").map((callback) => {
      const told = { kind: "received-text", serviceId, subjectId: id, callbackId: callback.id, made: 0 } as const;
      return newJob<ReceivedTextJob>(told, LANES.normal);
    }),
  );
}

/** Tells services how their reaches have ended. An address of the reach's own is told instead, with the signature of the first. */
export async function reachResultJobs(app: Services, reaches: readonly Reach[]): Promise<NewJob[]> {
  const services = await servicesOf(app, reaches);
  return reaches.flatMap(({ id, serviceId, sealedCallbackUrl }) => {
    const callbacks = callbacksOf(services, serviceId, "reach");
    const told = sealedCallbackUrl === undefined ? callbacks : [callbacks[0]];
    return told.map((callback) => {
      const of = { kind: "reach", serviceId, subjectId: id, made: 0 } as const;
      return newJob<ReachResultJob>(callback ? { ...of, callbackId: callback.id } : of, LANES.normal);
    });
  });
}

/** An address of the notification's own is told instead, once, with the signature of the first who would have been. */
function deliveryReceiptJob(service: Service, notification: ReportedNotification): NewJob[] {
  const callbacks = callbacksFor(service, "delivery-receipt");
  const [only] = callbacks;
  if (only && callbacks.length === 1) return [receiptJob(notification, only)];
  if (openContent(service, notification).callbackUrl !== undefined) return [receiptJob(notification, only)];
  return callbacks.map((callback) => receiptJob(notification, callback));
}

function receiptJob(notification: ReportedNotification, callback: Callback | undefined): NewJob {
  const payload: DeliveryReceiptJob = {
    kind: "delivery-receipt",
    serviceId: notification.serviceId,
    subjectId: notification.id,
    ...(callback ? { callbackId: callback.id } : {}),
    made: 0,
    status: notification.status,
    completedAt: notification.updatedAt?.toISOString(),
    sentAt: notification.sentAt?.toISOString(),
  };
  return newJob(payload, notification.lane);
}

/** Each service once: a batch of receipts is mostly of a few services. */
async function servicesOf(
  { services }: Services,
  told: readonly { serviceId: string }[],
): Promise<Map<string, Service | undefined>> {
  const ids = [...new Set(told.map(({ serviceId }) => serviceId))];
  return new Map(await Promise.all(ids.map(async (id) => [id, await services.find(id)] as const)));
}

function callbacksOf(
  services: ReadonlyMap<string, Service | undefined>,
  serviceId: string,
  kind: CallbackKind,
): readonly Callback[] {
  const service = services.get(serviceId);
  return service ? callbacksFor(service, kind) : [];
}

function newJob<Payload extends CallbackJob>(payload: Payload, lane: Lane): NewJob {
  return { id: newId(), lane, group: payload.serviceId, payload };
}
