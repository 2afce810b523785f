/** What carriers have just reported, for the counts: once that is durable. */
import type { ReportedNotification } from "../../records/notifications/notification.ts";
import type { QualityBook } from "./quality-book.ts";

/** These were counted as sent to an unknown network. */
export function noteLearned({ quality }: { quality: QualityBook }, learned: readonly ReportedNotification[]): void {
  for (const notification of learned) if (notification.sentAt) quality.noteNetwork(notification, notification.sentAt);
}

/** What has just been moved to an end. */
export function noteEnded({ quality }: { quality: QualityBook }, moved: readonly ReportedNotification[]): void {
  for (const notification of moved) {
    const { status, sentAt, updatedAt } = notification;
    if (updatedAt) quality.noteEnded(notification, { status, sentAt, at: updatedAt });
  }
}
