/** A recipient marked an email of ours as spam: kept, and its service told. The notification's status stays as it is. */
import { newId } from "../../platform/ids.ts";
import { enqueue } from "../../platform/queue.ts";
import type { Complaint } from "../../providers/provider.ts";
import { insertComplaint } from "../../records/notifications/complaint-store.ts";
import { getReported } from "../../records/notifications/notification-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { complaintJobs } from "../callback/plan.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import { openContent } from "../personal-content.ts";
import { suppressObjector } from "../suppressions/suppress-objector.ts";

/** Resolves when it is durable. A second complaint about the same email, or one about an email we no longer have, changes nothing. */
export async function takeComplaint(app: App, complaint: Complaint): Promise<void> {
  const [notification] = await getReported(app.db, [complaint.reference]);
  if (!notification) return;
  const { id: notificationId, serviceId } = notification;
  const kept = { id: newId(), notificationId, serviceId, complainedAt: complaint.at ?? app.clock.now() };
  await app.db.transaction(async (tx) => {
    if (!(await insertComplaint(tx, kept))) return;
    await enqueue(tx, CALLBACK_QUEUE, { entries: await complaintJobs(app, [kept]) });
    const objected = {
      serviceId,
      recipient: (service: Service) => openContent(service, notification).submittedRecipient,
    };
    await suppressObjector(app, tx, { ...objected, reason: "complaint", notificationId });
  });
  app.services.forget(serviceId);
  app.wakeCallbacks();
}
