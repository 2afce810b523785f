/** GET /v2/notifications/{id} and what lies below it. */
import { cancelScheduled } from "../../../flow/intake/cancel-scheduled.ts";
import { readLetterPdf } from "../../../flow/letters/read-letter-pdf.ts";
import type { Notification } from "../../../records/notifications/notification.ts";
import { findNotification } from "../../../records/notifications/notification-store.ts";
import { type Answer, jsonWithMoney } from "../http/answer.ts";
import { type Call, pathId } from "../http/call.ts";
import { notFound } from "../http/errors.ts";
import { showNotification } from "./show-notification.ts";

export async function getNotification(call: Call): Promise<Answer> {
  return jsonWithMoney(200, await showNotification(call, await getShownNotification(call)));
}

/** GET /v2/notifications/{id}/pdf: letters have one, once it has been made or has been looked through. */
export async function getPdf(call: Call): Promise<Answer> {
  const pdf = await readLetterPdf(call.api.intake, call.service, await getShownNotification(call));
  return { status: 200, contentType: "application/pdf", body: pdf };
}

/** POST /v2/notifications/{id}/cancellation: a notification that is scheduled is not sent after all. */
export async function cancelNotification(call: Call): Promise<Answer> {
  const notification = await getShownNotification(call);
  const cancelled = await cancelScheduled(call.api.intake, notification);
  return jsonWithMoney(201, await showNotification(call, cancelled));
}

/** One that is past its service's retention is as good as gone. */
export async function getShownNotification(call: Call): Promise<Notification> {
  const id = pathId(call, "notification_id");
  const notification = await findNotification(call.api.intake.db, call.service.id, id);
  if (!notification?.sealedContent) throw notFound();
  return notification;
}
