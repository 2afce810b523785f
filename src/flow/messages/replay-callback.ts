/** Tells a service once more what it was told, or should have been: made anew from what is kept, and queued as any other callback. */
import { COMPLETED_STATUSES, type Status } from "../../core/delivery/statuses.ts";
import { impossible, Refusal } from "../../core/refusal.ts";
import { enqueue, type NewJob } from "../../platform/queue.ts";
import { findCallbackAttempt } from "../../records/callbacks/callback-log-store.ts";
import { findReceivedText } from "../../records/inbound-messages/conversation-store.ts";
import { findComplaintAbout } from "../../records/notifications/complaint-search-store.ts";
import type { CallbackKind } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { complaintJobs, deliveryReceiptJobs, receivedTextJobs, returnedLetterJobs } from "../callback/plan.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import { getMessage } from "./read-message.ts";

type Replayer = Pick<App, "db" | "services" | "wakeCallbacks">;

export interface Told {
  serviceId: string;
  kind: CallbackKind;
  /** The notification or received text it tells about. */
  subjectId: string;
}

/** Replays one line of the log. */
export async function replayAttempt(
  app: Replayer,
  actor: Actor,
  { serviceId, attemptId }: { serviceId: string; attemptId: string },
): Promise<void> {
  const attempt = await findCallbackAttempt(app.db, serviceId, attemptId);
  if (!attempt) throw new Refusal("not-found", "There is no such callback in the log");
  await replayCallback(app, actor, { serviceId, kind: attempt.kind, subjectId: attempt.subjectId });
}

/** Refuses when there is nothing to tell: no callback is set up, or what it would tell about is gone or unfinished. */
export async function replayCallback(app: Replayer, actor: Actor, told: Told): Promise<void> {
  const jobs = await jobsFor(app, told);
  if (jobs.length === 0) throw new Refusal("bad-request", "Set up a callback before you send this again");
  const { serviceId, kind, subjectId } = told;
  await app.db.transaction(async (tx) => {
    await enqueue(tx, CALLBACK_QUEUE, { entries: jobs });
    await recordDeed(tx, actor, { serviceId, action: "callback.replayed", subject: kind, after: { subjectId } });
  });
  app.wakeCallbacks();
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
    default:
      return impossible(kind);
  }
}
