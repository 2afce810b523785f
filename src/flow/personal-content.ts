/** The personal part of a notification, opened with its service's key. */
import { open } from "../platform/sealing.ts";
import type { Notification, PersonalContent } from "../records/notifications/notification.ts";
import type { Service } from "../records/services/service.ts";
import { sealedAt } from "../records/services/service-store.ts";

/** What is left when retention has scrubbed a notification. */
const SCRUBBED: PersonalContent = { submittedRecipient: "", recipient: "", personalisation: {} };

export function openContent(
  service: Pick<Service, "dataKey">,
  notification: Pick<Notification, "id" | "sealedContent">,
): PersonalContent {
  if (!notification.sealedContent) return SCRUBBED;
  const opened = open(
    { key: service.dataKey, belongsTo: sealedAt.notification(notification.id) },
    notification.sealedContent,
  );
  return JSON.parse(opened.toString()) as PersonalContent;
}
