/** What a callback says, in the form of Notify's API. Moments are UTC with six decimals. */
import { chatAppName } from "../../core/chat/chat-app.ts";
import { requestedApp } from "../../core/chat/chat-recipient.ts";
import { omnimessageState, type SEEN } from "../../core/delivery/omnimessage-states.ts";
import type { Status } from "../../core/delivery/statuses.ts";
import type { InboundMessage } from "../../records/inbound-messages/inbound-message.ts";
import type { Notification, PersonalContent, ReportedNotification } from "../../records/notifications/notification.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { ComplaintJob, DeliveryReceiptJob } from "./callback-job.ts";

/** Status and times are those of when it was queued; the rest of a notification never changes. */
export function presentDeliveryReceipt(
  job: DeliveryReceiptJob,
  notification: ReportedNotification,
  to: string,
): string {
  return JSON.stringify({
    id: notification.id,
    reference: notification.reference ?? null,
    to,
    status: job.status,
    created_at: moment(notification.createdAt.toISOString()),
    completed_at: momentOrNull(job.completedAt),
    sent_at: momentOrNull(job.sentAt),
    notification_type: notification.channel,
    template_id: notification.templateId,
    template_version: notification.templateVersion,
    // Not of Notify, and only of chat messages.
    ...(notification.channel === "chat" ? { app: requestedApp(notification.sender) } : {}),
  });
}

/** In the form of Messente's Omnichannel API, for what came in that form. */
export function presentOmnimessageReport(
  job: DeliveryReceiptJob,
  { channel, sender }: Pick<ReportedNotification, "channel" | "sender">,
  { to, names }: { to: string; names: PersonalContent["omnimessage"] },
): string {
  const isChat = channel === "chat";
  return JSON.stringify({
    ...omnimessageState(job.status as Status | typeof SEEN),
    omnimessage_id: names?.id ?? job.subjectId,
    message_id: names?.messageId ?? job.subjectId,
    channel: isChat ? requestedApp(sender) : "sms",
    to: `+${to}`,
    ...(sender === undefined ? {} : { sender: isChat ? chatAppName(sender) : sender }),
    timestamp: job.completedAt ?? job.sentAt ?? null,
  });
}

export function presentReceivedText(text: InboundMessage): string {
  return JSON.stringify({
    id: text.id,
    source_number: text.userNumber,
    destination_number: text.notifyNumber,
    message: text.content,
    date_received: moment(text.sentAt.toISOString()),
    // Not of Notify, and only where a number is shared: whoever has one of their own sees what Notify sends.
    ...(text.keyword === undefined ? {} : { keyword: text.keyword }),
    ...(text.app === undefined ? {} : { app: requestedApp(text.app) }),
  });
}

export function presentComplaint(job: ComplaintJob, notification: ReportedNotification, to: string): string {
  return JSON.stringify({
    notification_id: notification.id,
    complaint_id: job.complaintId,
    reference: notification.reference ?? null,
    to,
    complaint_date: moment(job.complainedAt),
  });
}

export interface ReturnedLetter {
  notification: Pick<Notification, "id" | "apiKeyId" | "reference" | "createdAt" | "createdByName">;
  /** Undefined for a letter that came as a PDF. */
  template: Pick<TemplateVersion, "templateId" | "version" | "name"> | undefined;
}

/** The fields of a spreadsheet stay empty: letters are sent one by one. */
export function presentReturnedLetter({ notification, template }: ReturnedLetter): string {
  const isFromApi = notification.apiKeyId !== undefined;
  return JSON.stringify({
    notification_id: notification.id,
    reference: isFromApi ? (notification.reference ?? null) : null,
    date_sent: moment(notification.createdAt.toISOString()),
    sent_by: isFromApi ? "API" : (notification.createdByName ?? null),
    template_name: template?.name ?? null,
    template_id: template?.templateId ?? null,
    template_version: template?.version ?? null,
    spreadsheet_file_name: null,
    spreadsheet_row_number: null,
    upload_letter_file_name: null,
  });
}

function momentOrNull(iso: string | undefined): string | null {
  return iso === undefined ? null : moment(iso);
}

/** moment("2026-11-22T12:00:00.123Z") → "2026-11-22T12:00:00.123000Z" */
function moment(iso: string): string {
  return `${iso.slice(0, -1)}000Z`;
}
