/** Tells a service once more what it was told, or should have been: made anew from what is kept, and queued as any other callback. */
import { COMPLETED_STATUSES, type Status } from "../../core/delivery/statuses.ts";
import { impossible, Refusal } from "../../core/refusal.ts";
import { enqueue, type NewJob } from "../../platform/queue.ts";
import { createCallbacks } from "../../records/callbacks/callback-cache.ts";
import { findCallbackAttempt } from "../../records/callbacks/callback-log-store.ts";
import { findReceivedText } from "../../records/inbound-messages/conversation-store.ts";
import { findComplaintAbout } from "../../records/notifications/complaint-search-store.ts";
import { findReach } from "../../records/reaches/reach-store.ts";
import type { CallbackKind, Service } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import type { CallbackJob } from "../callback/callback-job.ts";
import {
  complaintJobs,
  deliveryReceiptJobs,
  reachResultJobs,
  receivedTextJobs,
  returnedLetterJobs,
} from "../callback/plan.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import { getMessage } from "./read-message.ts";

type Replayer = Pick<App, "db" | "services" | "wakeCallbacks">;

export interface Told {
  serviceId: string;
  kind: CallbackKind;
  /** The notification, received text or reach it tells about. */
  subjectId: string;
  /** The callback it goes to; undefined for all who want to be told. */
  onlyTo?: string;
}

/** Replays one line of the log, to the endpoint that was told, as it is now. */
export async function replayAttempt(
  app: Replayer,
  actor: Actor,
  { service, attemptId }: { service: Service; attemptId: string },
): Promise<void> {
  const attempt = await findCallbackAttempt(app.db, service.id, attemptId);
  if (!attempt) throw new Refusal("not-found", "There is no such callback in the log");
  const { kind, subjectId } = attempt;
  const told = { serviceId: service.id, kind, subjectId };
  if (attempt.callbackId === undefined) return replayCallback(app, actor, told);
  await replayCallback(app, actor, { ...told, onlyTo: await endpointNow(app, service, attempt.callbackId) });
}

/** The id of the state it is in. */
async function endpointNow({ db, services }: Replayer, service: Service, callbackId: string): Promise<string> {
  const before = await createCallbacks(db, services).find(service, callbackId);
  const now = service.callbacks.find(({ endpointId }) => endpointId === before?.endpointId);
  if (!now) throw new Refusal("bad-request", "The endpoint that was told has been removed");
  if (now.pausedAt) throw new Refusal("bad-request", "Resume the endpoint before you send this again");
  return now.id;
}

/** Refuses when there is nothing to tell: no callback is set up, or what it would tell about is gone or unfinished. */
export async function replayCallback(app: Replayer, actor: Actor, told: Told): Promise<void> {
  const { onlyTo } = told;
  const all = await jobsFor(app, told);
  const jobs = onlyTo === undefined ? all : all.filter(({ payload }) => callbackIdOf(payload) === onlyTo);
  if (jobs.length === 0) throw new Refusal("bad-request", "Set up a callback before you send this again");
  const { serviceId, kind, subjectId } = told;
  await app.db.transaction(async (tx) => {
    await enqueue(tx, CALLBACK_QUEUE, { entries: jobs });
    await recordDeed(tx, actor, { serviceId, action: "callback.replayed", subject: kind, after: { subjectId } });
  });
  app.wakeCallbacks();
}

function callbackIdOf(payload: unknown): string | undefined {
  return (payload as CallbackJob).callbackId;
}

async function jobsFor(app: Replayer, { serviceId, kind, subjectId }: Told): Promise<NewJob[]> {
  switch (kind) {
    case "delivery-receipt": {
      const notification = await getMessage(app, serviceId, subjectId);
      if (!COMPLETED_STATUSES.includes(notification.status as Status))
        throw new Refusal("bad-request", "There is nothing to tell yet: the message is still on its way");
      return deliveryReceiptJobs(app, [notification]);
    }
    case "received-text": {
      const text = await findReceivedText(app.db, serviceId, subjectId);
      if (!text) throw new Refusal("not-found", "The received text has been deleted");
      return receivedTextJobs(app, [text]);
    }
    case "complaint": {
      const complaint = await findComplaintAbout(app.db, subjectId);
      if (complaint?.serviceId !== serviceId) throw new Refusal("not-found", "There is no such complaint");
      return complaintJobs(app, [complaint]);
    }
    case "returned-letter": {
      const letter = await getMessage(app, serviceId, subjectId);
      if (letter.status !== "returned-letter") throw new Refusal("bad-request", "This letter has not come back");
      return returnedLetterJobs(app, [letter]);
    }
    case "reach": {
      const reach = await findReach(app.db, { serviceId, id: subjectId });
      if (!reach) throw new Refusal("not-found", "There is no such reach, or it has been deleted");
      if (reach.status === "working")
        throw new Refusal("bad-request", "There is nothing to tell yet: it has not ended");
      return reachResultJobs(app, [reach]);
    }
    default:
      return impossible(kind);
  }
}
